// Pixels and limits that the media worker and its callers share. No codec is needed to include this.
#pragma once

#include <cstddef>
#include <string>

namespace ourvidz::media {

constexpr std::size_t upload_bytes_max = 32U << 20U;  // 32 MiB
constexpr long long upload_pixels_max = 40'000'000;   // checked from the header, before pixels are decoded
// Address space of a media worker. Enough for an upload of any type at its limits (limits_test.cpp); about
// 700 of it are libraries that are mapped but not used.
constexpr int memory_mb_default = 2048;
constexpr int side_max = 16384;                    // pixels, width or height of anything that is decoded
constexpr int work_side_max = 8192;                // pixels, width or height of raw pictures and outputs
constexpr long long work_pixels_max = 40'000'000;  // width * height of raw pictures and outputs
constexpr int thumbnail_side = 384;                // longest side of a thumbnail or poster
constexpr int preview_side = 512;                  // longest side of a preview while a picture is drawn
constexpr int sample_side = 1024;                  // longest side of pixels handed to the safety check

// 8-bit sRGB, three bytes a pixel, rows top to bottom, no padding.
struct Rgb8 {
    int width = 0;
    int height = 0;
    std::string pixels;

    // True if the size is within the work limits and `pixels` has exactly the bytes that it needs.
    [[nodiscard]] bool is_valid() const;
};

// True if a picture of this size may be held raw or made: 1..work_side_max a side, at most work_pixels_max.
[[nodiscard]] bool is_work_size(int width, int height);

}  // namespace ourvidz::media
