// What a model that knows only some words draws for another one: the thing that it knows nearest to it, by
// the table of its entry (models/nano/recipe/nearest_words.py makes it).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ourvidz::catalog {

struct Entry;
struct Vocabulary;

struct NearWords {
    static constexpr std::size_t things_max = 4;
    struct Word {
        std::uint32_t at = 0;  // in `text`
        std::uint16_t bytes = 0;
        std::uint16_t things = 0;  // which of the lists
    };
    std::vector<std::vector<std::string>> things;  // nearest first, one to four
    std::string text;  // all words that a thing is near to: some ten thousands, so without a string each
    std::vector<Word> words;  // by what they say
    std::map<std::string, std::string, std::less<>>
        plurals;                                   // of things, where it is not the name with an "s"
    std::set<std::string, std::less<>> uncounted;  // things without "a" ("rice", "glasses")

    // The things nearest to a word; null where the table does not have it.
    [[nodiscard]] const std::vector<std::string>* near(std::string_view word) const;
};

// Errors: invalid_field with the place in the file, among them a thing that the vocabulary does not have.
[[nodiscard]] Result<NearWords> parse_near_words(std::string_view text, const Vocabulary& vocabulary);

// A word for which another thing is drawn.
struct ReplacedWord {
    std::string word;                 // in lower case
    std::string by;                   // of several things, as the word was
    std::vector<std::string> others;  // the next nearest, at most three
    std::string drawn;                // `by` as a sentence has it: "a ship", "ships", "rice"
};

struct NearText {
    std::string text;
    std::vector<ReplacedWord> replaced;  // each word once
};

// The text with the nearest known thing in place of each unknown word that has one, the article before it
// right. What stands before a thing describes it and stays ("a stone house"), and so does what `stays` says.
// The text as it is where the entry has no table.
[[nodiscard]] NearText with_near_words(const Entry& entry, std::string_view text,
                                       const std::function<bool(std::string_view word)>& stays);

// Whether the text names something that the model draws, a thing or a place; true of models that know all
// words.
[[nodiscard]] bool names_something(const Entry& entry, std::string_view text);

// A sentence for people, of one word.
[[nodiscard]] std::string sentence_about(const ReplacedWord& replaced);

}  // namespace ourvidz::catalog
