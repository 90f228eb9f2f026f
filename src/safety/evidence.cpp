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

bool by_place(const Mark& a, const Mark& b) {
    return a.first < b.first;
}

// Marks are kept in the order of their first items, so that every search looks only as far as its reach and a
// text that is nothing but marks costs no more than its length.
void add(Marks& marks, const Marks& found) {
    if (found.empty()) return;
    marks.insert(marks.end(), found.begin(), found.end());
    std::stable_sort(marks.begin(), marks.end(), by_place);
}

// Calls `use` for the marks with one of `cues` that begin after `mark` and no farther than `reach`.
template <class Use>
void for_each_after(const Marks& marks, const Mark& mark, Cues cues, std::size_t reach, Use use) {
    auto at = std::upper_bound(marks.begin(), marks.end(), Mark{mark.last, 0, 0}, by_place);
    for (; at != marks.end() && at->first <= mark.last + reach; ++at) {
        if ((at->cues & cues) != 0) use(*at);
    }
}

template <class Use>
void for_each_pair(const Marks& marks, Cues first, Cues second, std::size_t reach, Use use) {
    for (const auto& mark : marks) {
        if ((mark.cues & first) == 0) continue;
        for_each_after(marks, mark, second, reach, [&](const Mark& other) { use(mark, other); });
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

// A removal verb and clothing soon after it.
void find_undressing(Marks& marks) {
    Marks found;
    for_each_pair(marks, removal_verb, clothing | attire, verb_reach,
                  [&](const Mark& verb, const Mark& clothes) {
                      if ((clothes.cues & outerwear) == 0)
                          found.push_back({verb.first, verb.last, undressing});
                  });
    add(marks, found);
}

// "baby elephant", "juvenile sea eagle", "goat kid": the youth word and the animal become one exception.
void find_young_animals(Marks& marks) {
    Marks found;
    const auto join = [&](const Mark& a, const Mark& b) {
        const Mark& young = (a.cues & animal) != 0 ? b : a;
        if (young.first == young.last) found.push_back({a.first, b.last, exception});
    };
    for_each_pair(marks, youth_cues, animal, 2, join);
    for_each_pair(marks, animal, youth_cues, 1, join);
    add(marks, found);
}

// "make him look younger", "turn the man into a little boy"
void find_de_aging(Marks& marks) {
    Marks found;
    for_each_pair(marks, change_verb, younger, change_reach, [&](const Mark& verb, const Mark& result) {
        found.push_back({verb.first, result.last, de_aging});
    });
    for_each_pair(marks, change_verb, person, change_reach, [&](const Mark& verb, const Mark& who) {
        for_each_after(marks, who, change_into, change_reach, [&](const Mark& into) {
            for_each_after(marks, into, youth | girl_boy, verb_reach, [&](const Mark& result) {
                found.push_back({verb.first, result.last, de_aging});
            });
        });
    });
    add(marks, found);
}

// "not old enough to vote", "cannot legally drive"
void find_barred(Marks& marks) {
    Marks found;
    for_each_pair(marks, barred, adult_privilege, barred_reach, [&](const Mark& no, const Mark& what) {
        found.push_back({no.first, what.last, youth_hint});
    });
    add(marks, found);
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
    std::sort(separate.begin(), separate.end());
    for (auto& mark : marks) {
        if (std::binary_search(separate.begin(), separate.end(), mark.first)) mark.cues &= ~Cues{adult};
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
        bool people = false;
        for_each_after(marks, age, youth_cues | adult | person, thing.first - age.last,
                       [&](const Mark&) { people = true; });
        if (people) return;
        found.push_back({age.first, thing.last, exception});
    });
    add(marks, found);
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

// The exceptions of a text, in the order of their places.
class Exceptions {
  public:
    explicit Exceptions(const Marks& marks) {
        for (const auto& mark : marks) {
            if ((mark.cues & exception) == 0) continue;
            marks_.push_back(mark);
            longest_ = std::max(longest_, mark.last - mark.first);
        }
    }
    [[nodiscard]] bool none() const { return marks_.empty(); }

    // True when one of those with all of `cues` spans the mark.
    [[nodiscard]] bool cover(const Mark& mark, Cues cues) const {
        const Mark earliest{mark.first - std::min(mark.first, longest_), 0, 0};
        auto at = std::lower_bound(marks_.begin(), marks_.end(), earliest, by_place);
        for (; at != marks_.end() && at->first <= mark.first; ++at) {
            if (at->last >= mark.last && (at->cues & cues) == cues) return true;
        }
        return false;
    }

  private:
    Marks marks_;
    std::size_t longest_ = 0;
};

// Takes away what exceptions explain. An exception for youth words ends where anything about the body,
// clothing, bed or bath stands outside of exceptions; one for context words where such a context does, and
// one for words of nakedness and sex also where a youth word and clothing do.
void apply_exceptions(Marks& marks) {
    const Exceptions exceptions(marks);
    if (exceptions.none()) return;
    Cues outside = 0;
    for (const auto& mark : marks) {
        if (!exceptions.cover(mark, exception)) outside |= mark.cues;
    }
    const bool dressed_youth = (outside & youth_cues) != 0 && (outside & clothing) != 0;
    Cues explained = 0;
    if ((outside & (refusing_context | clothing)) == 0) explained |= youth_cues;
    if ((outside & refusing_context) == 0) {
        explained |= refusing_context | clothing | de_aging | real_person | undressing | removal_verb;
        if (dressed_youth) explained &= ~(explicit_content | undressed | suggestive);
    }
    for (auto& mark : marks) {
        if (!exceptions.cover(mark, exception)) continue;
        const bool youth_stays = exceptions.cover(mark, exception | keeps_youth);
        mark.cues &= ~(youth_stays ? explained & ~youth_cues : explained);
    }
}

}  // namespace

Marks find_evidence(const Vocabulary& vocabulary, const std::vector<Item>& items) {
    Marks marks;
    marks.reserve(32);
    find_phrases(vocabulary, items, marks);
    find_ages(vocabulary, items, marks);
    std::stable_sort(marks.begin(), marks.end(), by_place);
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
