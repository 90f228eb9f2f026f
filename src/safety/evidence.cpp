#include "safety/evidence.h"

#include <algorithm>
#include <utility>

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

bool same_place(const Mark& a, const Mark& b) {
    return a.first == b.first && a.last == b.last;
}

// Marks are kept in the order of their first items, so that every search looks only as far as its reach and a
// text that is nothing but marks costs no more than its length.
void add(Marks& marks, Marks found) {
    std::stable_sort(found.begin(), found.end(), by_place);
    const auto known = static_cast<std::ptrdiff_t>(marks.size());
    marks.insert(marks.end(), found.begin(), found.end());
    std::inplace_merge(marks.begin(), marks.begin() + known, marks.end(), by_place);
}

// The marks of a text for searches among neighbours; each mark that is looked at is a step.
class Neighbours {
  public:
    Neighbours(const Marks& marks, Work& work) : marks_(marks), work_(work) {}

    // Calls `use` for the marks with one of `cues` that begin after `mark` and no farther than `reach`.
    template <class Use>
    void for_each_after(const Mark& mark, Cues cues, std::size_t reach, Use use) const {
        auto at = std::upper_bound(marks_.begin(), marks_.end(), Mark{mark.last, 0, 0}, by_place);
        for (; at != marks_.end() && at->first <= mark.last + reach; ++at) {
            work_.spend(1);
            if ((at->cues & cues) != 0) use(*at);
        }
    }

    template <class Use>
    void for_each_pair(Cues first, Cues second, std::size_t reach, Use use) const {
        for (const auto& mark : marks_) {
            if ((mark.cues & first) == 0) continue;
            for_each_after(mark, second, reach, [&](const Mark& other) { use(mark, other); });
        }
    }

  private:
    const Marks& marks_;
    Work& work_;
};

void find_phrases(const Vocabulary& vocabulary, const std::vector<Item>& items, Marks& marks, Work& work) {
    for (std::size_t first = 0; first < items.size(); ++first) {
        std::uint32_t node = 0;
        for (std::size_t last = first; last < items.size(); ++last) {
            work.spend(1);
            node = vocabulary.step(node, items[last].word);
            if (node == 0) break;
            if (const Cues cues = vocabulary.cues_at(node); cues != 0) marks.push_back({first, last, cues});
        }
    }
}

// A removal verb and clothing soon after it.
void find_undressing(Marks& marks, Work& work) {
    Marks found;
    const Neighbours near(marks, work);
    near.for_each_pair(removal_verb, clothing | attire, verb_reach,
                       [&](const Mark& verb, const Mark& clothes) {
                           if ((clothes.cues & outerwear) == 0)
                               found.push_back({verb.first, verb.last, undressing});
                       });
    add(marks, std::move(found));
}

// "baby elephant", "juvenile sea eagle", "goat kid": the youth word and the animal become one exception.
void find_young_animals(Marks& marks, Work& work) {
    Marks found;
    const Neighbours near(marks, work);
    const auto join = [&](const Mark& a, const Mark& b) {
        const Mark& young = (a.cues & animal) != 0 ? b : a;
        if (young.first == young.last) found.push_back({a.first, b.last, exception});
    };
    near.for_each_pair(youth_cues, animal, 2, join);
    near.for_each_pair(animal, youth_cues, 1, join);
    add(marks, std::move(found));
}

// "make him look younger", "turn the man into a little boy"
void find_de_aging(Marks& marks, Work& work) {
    Marks found;
    const Neighbours near(marks, work);
    near.for_each_pair(change_verb, younger, change_reach, [&](const Mark& verb, const Mark& result) {
        found.push_back({verb.first, result.last, de_aging});
    });
    near.for_each_pair(change_verb, person, change_reach, [&](const Mark& verb, const Mark& who) {
        near.for_each_after(who, change_into, change_reach, [&](const Mark& into) {
            near.for_each_after(into, youth | girl_boy, verb_reach, [&](const Mark& result) {
                found.push_back({verb.first, result.last, de_aging});
            });
        });
    });
    // Several people between the verb and the result say the same thing several times.
    std::sort(found.begin(), found.end(), [](const Mark& a, const Mark& b) {
        return a.first != b.first ? a.first < b.first : a.last < b.last;
    });
    found.erase(std::unique(found.begin(), found.end(), same_place), found.end());
    add(marks, std::move(found));
}

// "not old enough to vote", "cannot legally drive"
void find_barred(Marks& marks, Work& work) {
    Marks found;
    const Neighbours near(marks, work);
    near.for_each_pair(barred, adult_privilege, barred_reach, [&](const Mark& no, const Mark& what) {
        found.push_back({no.first, what.last, youth_hint});
    });
    add(marks, std::move(found));
}

// "an adult and a girl": what is said of one is not said of the other.
void separate_adults(const Vocabulary& vocabulary, const std::vector<Item>& items, Marks& marks, Work& work) {
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
    const Neighbours near(marks, work);
    near.for_each_pair(adult, girl_boy, coordinator_reach, check);
    near.for_each_pair(girl_boy, adult, coordinator_reach, check);
    std::sort(separate.begin(), separate.end());
    for (auto& mark : marks) {
        if (std::binary_search(separate.begin(), separate.end(), mark.first)) mark.cues &= ~Cues{adult};
    }
}

// "12 year old single malt whisky": no person and no small word may stand between.
void find_old_things(const Vocabulary& vocabulary, const std::vector<Item>& items, Marks& marks, Work& work) {
    Marks found;
    const Neighbours near(marks, work);
    near.for_each_pair(youth, old_thing | animal, thing_reach, [&](const Mark& age, const Mark& thing) {
        const bool is_age = std::any_of(items.begin() + static_cast<std::ptrdiff_t>(age.first),
                                        items.begin() + static_cast<std::ptrdiff_t>(age.last),
                                        [](const Item& item) { return item.number >= 0; });
        if (!is_age || items[thing.first].comma_before) return;
        for (std::size_t i = age.last + 1; i < thing.first; ++i) {
            if (items[i].comma_before || vocabulary.has_role(items[i], small_word | coordinator)) return;
        }
        bool people = false;
        near.for_each_after(age, youth_cues | adult | person, thing.first - age.last,
                            [&](const Mark&) { people = true; });
        if (people) return;
        found.push_back({age.first, thing.last, exception});
    });
    add(marks, std::move(found));
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
    Exceptions(const Marks& marks, Work& work) : work_(work) {
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
            work_.spend(1);
            if (at->last >= mark.last && (at->cues & cues) == cues) return true;
        }
        return false;
    }

  private:
    Work& work_;
    Marks marks_;
    std::size_t longest_ = 0;
};

// Takes away what exceptions explain. An exception for youth words ends where anything about the body,
// clothing, bed or bath stands outside of exceptions; one for context words where such a context does, and
// one for words of nakedness and sex also where a youth word and clothing do.
void apply_exceptions(Marks& marks, Work& work) {
    const Exceptions exceptions(marks, work);
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

Marks find_evidence(const Vocabulary& vocabulary, const std::vector<Item>& items, Work& work) {
    Marks marks;
    marks.reserve(32);
    find_phrases(vocabulary, items, marks, work);
    find_ages(vocabulary, items, marks, work);
    std::stable_sort(marks.begin(), marks.end(), by_place);
    find_undressing(marks, work);
    find_de_aging(marks, work);
    find_barred(marks, work);
    separate_adults(vocabulary, items, marks, work);
    find_young_animals(marks, work);
    find_old_things(vocabulary, items, marks, work);
    find_aged_goods(marks);
    apply_exceptions(marks, work);
    return marks;
}

}  // namespace ourvidz::safety
