#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "media/worker/bytes.h"
#include "media/worker/essence_formats.h"
#include "media/worker/exif.h"
#include "media/worker/refusals.h"

namespace ourvidz::media {
namespace {

constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
constexpr std::size_t frame_bytes = 12;  // length, name and checksum around a chunk's data
constexpr std::size_t header_bytes = 13;
// Some writers leave a little behind the last row.
constexpr unsigned long long surplus_bytes_max = 1U << 20U;

struct Pass {
    unsigned first_x, first_y, step_x, step_y;
};
constexpr std::array<Pass, 7> adam7{Pass{0, 0, 8, 8}, Pass{4, 0, 8, 8}, Pass{0, 4, 4, 8}, Pass{2, 0, 4, 4},
                                    Pass{0, 2, 2, 4}, Pass{1, 0, 2, 2}, Pass{0, 1, 1, 2}};

// How many bytes a zlib stream unpacks to, counted only up to a limit.
class UnpackedSize {
  public:
    explicit UnpackedSize(unsigned long long limit) : limit_(limit) { over_ = inflateInit(&stream_) != Z_OK; }
    ~UnpackedSize() { inflateEnd(&stream_); }
    UnpackedSize(const UnpackedSize&) = delete;
    UnpackedSize& operator=(const UnpackedSize&) = delete;

    // What is damaged counts as ended: the decoder will say so.
    void add(std::string_view packed) {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        stream_.avail_in = static_cast<uInt>(packed.size());
        while (!over_ && !exceeded() && stream_.avail_in > 0) {
            stream_.next_out = scratch_.data();
            stream_.avail_out = static_cast<uInt>(scratch_.size());
            over_ = inflate(&stream_, Z_NO_FLUSH) != Z_OK;
            bytes_ += scratch_.size() - stream_.avail_out;
        }
    }
    [[nodiscard]] bool exceeded() const { return bytes_ > limit_; }

  private:
    z_stream stream_{};
    std::array<Bytef, 1U << 16U> scratch_{};
    unsigned long long limit_;
    unsigned long long bytes_ = 0;
    bool over_ = false;
};

// What the pixels unpack to, filter bytes included; nullopt for a header that no PNG has.
std::optional<unsigned long long> pixel_bytes(std::string_view header) {
    const auto width = number_at(header, 0, 4, ByteOrder::big);
    const auto height = number_at(header, 4, 4, ByteOrder::big);
    const auto depth = number_at(header, 8, 1, ByteOrder::big);
    const auto colour = number_at(header, 9, 1, ByteOrder::big);
    constexpr std::array<unsigned, 7> channels{1, 0, 3, 1, 2, 0, 4};
    if (depth > 16 || colour >= channels.size() || channels.at(colour) == 0) return std::nullopt;
    const auto rows_of = [&](unsigned long long wide, unsigned long long tall) {
        return wide == 0 ? 0 : tall * (1 + (wide * channels.at(colour) * depth + 7) / 8);
    };
    if (header[12] == 0) return rows_of(width, height);
    unsigned long long bytes = 0;
    for (const auto& pass : adam7) {
        const auto steps = [](unsigned side, unsigned first, unsigned step) {
            return side <= first ? 0 : (side - first + step - 1) / step;
        };
        bytes += rows_of(steps(width, pass.first_x, pass.step_x), steps(height, pass.first_y, pass.step_y));
    }
    return bytes;
}

// The packed part of an iCCP chunk: behind the profile's name and the number of its method.
std::string_view packed_profile(std::string_view data) {
    const auto name_end = data.find('\0');
    return name_end == std::string_view::npos ? "" : data.substr(std::min(name_end + 2, data.size()));
}

// Reads the chunks in their order and keeps what the pixels need.
class PngReader {
  public:
    // Errors end the reading.
    Result<void> take(std::string_view name, std::string_view data, std::string_view whole) {
        if (!pixels_) return take_header(name, data, whole);
        if (name == "IDAT") {
            pixels_->add(data);
            if (pixels_->exceeded()) return unpacks_too_far(FileType::png);
            keep(whole);
        } else if (name == "iCCP" && first("iCCP")) {
            UnpackedSize profile(profile_bytes_max);
            profile.add(packed_profile(data));
            if (profile.exceeded()) return profile_too_large(FileType::png);
            keep(whole);
        } else if (name == "eXIf" && first("eXIf")) {
            essence_.orientation = orientation_in(data);
        } else if (name == "acTL" && data.size() >= 4) {
            essence_.animated = number_at(data, 0, 4, ByteOrder::big) > 1;
        } else if (name == "IEND" || ((name == "PLTE" || name == "tRNS") && first(name))) {
            keep(whole);
        }
        return {};
    }
    [[nodiscard]] Essence essence() && { return std::move(essence_); }

  private:
    Result<void> take_header(std::string_view name, std::string_view data, std::string_view whole) {
        if (name != "IHDR" || data.size() != header_bytes) return damaged(FileType::png);
        OURVIDZ_CHECK(take_size(essence_, number_at(data, 0, 4, ByteOrder::big),
                                number_at(data, 4, 4, ByteOrder::big), FileType::png));
        const auto bytes = pixel_bytes(data);
        if (!bytes) return damaged(FileType::png);
        pixels_.emplace(*bytes + surplus_bytes_max);
        essence_.bytes = signature;
        keep(whole);
        return {};
    }
    bool first(std::string_view name) {
        if (seen_.find(name) != std::string::npos) return false;
        seen_.append(name);
        return true;
    }
    void keep(std::string_view whole) { essence_.bytes.append(whole); }

    Essence essence_;
    std::optional<UnpackedSize> pixels_;
    std::string seen_;
};

}  // namespace

Result<Essence> essence_of_png(std::string_view file) {
    PngReader reader;
    for (std::size_t at = signature.size(); at + frame_bytes <= file.size();) {
        const std::size_t length = number_at(file, at, 4, ByteOrder::big);
        if (length > file.size() - at - frame_bytes) return damaged(FileType::png);
        const auto name = file.substr(at + 4, 4);
        OURVIDZ_CHECK(reader.take(name, file.substr(at + 8, length), file.substr(at, length + frame_bytes)));
        if (name == "IEND") return std::move(reader).essence();
        at += length + frame_bytes;
    }
    return damaged(FileType::png);
}

}  // namespace ourvidz::media
