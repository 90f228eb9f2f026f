#include "assets/declared_size.h"

#include <cstddef>

#include "assets/media.h"

namespace ourvidz::assets {
namespace {

using namespace std::string_view_literals;

// What stands before a JPEG's size: profiles of up to 64 KiB a segment, and a small picture of the picture.
constexpr int jpeg_segments_max = 1000;

// Numbers at fixed places. Beyond the file's end they are 0, which no picture has for a side.
class Bytes {
  public:
    explicit Bytes(std::string_view file) : file_(file) {}

    [[nodiscard]] std::uint64_t at(std::size_t place) const {
        return place < file_.size() ? static_cast<unsigned char>(file_[place]) : 0;
    }
    [[nodiscard]] std::uint64_t big_endian(std::size_t place, std::size_t count) const {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < count; ++i) number = number << 8U | at(place + i);
        return number;
    }
    [[nodiscard]] std::uint64_t little_endian(std::size_t place, std::size_t count) const {
        std::uint64_t number = 0;
        for (std::size_t i = count; i > 0; --i) number = number << 8U | at(place + i - 1);
        return number;
    }

  private:
    std::string_view file_;
};

std::uint64_t pixels_of_png(const Bytes& bytes) {
    return bytes.big_endian(16, 4) * bytes.big_endian(20, 4);
}

std::uint64_t pixels_of_webp(std::string_view file, const Bytes& bytes) {
    const auto form = file.substr(12, 4);
    if (form == "VP8X") return (bytes.little_endian(24, 3) + 1) * (bytes.little_endian(27, 3) + 1);
    if (form == "VP8L") {
        const auto sides = bytes.little_endian(21, 4);
        return ((sides & 0x3FFFU) + 1) * ((sides >> 14U & 0x3FFFU) + 1);
    }
    if (form == "VP8 ")
        return (bytes.little_endian(26, 2) & 0x3FFFU) * (bytes.little_endian(28, 2) & 0x3FFFU);
    return 0;
}

bool begins_a_frame(std::uint64_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

std::uint64_t pixels_of_jpeg(const Bytes& bytes) {
    std::size_t at = 2;
    for (int segment = 0; segment < jpeg_segments_max && bytes.at(at) == 0xFF; ++segment) {
        const auto marker = bytes.at(at + 1);
        if (begins_a_frame(marker)) return bytes.big_endian(at + 5, 2) * bytes.big_endian(at + 7, 2);
        if (marker == 0xFF) {  // filling
            ++at;
            continue;
        }
        const auto length = bytes.big_endian(at + 2, 2);
        if (length < 2) return 0;
        at += 2 + static_cast<std::size_t>(length);
    }
    return 0;
}

}  // namespace

std::optional<std::uint64_t> declared_pixels(std::string_view file) {
    const Bytes bytes(file);
    std::uint64_t pixels = 0;
    if (begins_as("image/png", file)) pixels = pixels_of_png(bytes);
    if (file.starts_with("\xFF\xD8"sv)) pixels = pixels_of_jpeg(bytes);
    if (begins_as("image/webp", file) && file.size() >= 16) pixels = pixels_of_webp(file, bytes);
    return pixels == 0 ? std::nullopt : std::optional(pixels);
}

}  // namespace ourvidz::assets
