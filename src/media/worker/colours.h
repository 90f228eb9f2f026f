// From whatever a picture file holds to the pixels that we keep: 8-bit sRGB on white.
#pragma once

#include <vips/vips.h>

#include <memory>
#include <optional>

#include "media/picture.h"

namespace ourvidz::media {

struct Unref {
    void operator()(VipsImage* image) const { g_object_unref(image); }
};
using ImagePtr = std::unique_ptr<VipsImage, Unref>;

// Decodes and converts in one go, so that of a large picture little more than the result is in memory. Gray,
// RGB or CMYK, 8 or 16 bits, with or without alpha and profile. nullopt: it cannot be decoded; libvips keeps
// the reason.
[[nodiscard]] std::optional<Rgb8> srgb_on_white(const ImagePtr& image);

// `orientation` as EXIF counts, 1..8.
[[nodiscard]] Rgb8 upright(Rgb8 picture, int orientation);

}  // namespace ourvidz::media
