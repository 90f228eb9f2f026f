// The one thing that we want to know of EXIF.
#pragma once

#include <string_view>

namespace ourvidz::media {

// How the picture lies, 1..8 as EXIF counts; 1 (upright) if `block` does not say so in its first directory.
// `block` may begin with "Exif\0\0", as in JPEG.
[[nodiscard]] int orientation_in(std::string_view block);

}  // namespace ourvidz::media
