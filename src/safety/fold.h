// Text as the rules compare it: one spelling for everything that reads the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ourvidz::safety {

// NFKC case folding without default-ignorable characters (zero-width, soft hyphen, tags, variation
// selectors), accents and other combining marks stripped, decimal digits of all scripts as 0-9, pictographs
// of people and clothes as words. Empty for invalid UTF-8, and where marks are piled up on a character by the
// dozen. Throws what ICU reports as a failure.
[[nodiscard]] std::optional<std::string> fold(std::string_view text);

enum class Script : std::uint8_t {
    latin,
    digits,
    cyrillic,
    greek,
    unspaced,
    hangul,
    arabic,
    hebrew,
    other,
    mixed
};

// A word, or a run of digits, or a run of characters in a script that puts no spaces between words.
struct Token {
    std::uint32_t begin = 0;  // bytes in the folded text
    std::uint32_t end = 0;
    std::uint32_t chunk_begin = 0;  // the piece without white space in which it stands
    std::uint32_t chunk_end = 0;
    Script script = Script::other;
    bool glued = false;   // nothing stands between it and the token before
    bool spaced = false;  // white space stands between it and the token before
    bool comma_before = false;
    bool comma_after = false;
    [[nodiscard]] std::uint32_t size() const { return end - begin; }
};
[[nodiscard]] std::vector<Token> tokenize(std::string_view folded);

// `text` with letters that look like Latin ones (Cyrillic, Greek, small capitals ...) replaced by those.
[[nodiscard]] std::string latin_skeleton(std::string_view text);

// Calls `use(code_point, begin, end)` for every character of valid UTF-8.
template <class Use>
void for_each_character(std::string_view text, Use use) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t point = size == 1 ? lead : lead & (0xFFU >> (size + 1));
        for (std::size_t i = 1; i < size && at + i < text.size(); ++i) {
            point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
        }
        use(point, at, at + size);
        at += size;
    }
}

}  // namespace ourvidz::safety
