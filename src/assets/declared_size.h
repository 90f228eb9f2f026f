// How large a picture file says that its picture is, read without decoding anything. It decides in which
// queue the file waits for the sandbox, and nothing else: whether the file is right is for the sandbox to
// say.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ourvidz::assets {

// In pixels. Looks at no more than the file's first segments. Nullopt: not a PNG, JPEG or WebP that says so
// where it should.
[[nodiscard]] std::optional<std::uint64_t> declared_pixels(std::string_view file);

}  // namespace ourvidz::assets
