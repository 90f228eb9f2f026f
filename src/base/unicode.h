// Text in Unicode: the two ways of writing one letter, and other encodings than UTF-8.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ourvidz {

// "ü" is one code point or two, and looks the same. Composed (NFC) is what keyboards write, decomposed (NFD)
// what some file systems do. Text that is not UTF-8 comes back as it is.
[[nodiscard]] std::string composed(std::string_view text);
[[nodiscard]] std::string decomposed(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

// The words of the text with "-" between them, as any file system takes them: letters, digits and marks of
// any script and nothing else, composed. At most so many bytes, cut between words where that leaves any.
[[nodiscard]] std::string words_for_file_name(std::string_view text, std::size_t bytes_max);

enum class ByteOrder { little, big };
// Nullopt where it is cut off within a character or has half a surrogate pair.
[[nodiscard]] std::optional<std::string> utf8_from_utf16(std::string_view bytes, ByteOrder order);

}  // namespace ourvidz
