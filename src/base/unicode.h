// Text in Unicode: the two ways of writing one letter, and other encodings than UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ourvidz {

// "ü" is one code point or two, and looks the same. Composed (NFC) is what keyboards write, decomposed (NFD)
// what some file systems do. Text that is not UTF-8 comes back as it is.
[[nodiscard]] std::string composed(std::string_view text);
[[nodiscard]] std::string decomposed(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

enum class ByteOrder { little, big };
// Nullopt where it is cut off within a character or has half a surrogate pair.
[[nodiscard]] std::optional<std::string> utf8_from_utf16(std::string_view bytes, ByteOrder order);

}  // namespace ourvidz
