#include <algorithm>
#include <string>

#include "media/worker/bytes.h"
#include "media/worker/essence_formats.h"
#include "media/worker/exif.h"
#include "media/worker/refusals.h"

namespace ourvidz::media {
namespace {

using namespace std::string_view_literals;

// Progressive writers use about ten. A decoder goes over the whole picture for each.
constexpr int scans_max = 100;

constexpr unsigned char start_of_picture = 0xD8;
constexpr unsigned char end_of_picture = 0xD9;
constexpr unsigned char start_of_scan = 0xDA;

bool stands_alone(unsigned char marker) {
    return marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD7);
}

bool is_frame_header(unsigned char marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Where the packed pixels that begin at `at` end: at the next marker that is none of theirs.
std::size_t end_of_pixels(std::string_view file, std::size_t at) {
    while ((at = file.find('\xff', at)) != std::string_view::npos && at + 1 < file.size()) {
        const auto next = static_cast<unsigned char>(file[at + 1]);
        if (next != 0xFF && !stands_alone(next)) return at;
        at += next == 0xFF ? 1 : 2;
    }
    return file.size();
}

// Reads the segments in their order and keeps what the pixels need.
class JpegReader {
  public:
    JpegReader() { essence_.bytes = "\xff\xd8"; }

    // `data` is behind the segment's length.
    Result<void> take(unsigned char marker, std::string_view data, std::string_view whole) {
        if (is_frame_header(marker) && essence_.width == 0) {
            if (data.size() < 5) return damaged(FileType::jpeg);
            OURVIDZ_CHECK(take_size(essence_, number_at(data, 3, 2, ByteOrder::big),
                                    number_at(data, 1, 2, ByteOrder::big), FileType::jpeg));
        }
        if (marker == 0xE1 && !has_exif_ && data.starts_with("Exif\0\0"sv)) {
            has_exif_ = true;
            essence_.orientation = orientation_in(data);
        }
        if (marker == 0xE2 && data.starts_with("ICC_PROFILE\0"sv)) {
            profile_bytes_ += data.size();
            if (profile_bytes_ > profile_bytes_max) return profile_too_large(FileType::jpeg);
            keep(whole);
        }
        // How colours are meant: JFIF and Adobe.
        if (marker == 0xE0 && data.starts_with("JFIF\0"sv) && !std::exchange(has_jfif_, true)) keep(whole);
        if (marker == 0xEE && data.starts_with("Adobe"sv) && !std::exchange(has_adobe_, true)) keep(whole);
        const bool is_note = (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE;
        if (!is_note) keep(whole);
        if (marker == start_of_scan && ++scans_ > scans_max) return too_many_scans();
        return {};
    }
    void keep(std::string_view whole) { essence_.bytes.append(whole); }

    // Errors: there was no picture.
    Result<Essence> essence() && {
        if (essence_.width == 0 || scans_ == 0) return damaged(FileType::jpeg);
        return std::move(essence_);
    }

  private:
    Essence essence_;
    std::size_t profile_bytes_ = 0;
    int scans_ = 0;
    bool has_exif_ = false;
    bool has_jfif_ = false;
    bool has_adobe_ = false;
};

}  // namespace

Result<Essence> essence_of_jpeg(std::string_view file) {
    JpegReader reader;
    std::size_t at = 2;
    while ((at = file.find('\xff', at)) != std::string_view::npos) {
        at = std::min(file.find_first_not_of('\xff', at), file.size());
        if (at == file.size()) break;
        const auto marker = static_cast<unsigned char>(file[at]);
        if (marker == end_of_picture) {
            reader.keep("\xff\xd9");
            break;
        }
        if (marker == start_of_picture) return damaged(FileType::jpeg);
        if (stands_alone(marker)) continue;
        if (at + 3 > file.size()) return damaged(FileType::jpeg);
        const std::size_t length = number_at(file, at + 1, 2, ByteOrder::big);
        if (length < 2 || at + 1 + length > file.size()) return damaged(FileType::jpeg);
        const auto end = at + 1 + length;
        OURVIDZ_CHECK(
            reader.take(marker, file.substr(at + 3, length - 2), file.substr(at - 1, end - at + 1)));
        at = end;
        if (marker != start_of_scan) continue;
        const auto pixels_end = end_of_pixels(file, at);
        reader.keep(file.substr(at, pixels_end - at));
        at = pixels_end;
    }
    return std::move(reader).essence();
}

}  // namespace ourvidz::media
