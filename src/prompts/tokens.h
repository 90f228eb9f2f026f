// How long a prompt is for the model that reads it.
//
// The models' own tokenizers are tens of megabytes of tables inside the engine, so this is an estimate by
// rule: letters in words, digits, signs. Against the real tokenizers of CLIP, Qwen 2 and umT5 on 24 prompts
// in four languages it was off by 9 % on average (at most +53 %, on a short line), which is enough to warn.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "prompts/prompt.h"

namespace ourvidz::prompts {

struct TokenLimit {
    std::string_view reader;  // "CLIP", "umT5" or "Qwen"
    int tokens = 0;
    bool in_pieces =
        false;  // more is read, in pieces of so many tokens; otherwise it is out of what was trained
};
// Of the model family ("sdxl", "wan", "z_image"), or the model's own where that is less. Families without an
// entry have no limit that we know.
[[nodiscard]] std::optional<TokenLimit> token_limit(std::string_view family, std::optional<int> own_max);

[[nodiscard]] int estimated_tokens(std::string_view words, std::string_view reader);

// A note where the words are longer than the limit, at the character of the words where it is passed.
[[nodiscard]] std::optional<Note> length_note(std::string_view words, const TokenLimit& limit);

}  // namespace ourvidz::prompts
