#include "safety/evidence.h"

#include <algorithm>

namespace ourvidz::safety {

namespace {

constexpr Cues refusing_context = explicit_content | undressed | suggestive | attire | body | bath | bed;
constexpr Cues youth_cues = youth | youth_hint | girl_boy;
constexpr std::size_t verb_reach = 4;    // "remove all of her clothes"
constexpr std::size_t change_reach = 8;  // "make my boss and his wife look ten years younger"
constexpr std::size_t barred_reach = 5;  // "cannot legally drive"
constexpr std::size_t coordinator_reach = 4;
constexpr std::size_t thing_reach = 3;  // "12 year old single malt whisky"

// Calls `use(a, b)` for marks with the cues `first` and then, after it and no farther than `reach`, `second`.
template <class Use>
void for_each_pair(const Marks& marks, Cues first, Cues second, std::size_t reach, Use use) {
    const std::size_t count = marks.size();
    for (std::size_t i = 0; i < count; ++i) {
        if ((marks[i].cues & first) == 0) continue;
        for (std::size_t j = 0; j < count; ++j) {
            const bool follows = marks[j].first > marks[i].last && marks[j].first - marks[i].last <= reach;
            if (follows && (marks[j].cues & second) != 0) use(Mark(marks[i]), Mark(marks[j]));
        }
    }
}

void find_phrases(const Vocabulary& vocabulary, const std::vector<Item>& items, Marks& marks) {
    for (std::size_t first = 0; first < items.size(); ++first) {
        std::uint32_t node = 0;
        for (std::size_t last = first; last < items.size(); ++last) {
            node = vocabulary.step(node, items[last].word);
            if (node == 0) break;
            if (const Cues cues = vocabulary.cues_at(node); cues != 0) marks.push_back({first, last, cues});
        }
    }
}

bool within(const Mark& inner, const Mark& outer) {
    return inner.first >= outer.first && inner.last <= outer.last;
}

// A removal verb and clothing soon after it.
void find_undressing(Marks& marks) {
    const std::size_t count = marks.size();
    for (std::size_t i = 0; i < count; ++i) {
        if ((marks[i].cues & removal_verb) == 0) continue;
        const bool undresses = std::any_of(
            marks.begin(), marks.begin() + static_cast<std::ptrdiff_t>(count), [&](const Mark& other) {
                const bool clothes = (other.cues & (clothing | attire)) != 0 && (other.cues & outerwear) == 0;
                return clothes && other.first > marks[i].last && other.first - marks[i].last <= verb_reach;
            });
        if (undresses) marks.push_back({marks[i].first, marks[i].last, undressing});
    }
}

// "baby elephant", "juvenile sea eagle", "goat kid": the youth word and the animal become one exception.
void find_young_animals(Marks& marks) {
    const std::size_t count = marks.size();
    for (std::size_t i = 0; i < count; ++i) {
        if ((marks[i].cues & animal) == 0) continue;
        for (std::size_t j = 0; j < count; ++j) {
            if ((marks[j].cues & youth_cues) == 0 || marks[j].first != marks[j].last) continue;
            const bool before = marks[j].last < marks[i].first && marks[i].first - marks[j].last <= 2;
            const bool after = marks[j].first == marks[i].last + 1;
            if (before) marks.push_back({marks[j].first, marks[i].last, exception});
            if (after) marks.push_back({marks[i].first, marks[j].last, exception});
        }
    }
}

// "make him look younger", "turn the man into a little boy"
void find_de_aging(Marks& marks) {
    Marks found;
    for_each_pair(marks, change_verb, younger, change_reach, [&](const Mark& verb, const Mark& result) {
        found.push_back({verb.first, result.last, de_aging});
    });
    for_each_pair(marks, change_verb, person, change_reach, [&](const Mark& verb, const Mark& who) {
        for_each_pair(marks, change_into, youth | girl_boy, verb_reach,
                      [&](const Mark& into, const Mark& result) {
                          if (into.first > who.last && into.first - who.last <= change_reach)
                              found.push_back({verb.first, result.last, de_aging});
                      });
    });
    marks.insert(marks.end(), found.begin(), found.end());
}

// "not old enough to vote", "cannot legally drive"
void find_barred(Marks& marks) {
    Marks found;
    for_each_pair(marks, barred, adult_privilege, barred_reach, [&](const Mark& no, const Mark& what) {
        found.push_back({no.first, what.last, youth_hint});
    });
    marks.insert(marks.end(), found.begin(), found.end());
}

// "an adult and a girl": what is said of one is not said of the other.
void separate_adults(const Vocabulary& vocabulary, const std::vector<Item>& items, Marks& marks) {
    const auto joined = [&](const Mark& a, const Mark& b) {
        for (std::size_t i = a.last + 1; i < b.first; ++i) {
            if (vocabulary.has_role(items[i], coordinator)) return true;
        }
        return false;
    };
    std::vector<std::size_t> separate;
    const auto check = [&](const Mark& a, const Mark& b) {
        if (joined(a, b)) separate.push_back((a.cues & adult) != 0 ? a.first : b.first);
    };
    for_each_pair(marks, adult, girl_boy, coordinator_reach, check);
    for_each_pair(marks, girl_boy, adult, coordinator_reach, check);
    for (auto& mark : marks) {
        const bool apart = std::find(separate.begin(), separate.end(), mark.first) != separate.end();
        if (apart) mark.cues &= ~Cues{adult};
    }
}

// "12 year old single malt whisky": no person and no small word may stand between.
void find_old_things(const Vocabulary& vocabulary, const std::vector<Item>& items, Marks& marks) {
    Marks found;
    for_each_pair(marks, youth, old_thing | animal, thing_reach, [&](const Mark& age, const Mark& thing) {
        const bool is_age = std::any_of(items.begin() + static_cast<std::ptrdiff_t>(age.first),
                                        items.begin() + static_cast<std::ptrdiff_t>(age.last),
                                        [](const Item& item) { return item.number >= 0; });
        if (!is_age || items[thing.first].comma_before) return;
        for (std::size_t i = age.last + 1; i < thing.first; ++i) {
            if (items[i].comma_before || vocabulary.has_role(items[i], small_word | coordinator)) return;
        }
        const bool people = std::any_of(marks.begin(), marks.end(), [&](const Mark& mark) {
            return (mark.cues & (youth_cues | adult | person)) != 0 && mark.first > age.last &&
                   mark.first < thing.first;
        });
        if (people) return;
        found.push_back({age.first, thing.last, exception});
    });
    marks.insert(marks.end(), found.begin(), found.end());
}

// Whisky, cheese: "aged 12 years" is theirs.
void find_aged_goods(Marks& marks) {
    const bool goods = std::any_of(marks.begin(), marks.end(),
                                   [](const Mark& mark) { return (mark.cues & aged_goods) != 0; });
    if (!goods) return;
    for (auto& mark : marks) {
        if ((mark.cues & aged_span) != 0) mark.cues = exception;
    }
}

// Takes away what exceptions explain. An exception for youth words ends where anything about the body,
// clothing, bed or bath stands outside of exceptions; one for context words where such a context does.
void apply_exceptions(Marks& marks) {
    std::vector<Mark> exceptions;
    for (const auto& mark : marks) {
        if ((mark.cues & exception) != 0) exceptions.push_back(mark);
    }
    if (exceptions.empty()) return;
    const auto covered = [&](const Mark& mark) {
        return std::any_of(exceptions.begin(), exceptions.end(),
                           [&](const Mark& outer) { return within(mark, outer); });
    };
    Cues outside = 0;
    for (const auto& mark : marks) {
        if (!covered(mark)) outside |= mark.cues;
    }
    const bool youth_explained = (outside & (refusing_context | clothing)) == 0;
    const bool context_explained = (outside & refusing_context) == 0;
    Cues explained = 0;
    if (youth_explained) explained |= youth_cues;
    if (context_explained)
        explained |= refusing_context | clothing | de_aging | real_person | undressing | removal_verb;
    const auto youth_stays = [&](const Mark& mark) {
        return std::any_of(exceptions.begin(), exceptions.end(), [&](const Mark& outer) {
            return (outer.cues & keeps_youth) != 0 && within(mark, outer);
        });
    };
    for (auto& mark : marks) {
        if (covered(mark)) mark.cues &= ~(youth_stays(mark) ? explained & ~youth_cues : explained);
    }
}

}  // namespace

Marks find_evidence(const Vocabulary& vocabulary, const std::vector<Item>& items) {
    Marks marks;
    marks.reserve(32);
    find_phrases(vocabulary, items, marks);
    find_ages(vocabulary, items, marks);
    find_undressing(marks);
    find_de_aging(marks);
    find_barred(marks);
    separate_adults(vocabulary, items, marks);
    find_young_animals(marks);
    find_old_things(vocabulary, items, marks);
    find_aged_goods(marks);
    apply_exceptions(marks);
    return marks;
}

}  // namespace ourvidz::safety
