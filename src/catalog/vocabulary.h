// The words of prompts, for models that know only some.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/manifest.h"

namespace ourvidz::catalog {

// Where a word of a text stands. An apostrophe is inside a word and not of it.
struct TextWord {
    std::string word;  // in lower case
    std::size_t at = 0;
    std::size_t size = 0;  // bytes
};
[[nodiscard]] std::vector<TextWord> words_of(std::string_view text);

// The form of a word that is known, itself or without a plural's "s"; empty where neither is.
template <class IsKnown>
[[nodiscard]] std::string_view form_of(std::string_view word, const IsKnown& is_known) {
    if (is_known(word)) return word;
    if (word.size() <= 3 || word.back() != 's') return {};
    word.remove_suffix(1);
    return is_known(word) ? word : std::string_view();
}

// The form in which the vocabulary has it, itself or without a plural's "s"; empty where it has neither.
[[nodiscard]] std::string known_form(const Vocabulary& vocabulary, const std::string& word);

// Words of poses and styles: the model knows them, though people are not told.
[[nodiscard]] bool is_word_of_ours(const Entry& entry, const std::string& word);

// Whether it is in a list of Vocabulary, sorted as they are.
[[nodiscard]] bool has(const std::vector<std::string>& sorted, std::string_view word);

[[nodiscard]] bool contains(const std::vector<std::string>& words, std::string_view word);

}  // namespace ourvidz::catalog
