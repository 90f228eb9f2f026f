#include "media/worker/test_pictures.h"

#include <vips/vips.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "media/worker/pixels.h"

namespace ourvidz::media::testing {
namespace {

std::string big_endian(std::uint32_t value) {
    std::string text;
    for (const int shift : {24, 16, 8, 0}) text.push_back(static_cast<char>(value >> shift & 0xFF));
    return text;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

std::string chunk(const std::string& name, const std::string& data) {
    const std::string body = name + data;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return big_endian(static_cast<std::uint32_t>(data.size())) + body +
           big_endian(static_cast<std::uint32_t>(sum));
}

std::string saved_jpeg(VipsImage* image) {
    void* data = nullptr;
    std::size_t bytes = 0;
    if (vips_jpegsave_buffer(image, &data, &bytes, "Q", 90, nullptr) != 0) return {};
    std::string out(static_cast<const char*>(data), bytes);
    g_free(data);
    return out;
}

VipsImage* image_of(const Rgb8& picture) {
    auto* image = vips_image_new_from_memory_copy(picture.pixels.data(), picture.pixels.size(), picture.width,
                                                  picture.height, 3, VIPS_FORMAT_UCHAR);
    image->Type = VIPS_INTERPRETATION_sRGB;
    return image;
}

}  // namespace

Rgb8 disk(int width, int height, double x, double y, double radius) {
    Rgb8 picture = blank(width, height);
    auto* pixel = reinterpret_cast<unsigned char*>(picture.pixels.data());
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column, pixel += 3) {
            const double distance = std::hypot(column - x, row - y);
            const double eyes = std::min(std::hypot(column - x + radius / 3, row - y + radius / 4),
                                         std::hypot(column - x - radius / 3, row - y + radius / 4));
            const double inside = std::clamp(radius - distance, 0.0, 1.0);
            const double in_eye = std::clamp(radius / 6 - eyes, 0.0, 1.0);
            const std::array<double, 3> back{150.0 + 40.0 * column / width, 200.0,
                                             240.0 - 30.0 * row / height};
            const std::array<double, 3> front{240, 110, 30};
            for (std::size_t c = 0; c < 3; ++c) {
                const double value =
                    (back[c] * (1 - inside) + front[c] * inside) * (1 - in_eye) + 20 * in_eye;
                pixel[c] = static_cast<unsigned char>(std::lround(value));
            }
        }
    }
    return picture;
}

double difference(const Rgb8& a, const Rgb8& b) {
    if (a.pixels.size() != b.pixels.size() || a.pixels.empty()) return 255;
    double sum = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) {
        sum += std::abs(static_cast<unsigned char>(a.pixels[i]) - static_cast<unsigned char>(b.pixels[i]));
    }
    return sum / static_cast<double>(a.pixels.size());
}

Point disk_centre(const Rgb8& picture) {
    Point sum;
    double count = 0;
    const auto* pixel = reinterpret_cast<const unsigned char*>(picture.pixels.data());
    for (int row = 0; row < picture.height; ++row) {
        for (int column = 0; column < picture.width; ++column, pixel += 3) {
            if (pixel[0] < 200 || pixel[2] > 110) continue;
            sum.x += column;
            sum.y += row;
            ++count;
        }
    }
    return {sum.x / std::max(1.0, count), sum.y / std::max(1.0, count)};
}

std::string jpeg(const Rgb8& picture) {
    auto* image = image_of(picture);
    auto bytes = saved_jpeg(image);
    g_object_unref(image);
    return bytes;
}

std::string jpeg_with_exif(const Rgb8& picture, int orientation) {
    auto* image = image_of(picture);
    vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
    vips_image_set_string(image, "exif-ifd0-Model",
                          "Secret Camera 9 (Secret Camera 9, ASCII, 16 components, 16 bytes)");
    vips_image_set_string(image, "exif-ifd3-GPSLatitude",
                          "51/1 30/1 0/1 (51, 30, 0, Rational, 3 components, 24 bytes)");
    auto bytes = saved_jpeg(image);
    g_object_unref(image);
    return bytes;
}

std::string packed_zeros(std::size_t count) {
    z_stream stream{};
    deflateInit(&stream, 9);
    const std::vector<Bytef> zeros(1 << 16, 0);
    std::vector<Bytef> out(1 << 16);
    std::string packed;
    while (true) {
        const auto piece = std::min(count, zeros.size());
        count -= piece;
        stream.next_in = const_cast<Bytef*>(zeros.data());
        stream.avail_in = static_cast<uInt>(piece);
        int status = Z_OK;
        do {
            stream.next_out = out.data();
            stream.avail_out = static_cast<uInt>(out.size());
            status = deflate(&stream, count == 0 ? Z_FINISH : Z_NO_FLUSH);
            packed.append(reinterpret_cast<const char*>(out.data()), out.size() - stream.avail_out);
        } while (stream.avail_out == 0);
        if (status == Z_STREAM_END) break;
    }
    deflateEnd(&stream);
    return packed;
}

std::string srgb_profile() {
    VipsBlob* blob = nullptr;
    if (vips_profile_load("srgb", &blob, nullptr) != 0) return {};
    std::size_t bytes = 0;
    const auto* data = static_cast<const char*>(vips_blob_get(blob, &bytes));
    std::string profile(data, bytes);
    vips_area_unref(VIPS_AREA(blob));
    return profile;
}

std::string gray_profile() {
    constexpr std::uint32_t version = 0x02400000;
    constexpr std::size_t tags_at = 128;
    const std::string white =
        std::string("XYZ \0\0\0\0", 8) + big_endian(63'190) + big_endian(65'536) + big_endian(54'061);
    const std::string curve = std::string("curv\0\0\0\0\0\0\0\1\x02\x33\0\0", 16);  // gamma 2.2
    const auto body_at = static_cast<std::uint32_t>(tags_at + 4 + 2 * 12);
    const auto size = static_cast<std::uint32_t>(white.size());
    const std::string tags = big_endian(2) + "wtpt" + big_endian(body_at) + big_endian(size) + "kTRC" +
                             big_endian(body_at + size) + big_endian(14) + white + curve;
    std::string header = big_endian(static_cast<std::uint32_t>(tags_at + tags.size())) + "lcms" +
                         big_endian(version) + "mntrGRAYXYZ " + std::string(12, '\0') + "acsp";
    header.resize(68, '\0');
    header += white.substr(8);
    header.resize(tags_at, '\0');
    return header + tags;
}

std::string with_chunk(std::string_view png, const std::string& name, const std::string& data) {
    constexpr std::size_t header_end = 8 + 25;
    return std::string(png.substr(0, header_end)) + chunk(name, data) + std::string(png.substr(header_end));
}

std::string with_profile(std::string_view png, const std::string& profile) {
    std::string packed(compressBound(profile.size()), '\0');
    auto bytes = static_cast<uLongf>(packed.size());
    compress(reinterpret_cast<Bytef*>(packed.data()), &bytes, reinterpret_cast<const Bytef*>(profile.data()),
             profile.size());
    packed.resize(bytes);
    return with_chunk(png, "iCCP", std::string("a profile\0\0", 11) + packed);
}

std::string hollow_png(unsigned width, unsigned height, std::size_t raw_bytes) {
    const std::string header =
        big_endian(width) + big_endian(height) + std::string("\x08\x02\x00\x00\x00", 5);
    return std::string("\x89PNG\r\n\x1a\n") + chunk("IHDR", header) + chunk("IDAT", packed_zeros(raw_bytes)) +
           chunk("IEND", "");
}

std::vector<std::string> png_chunk_names(std::string_view png) {
    std::vector<std::string> names;
    for (std::size_t at = 8; at + 12 <= png.size(); at += 12 + number_at(png, at)) {
        names.emplace_back(png.substr(at + 4, 4));
    }
    return names;
}

std::string png_chunk(std::string_view png, std::string_view name, int number) {
    for (std::size_t at = 8; at + 12 <= png.size(); at += 12 + number_at(png, at)) {
        if (png.substr(at + 4, 4) == name && number-- == 0)
            return std::string(png.substr(at + 8, number_at(png, at)));
    }
    return {};
}

std::string upscaler_path() {
    auto* output = popen(OURVIDZ_SOURCE_DIR "/models/upscaler/fetch.sh", "r");
    if (output == nullptr) return {};
    std::array<char, 4096> line{};
    std::string last;
    while (std::fgets(line.data(), line.size(), output) != nullptr) last = line.data();
    if (pclose(output) != 0) return {};
    while (!last.empty() && last.back() == '\n') last.pop_back();
    return last;
}

std::string worker_path() {
    return OURVIDZ_BINARY_DIR "/bin/media_worker";
}

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace ourvidz::media::testing
