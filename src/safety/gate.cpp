#include "safety/gate.h"

#include <algorithm>
#include <exception>
#include <numeric>

#include "base/text.h"
#include "safety/known_answers.h"
#include "safety/reasons.h"
#include "safety/text_judge.h"

namespace ourvidz::safety {

namespace {

constexpr std::size_t picture_side_max = 8192;
constexpr std::size_t clip_samples_max = 512;

std::size_t bytes_of(const std::vector<std::string>& texts) {
    return std::accumulate(texts.begin(), texts.end(), std::size_t{0},
                           [](std::size_t sum, const std::string& text) { return sum + text.size(); });
}

// The newest turns whose bytes fit, joined; newlines keep words of different turns apart.
std::string window_of(const std::vector<std::string>& turns, std::size_t bytes_left) {
    std::size_t first = turns.size();
    while (first > 0 && turns.size() - first < window_turns_max &&
           turns[first - 1].size() + 1 <= bytes_left) {
        bytes_left -= turns[--first].size() + 1;
    }
    std::string window;
    for (std::size_t i = first; i < turns.size(); ++i) {
        window += turns[i];
        window += '\n';
    }
    return window;
}

bool readable(const Picture& picture) {
    if (picture.width <= 0 || picture.height <= 0) return false;
    const auto width = static_cast<std::size_t>(picture.width);
    const auto height = static_cast<std::size_t>(picture.height);
    return width <= picture_side_max && height <= picture_side_max &&
           picture.rgb.size() == width * height * 3;
}

Reason reason_for_picture(const Picture& picture, const Origin& origin) {
    if (!readable(picture)) return Reason::picture_unreadable;
    const bool people_free = origin.domain == PictureDomain::people_free && !origin.from_upload;
    return people_free ? Reason::none : Reason::detector_missing;
}

}  // namespace

class Gate::Rules {
  public:
    [[nodiscard]] Reason judge_text(std::string_view text, std::size_t bytes_max, Form form) const {
        if (text.size() > bytes_max) return Reason::text_too_long;
        const Reason reason = judge_.judge(text, form);
        // Engines end at U+0000, drop other control characters or read them as words of their own: what they
        // would get is not what was judged.
        if (character_fault(text, Characters::lines)) return graver(reason, Reason::text_unreadable);
        return reason;
    }

    [[nodiscard]] Reason judge(const TextToCheck& text) const {
        if (text.texts.size() > texts_max || text.conversation.size() > turns_max)
            return Reason::text_too_long;
        if (bytes_of(text.texts) + bytes_of(text.conversation) > request_bytes_max)
            return Reason::text_too_long;
        const Form form = text.conversation.empty() ? Form::prompt : Form::talk;
        Reason worst = Reason::none;
        std::string joined;
        for (const auto& one : text.texts) {
            worst = graver(worst, judge_text(one, text_bytes_max, form));
            joined += one;
            joined += '\n';
        }
        for (const auto& turn : text.conversation)
            worst = graver(worst, judge_text(turn, turn_bytes_max, form));
        if (decision_of(worst) >= Decision::refuse) return worst;
        if (text.texts.size() + text.conversation.size() > 1) {
            joined += window_of(text.conversation, window_bytes_max);
            worst = graver(worst, judge_.judge(joined, form));
        }
        return worst;
    }

    [[nodiscard]] Reason judge_answer(const std::string& answer,
                                      const std::vector<std::string>& conversation) const {
        const Reason alone = judge_text(answer, turn_bytes_max, Form::talk);
        if (decision_of(alone) >= Decision::hold || conversation.empty()) return alone;
        return graver(alone, judge_.judge(window_of(conversation, window_bytes_max) + answer, Form::talk));
    }

    [[nodiscard]] bool self_test() const { return known_answers_hold(judge_); }

  private:
    TextJudge judge_;
};

std::string_view to_string(Decision decision) {
    switch (decision) {
        case Decision::allow:
            return "allow";
        case Decision::standard_only:
            return "standard_only";
        case Decision::hold:
            return "hold";
        case Decision::refuse:
            return "refuse";
        case Decision::refuse_severe:
            return "refuse_severe";
    }
    return "hold";
}

std::optional<Decision> decision_from(std::string_view text) {
    for (const auto decision : {Decision::allow, Decision::standard_only, Decision::hold, Decision::refuse,
                                Decision::refuse_severe}) {
        if (to_string(decision) == text) return decision;
    }
    return std::nullopt;
}

std::optional<PictureDomain> picture_domain_from(std::string_view text) {
    if (text == "people_free") return PictureDomain::people_free;
    if (text == "drawn") return PictureDomain::drawn;
    if (text == "photographic") return PictureDomain::photographic;
    if (text == "mixed") return PictureDomain::mixed;
    return std::nullopt;
}

Gate::Gate(std::unique_ptr<Rules> rules) : rules_(std::move(rules)) {}
Gate::~Gate() = default;

Result<std::unique_ptr<Gate>> Gate::open() {
    try {
        auto rules = std::make_unique<Rules>();
        if (rules->self_test()) return std::unique_ptr<Gate>(new Gate(std::move(rules)));
        return Error{ErrorCode::unavailable, "The safety gate's self-test failed, so nothing may run.", {}};
    } catch (const std::exception& fault) {
        return Error{
            ErrorCode::unavailable, std::string("The safety gate could not be opened: ") + fault.what(), {}};
    }
}

Verdict Gate::judge(const TextToCheck& text) const {
    return verdict_for(held_if_it_throws([&] { return rules_->judge(text); }));
}

Verdict Gate::judge(const Picture& picture, const Origin& origin) const {
    return verdict_for(reason_for_picture(picture, origin));
}

Error Gate::error_of(const Verdict& verdict) {
    const bool held = verdict.decision == Decision::hold;
    return Error{held ? ErrorCode::held : ErrorCode::refused, verdict.sentence, {}};
}

Result<Released<Picture>> Gate::release(Picture picture, const Origin& origin) const {
    auto verdict = judge(picture, origin);
    if (verdict.decision != Decision::allow) return error_of(verdict);
    return Released<Picture>(std::move(picture), std::move(verdict));
}

Result<Released<Clip>> Gate::release(Clip clip, const Origin& origin) const {
    if (clip.samples.empty() || clip.samples.size() > clip_samples_max)
        return error_of(verdict_for(Reason::picture_unreadable));
    for (const auto& sample : clip.samples) {
        const auto verdict = judge(sample, origin);
        if (verdict.decision != Decision::allow) return error_of(verdict);
    }
    return Released<Clip>(std::move(clip), verdict_for(Reason::none));
}

Result<Released<Answer>> Gate::release(Answer answer, const std::vector<std::string>& conversation) const {
    auto verdict =
        verdict_for(held_if_it_throws([&] { return rules_->judge_answer(answer.text, conversation); }));
    if (verdict.decision != Decision::allow && verdict.decision != Decision::standard_only)
        return error_of(verdict);
    return Released<Answer>(std::move(answer), std::move(verdict));
}

}  // namespace ourvidz::safety
