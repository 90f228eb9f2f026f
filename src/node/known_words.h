// What a suggestion may add to a prompt for a picture model that knows only some words: one thing beside what
// is there, and the colour of the background, all of it in words that the model knows and within the length
// that it follows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/manifest.h"

namespace ourvidz::node {

struct Addition {
    std::string grammar;  // GBNF; the chat model chooses
    // Prompts with what was added to them, which show a small model the form better than any rule.
    std::vector<std::pair<std::string, std::string>> examples;
};

// Nullopt where nothing can be added to the user's words that the painter would follow. It must have a
// vocabulary.
[[nodiscard]] std::optional<Addition> addition_to(std::string_view own_words, const catalog::Entry& painter);

// The GBNF rule `slots` behind each of these texts: a background, or nothing where the longest is too long
// for one.
[[nodiscard]] std::string background_rule(const std::vector<std::string>& own_words,
                                          const catalog::Entry& painter);

}  // namespace ourvidz::node
