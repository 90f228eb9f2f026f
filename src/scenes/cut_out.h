// Takes a drawing off the plain ground that it was drawn on.
#pragma once

#include <optional>
#include <string_view>

#include "scenes/canvas.h"

namespace ourvidz::scenes {

// `rgb`: width * height * 3 bytes. The ground is what its outermost pixels mostly are. Nullopt where nothing
// stands before it, or where what its edges show is no plain ground.
[[nodiscard]] std::optional<CutOut> cut_out(std::string_view rgb, int width, int height);

}  // namespace ourvidz::scenes
