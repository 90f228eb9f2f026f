// The parts of essence_of().
#pragma once

#include <string_view>

#include "base/result.h"
#include "media/worker/essence.h"

namespace ourvidz::media {

[[nodiscard]] Result<Essence> essence_of_png(std::string_view file);
[[nodiscard]] Result<Essence> essence_of_jpeg(std::string_view file);
[[nodiscard]] Result<Essence> essence_of_webp(std::string_view file);

// Puts the size into `essence`. Errors: too_large; invalid_field where a side is 0.
[[nodiscard]] Result<void> take_size(Essence& essence, long long width, long long height, FileType type);

}  // namespace ourvidz::media
