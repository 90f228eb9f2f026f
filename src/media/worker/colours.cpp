#include "media/worker/colours.h"

#include <cstring>
#include <opencv2/core.hpp>
#include <utility>

#include "media/worker/pixels.h"

namespace ourvidz::media {
namespace {

constexpr double white = 255;

// The result of a libvips operation that writes to its argument; null where that failed or came to nothing
// before.
template <class Operation>
ImagePtr made(const ImagePtr& from, Operation operation) {
    VipsImage* out = nullptr;
    if (!from || operation(from.get(), &out) != 0) return nullptr;
    return ImagePtr(out);
}

ImagePtr bands(const ImagePtr& image, int first, int count) {
    return made(image, [&](VipsImage* in, VipsImage** out) {
        return vips_extract_band(in, out, first, "n", count, nullptr);
    });
}

ImagePtr scaled(const ImagePtr& image, double factor, double offset) {
    return made(image, [&](VipsImage* in, VipsImage** out) {
        return vips_linear1(in, out, factor, offset, nullptr);
    });
}

ImagePtr to_srgb(const ImagePtr& image) {
    const bool has_profile = vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) != 0;
    const bool is_cmyk = vips_image_get_interpretation(image.get()) == VIPS_INTERPRETATION_CMYK;
    if (has_profile || is_cmyk) {
        auto converted = made(image, [&](VipsImage* in, VipsImage** out) {
            return vips_icc_transform(in, out, "srgb", "embedded", TRUE, "input_profile",
                                      is_cmyk ? "cmyk" : "srgb", nullptr);
        });
        if (converted) return converted;
        // A profile that does not fit its picture is common and harmless: go by the colour model instead.
        vips_error_clear();
    }
    return made(image, [](VipsImage* in, VipsImage** out) {
        return vips_colourspace(in, out, VIPS_INTERPRETATION_sRGB, nullptr);
    });
}

// `share` 0..1 of the colour, the rest white.
ImagePtr over_white(const ImagePtr& colour, const ImagePtr& share) {
    const auto darker = scaled(colour, 1, -white);
    if (!share) return nullptr;
    const auto shared = made(
        darker, [&](VipsImage* in, VipsImage** out) { return vips_multiply(in, share.get(), out, nullptr); });
    return made(scaled(shared, 1, white),
                [](VipsImage* in, VipsImage** out) { return vips_rint(in, out, nullptr); });
}

// Colour conversion leaves alpha at the depth that it had, so the two go separate ways and meet again as
// fractions.
ImagePtr flat_srgb(const ImagePtr& image) {
    if (!vips_image_hasalpha(image.get())) return to_srgb(image);
    const int colours = vips_image_get_bands(image.get()) - 1;
    const auto colour = bands(image, 0, colours);
    const double opaque = vips_image_get_format(image.get()) == VIPS_FORMAT_USHORT ? 65535 : 255;
    if (!colour) return nullptr;
    return over_white(to_srgb(colour), scaled(bands(image, colours, 1), 1 / opaque, 0));
}

int copy_rows(VipsRegion* region, VipsRect* area, void* target) {
    auto& picture = *static_cast<Rgb8*>(target);
    const auto row_bytes = static_cast<std::size_t>(picture.width) * 3;
    for (int row = area->top; row < area->top + area->height; ++row) {
        std::memcpy(picture.pixels.data() + static_cast<std::size_t>(row) * row_bytes,
                    VIPS_REGION_ADDR(region, 0, row), row_bytes);
    }
    return 0;
}

}  // namespace

std::optional<Rgb8> srgb_on_white(const ImagePtr& image) {
    const auto bytes = made(flat_srgb(image),
                            [](VipsImage* in, VipsImage** out) { return vips_cast_uchar(in, out, nullptr); });
    if (!bytes || vips_image_get_bands(bytes.get()) != 3) return std::nullopt;
    Rgb8 picture = blank(vips_image_get_width(bytes.get()), vips_image_get_height(bytes.get()));
    if (vips_sink_disc(bytes.get(), copy_rows, &picture) != 0) return std::nullopt;
    return picture;
}

Rgb8 upright(Rgb8 picture, int orientation) {
    constexpr int around_both = -1;
    constexpr int top_down = 0;
    constexpr int left_right = 1;
    const bool lies = orientation >= 5;
    Rgb8 out = lies ? blank(picture.height, picture.width) : std::move(picture);
    cv::Mat target = mat_of(out);
    if (lies) cv::transpose(mat_of(picture), target);
    if (orientation == 2 || orientation == 6) cv::flip(target, target, left_right);
    if (orientation == 4 || orientation == 8) cv::flip(target, target, top_down);
    if (orientation == 3 || orientation == 7) cv::flip(target, target, around_both);
    return out;
}

}  // namespace ourvidz::media
