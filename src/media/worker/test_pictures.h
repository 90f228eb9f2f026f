// Pictures and files for the tests of the media worker.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/picture.h"

namespace ourvidz::media::testing {

// A drawing with edges and colours: a coloured disk of `radius` at (x, y) with two dark eyes, on a shaded
// background.
[[nodiscard]] Rgb8 disk(int width, int height, double x, double y, double radius);

// Mean absolute difference of all bytes; the sizes must be equal.
[[nodiscard]] double difference(const Rgb8& a, const Rgb8& b);
// Middle of the disk's colour in a picture, in pixels.
struct Point {
    double x = 0;
    double y = 0;
};
[[nodiscard]] Point disk_centre(const Rgb8& picture);

// A JPEG with a camera name, a place (GPS) and an orientation tag (1..8) in its EXIF block.
[[nodiscard]] std::string jpeg_with_exif(const Rgb8& picture, int orientation);
[[nodiscard]] std::string jpeg(const Rgb8& picture);
// sRGB, and gray with nearly its curve, for with_profile().
[[nodiscard]] std::string srgb_profile();
[[nodiscard]] std::string gray_profile();
// `png` with this chunk right behind its header.
[[nodiscard]] std::string with_chunk(std::string_view png, const std::string& name, const std::string& data);
[[nodiscard]] std::string with_profile(std::string_view png, const std::string& profile);
// zlib's stream of that many zeros.
[[nodiscard]] std::string packed_zeros(std::size_t count);
// A PNG with any header, whose pixel data unpack to `raw_bytes` zeros.
[[nodiscard]] std::string hollow_png(unsigned width, unsigned height, std::size_t raw_bytes);
[[nodiscard]] std::vector<std::string> png_chunk_names(std::string_view png);
[[nodiscard]] std::string png_chunk(std::string_view png, std::string_view name, int number = 0);

// Where srvgg-x4.onnx lies; fetches it on first use. Empty if that failed.
[[nodiscard]] std::string upscaler_path();
[[nodiscard]] std::string worker_path();
[[nodiscard]] std::string content_of(const std::string& path);

}  // namespace ourvidz::media::testing
