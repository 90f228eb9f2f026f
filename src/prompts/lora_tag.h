// "<lora:NAME>" and "<lora:NAME:0.8>": one word of the language of prompts, whatever is in the name. Nothing
// inside is a choice, a word list or a weight of words.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ourvidz::prompts {

constexpr std::size_t lora_name_bytes_max = 255;  // what a file's name may have

struct LoraTag {
    std::string name;                        // composed (NFC), without escapes
    std::optional<std::string_view> weight;  // as it is written, inside the text that was read
    std::size_t bytes = 0;                   // from < to > inclusive
};

// The tag at the beginning of the text. Nullopt where there is none, or none that ends on its line.
[[nodiscard]] std::optional<LoraTag> read_lora_tag(std::string_view text);

// How a prompt names this LoRA. In a name, a backslash stands before ":", "<", ">" and "\".
[[nodiscard]] std::string lora_tag(std::string_view name, std::string_view weight);

}  // namespace ourvidz::prompts
