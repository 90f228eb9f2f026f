#include "safety/text_judge.h"

#include <algorithm>
#include <optional>

#include "safety/decode.h"

namespace ourvidz::safety {

namespace {

// Words of one or two sentences.
constexpr std::size_t talk_reach = 16;

constexpr Cues sexual = explicit_content | undressed | suggestive;
constexpr Cues sexual_or_body = sexual | attire | body;

// `marks` are in the order of their places, so the nearest of the other kind before each one is enough.
bool near_each_other(const Marks& marks, Cues a, Cues b, std::size_t reach) {
    std::optional<std::size_t> last_a;
    std::optional<std::size_t> last_b;
    for (const auto& mark : marks) {
        if ((mark.cues & a) != 0) last_a = mark.first;
        if ((mark.cues & b) != 0) last_b = mark.first;
        if (last_a && last_b && std::max(*last_a, *last_b) - std::min(*last_a, *last_b) <= reach) return true;
    }
    return false;
}

Reason youth_reason(const Marks& marks, Cues all, Form form) {
    const bool minor = (all & (youth | youth_hint)) != 0;
    const bool unclear = (all & girl_boy) != 0 && (all & adult) == 0;
    if (!minor && !unclear) return Reason::none;
    if ((all & sexual) != 0) return minor ? Reason::minor_sexual : Reason::youth_unclear;
    const bool bed_bath = (all & (bed | bath)) != 0 &&
                          (form == Form::prompt ||
                           near_each_other(marks, youth | youth_hint | girl_boy, bed | bath, talk_reach));
    const bool in_context = (all & (attire | body)) != 0 || bed_bath;
    if (!in_context) return (all & youth) != 0 ? Reason::minor_present : Reason::none;
    if (!minor) return Reason::youth_unclear;
    if ((all & attire) != 0) return Reason::minor_attire;
    return (all & body) != 0 ? Reason::minor_body : Reason::minor_bed_bath;
}

Reason conduct_reason(Cues all) {
    if ((all & non_consensual) != 0) return Reason::non_consensual;
    if ((all & non_consensual_hint) != 0 && (all & sexual_or_body) != 0) return Reason::non_consensual;
    if ((all & undressing) != 0) return Reason::undressing;
    if ((all & de_aging) != 0) return Reason::de_aging;
    if ((all & real_person) != 0) return Reason::real_person;
    if ((all & (explicit_content | undressed)) != 0) return Reason::adult_content;
    return Reason::none;
}

// As fold(). Spends all of `work` on a text that grows beyond what people's texts do.
std::optional<std::string> fold_within(std::string_view text, Work& work) {
    work.spend(text.size());
    auto folded = fold(text);
    if (!folded) return folded;
    if (folded->size() > growth_max * text.size() + growth_of_any_text) throw WorkSpent{};
    work.spend(steps_of_folding * folded->size());
    return folded;
}

}  // namespace

Decision decision_of(Reason reason) {
    return verdict_for(reason).decision;
}

Reason graver(Reason a, Reason b) {
    return decision_of(b) > decision_of(a) ? b : a;
}

Reason reason_for(const Marks& marks, Form form) {
    Cues all = 0;
    for (const auto& mark : marks) all |= mark.cues;
    if ((all & minor_sexual) != 0) return Reason::minor_sexual;
    return graver(youth_reason(marks, all, form), conduct_reason(all));
}

Reason TextJudge::judge(std::string_view text, Form form) const {
    Work work(text.size());
    return judge(text, form, work);
}

Reason TextJudge::judge(std::string_view text, Form form, Work& work) const {
    try {
        return judge_views(text, form, work);
    } catch (const WorkSpent&) {
        return Reason::text_too_tangled;
    }
}

Reason TextJudge::judge_views(std::string_view text, Form form, Work& work) const {
    const auto folded = fold_within(text, work);
    if (!folded) return Reason::text_unreadable;
    Reason worst = judge_view(*folded, form, true, work);
    if ((stages_ & stage_decoded) != 0) {
        work.spend(text.size());
        if (const auto decoded = decode_once(text)) {
            const auto view = fold_within(*decoded, work);
            worst = graver(worst, view ? judge_view(*view, form, true, work) : Reason::text_unreadable);
        }
    }
    return worst;
}

// `again`: also judge the whole view reversed or shifted when a key word in it was.
Reason TextJudge::judge_view(std::string_view folded, Form form, bool again, Work& work) const {
    work.spend(folded.size());
    const auto tokens = tokenize(folded);
    const auto plain = vocabulary_.look_up(folded, tokens, work);
    Reason worst = reason_for(find_evidence(vocabulary_, plain, work), form);
    const auto unmasked = disguises_.unmask(folded, tokens, plain, work);
    const bool mixed = (stages_ & stage_mixed_script) != 0 &&
                       std::any_of(unmasked.items.begin(), unmasked.items.end(),
                                   [](const Item& item) { return item.mixed_script; });
    if (unmasked.changed || mixed) {
        const auto marks = find_evidence(vocabulary_, unmasked.items, work);
        if (unmasked.changed) worst = graver(worst, reason_for(marks, form));
        Cues all = 0;
        for (const auto& mark : marks) all |= mark.cues;
        if (mixed && (all & (sexual_or_body | bath)) != 0) worst = graver(worst, Reason::text_disguised);
    }
    if (again && unmasked.reversed)
        worst = graver(worst, judge_view(reversed_text(folded), form, false, work));
    if (again && unmasked.rot13) worst = graver(worst, judge_view(rot13(folded), form, false, work));
    return worst;
}

}  // namespace ourvidz::safety
