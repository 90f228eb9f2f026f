// One round of undoing encodings that hide words: percent, base64, hexadecimal and character references.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ourvidz::safety {

// `text` with every piece that decodes to readable text replaced by it; empty when there is none.
[[nodiscard]] std::optional<std::string> decode_once(std::string_view text);

}  // namespace ourvidz::safety
