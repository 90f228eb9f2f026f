// What the words of a text are evidence of, and where.
#pragma once

#include <cstddef>
#include <vector>

#include "safety/vocabulary.h"

namespace ourvidz::safety {

struct Mark {
    std::size_t first = 0;  // items, inclusive
    std::size_t last = 0;
    Cues cues = 0;
};
using Marks = std::vector<Mark>;

// Statements of age in digits and words: youth below 18, youth_hint where the number may be something else,
// adult.
void find_ages(const Vocabulary& vocabulary, const std::vector<Item>& items, Marks& marks, Work& work);

// Every word and phrase of the lexicon, ages, undressing in several words, and then without what an exception
// or an animal beside it explains. In the order of their first items.
[[nodiscard]] Marks find_evidence(const Vocabulary& vocabulary, const std::vector<Item>& items, Work& work);

}  // namespace ourvidz::safety
