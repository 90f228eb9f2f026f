#include "safety/evidence.h"

#include <algorithm>

namespace ourvidz::safety {

namespace {

constexpr Cues refusing_context = explicit_content | undressed | suggestive | attire | body | bath | bed;
constexpr Cues youth_cues = youth | youth_hint | girl_boy;
constexpr std::size_t verb_reach = 4;  // "remove all of her clothes"

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
    for (auto& mark : marks) {
        if (covered(mark)) mark.cues &= ~explained;
    }
}

}  // namespace

Marks find_evidence(const Vocabulary& vocabulary, const std::vector<Item>& items) {
    Marks marks;
    marks.reserve(32);
    find_phrases(vocabulary, items, marks);
    find_ages(vocabulary, items, marks);
    find_undressing(marks);
    find_young_animals(marks);
    find_aged_goods(marks);
    apply_exceptions(marks);
    return marks;
}

}  // namespace ourvidz::safety
