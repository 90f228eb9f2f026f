#include <algorithm>
#include <string>
#include <utility>

#include "media/worker/bytes.h"
#include "media/worker/essence_formats.h"
#include "media/worker/exif.h"
#include "media/worker/refusals.h"

namespace ourvidz::media {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t riff_bytes = 12;  // "RIFF", length, "WEBP"
constexpr std::size_t frame_bytes = 8;  // name and length before a chunk's data
constexpr std::uint32_t side_mask = 0x3FFF;
constexpr unsigned char has_exif_or_xmp = 0x0C;

// Reads the chunks in their order and keeps what the first picture needs.
class WebpReader {
  public:
    Result<void> take(std::string_view name, std::string_view data, std::string_view whole) {
        if (name == "VP8X" && kept_.empty()) return take_extended(data, whole);
        if (name == "EXIF" && first(name)) essence_.orientation = orientation_in(data);
        if (name == "ICCP" && data.size() > profile_bytes_max) return profile_too_large(FileType::webp);
        if (name == "ANMF" && !first(name)) essence_.animated = true;
        const bool is_pixels = name == "VP8 " || name == "VP8L";
        if (is_pixels && essence_.width == 0) OURVIDZ_CHECK(take_plain_size(name, data));
        const bool is_needed =
            is_pixels || name == "ICCP" || name == "ANIM" || name == "ALPH" || name == "ANMF";
        if (is_needed && !kept(name)) keep(name, whole);
        return {};
    }

    // Errors: there was no picture.
    Result<Essence> essence() && {
        if (essence_.width == 0) return damaged(FileType::webp);
        std::string header = "RIFF";
        append_number(header, static_cast<std::uint32_t>(essence_.bytes.size() + 4), ByteOrder::little);
        essence_.bytes.insert(0, header + "WEBP");
        return std::move(essence_);
    }

  private:
    Result<void> take_extended(std::string_view data, std::string_view whole) {
        if (data.size() < 10) return damaged(FileType::webp);
        OURVIDZ_CHECK(take_size(essence_, number_at(data, 4, 3, ByteOrder::little) + 1LL,
                                number_at(data, 7, 3, ByteOrder::little) + 1LL, FileType::webp));
        keep("VP8X", whole);
        auto& flags = essence_.bytes[frame_bytes];
        flags = static_cast<char>(static_cast<unsigned char>(flags) & ~has_exif_or_xmp);
        return {};
    }
    Result<void> take_plain_size(std::string_view name, std::string_view data) {
        if (data.size() < 10) return damaged(FileType::webp);
        if (name == "VP8 ") {
            return take_size(essence_, number_at(data, 6, 2, ByteOrder::little) & side_mask,
                             number_at(data, 8, 2, ByteOrder::little) & side_mask, FileType::webp);
        }
        const auto sides = number_at(data, 1, 4, ByteOrder::little);
        return take_size(essence_, (sides & side_mask) + 1LL, (sides >> 14U & side_mask) + 1LL,
                         FileType::webp);
    }
    bool first(std::string_view name) {
        if (seen_.find(name) != std::string::npos) return false;
        seen_.append(name);
        return true;
    }
    [[nodiscard]] bool kept(std::string_view name) const { return kept_.find(name) != std::string::npos; }
    void keep(std::string_view name, std::string_view whole) {
        kept_.append(name);
        essence_.bytes.append(whole);
        if (essence_.bytes.size() % 2 != 0) essence_.bytes.push_back('\0');
    }

    Essence essence_;
    std::string seen_;
    std::string kept_;
};

}  // namespace

Result<Essence> essence_of_webp(std::string_view file) {
    const std::size_t declared = number_at(file, 4, 4, ByteOrder::little) + std::size_t{8};
    const auto riff = file.substr(0, std::min(declared, file.size()));
    WebpReader reader;
    for (std::size_t at = riff_bytes; at + frame_bytes <= riff.size();) {
        const std::size_t length = number_at(riff, at + 4, 4, ByteOrder::little);
        const auto padded = length + length % 2;
        if (length > riff.size() - at - frame_bytes) return damaged(FileType::webp);
        const auto whole_bytes = std::min(frame_bytes + padded, riff.size() - at);
        OURVIDZ_CHECK(reader.take(riff.substr(at, 4), riff.substr(at + frame_bytes, length),
                                  riff.substr(at, whole_bytes)));
        at += whole_bytes;
    }
    return std::move(reader).essence();
}

}  // namespace ourvidz::media
