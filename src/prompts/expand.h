// The first step of reading a prompt: choices and word lists.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "prompts/prompt.h"

namespace ourvidz::prompts {

// Text with, for each byte, where in the prompt it comes from.
struct Expanded {
    std::string text;
    std::vector<std::uint32_t> from;  // byte offsets into the prompt
    std::vector<Note> notes;
};

// Escapes are left as they are.
[[nodiscard]] Result<Expanded> expand(std::string_view prompt, std::int64_t seed, const WordLists& lists,
                                      const std::string& field);

// The number of the character, from 1, that the byte belongs to.
[[nodiscard]] std::size_t character_at(std::string_view text, std::size_t byte);
// What follows the field's name: that it cannot be read at this character, and why, in a sentence without
// capital and full stop.
[[nodiscard]] Error error_at(const std::string& field, std::size_t character, const std::string& sentence);

}  // namespace ourvidz::prompts
