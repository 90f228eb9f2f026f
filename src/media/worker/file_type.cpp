#include "media/worker/file_type.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/unicode.h"

namespace ourvidz::media {
namespace {

constexpr std::size_t text_look_bytes = 1024;

struct Signature {
    std::size_t offset;
    std::string_view bytes;
    FileType type;
};

using namespace std::string_view_literals;

constexpr std::array signatures{
    Signature{0, "\x89PNG\r\n\x1a\n"sv, FileType::png},
    Signature{0, "\xff\xd8"sv, FileType::jpeg},
    Signature{0, "GIF87a"sv, FileType::gif},
    Signature{0, "GIF89a"sv, FileType::gif},
    Signature{0, "II*\0"sv, FileType::tiff},
    Signature{0, "MM\0*"sv, FileType::tiff},
    Signature{0, "BM"sv, FileType::bmp},
    Signature{4, "ftypheic"sv, FileType::heif},
    Signature{4, "ftypmif1"sv, FileType::heif},
    Signature{4, "ftypavif"sv, FileType::heif},
    Signature{4, "ftyp"sv, FileType::video},
    Signature{0, "\x1a\x45\xdf\xa3"sv, FileType::video},
    Signature{0, "%PDF-"sv, FileType::pdf},
    Signature{0, "PK\x03\x04"sv, FileType::zip},
};

// The look may end within a character.
bool is_utf8_so_far(std::string_view start) {
    constexpr std::size_t rest_of_a_character_max = 3;
    for (std::size_t cut = 0; cut <= std::min(rest_of_a_character_max, start.size()); ++cut) {
        if (is_utf8(start.substr(0, start.size() - cut))) return cut < start.size();
    }
    return false;
}

bool looks_like_text(std::string_view start) {
    return is_utf8_so_far(start) && std::all_of(start.begin(), start.end(), [](unsigned char c) {
               return c >= 0x20 || c == '\n' || c == '\r' || c == '\t';
           });
}

FileType markup_type(std::string_view start) {
    if (start.starts_with("\xef\xbb\xbf")) start.remove_prefix(3);
    if (!looks_like_text(start)) return FileType::unknown;
    const auto lower = in_lower_case(start);
    if (lower.find("<svg") != std::string::npos) return FileType::svg;
    for (const auto tag : {"<!doctype html", "<html", "<head", "<body", "<script"}) {
        if (lower.find(tag) != std::string::npos) return FileType::html;
    }
    return FileType::text;
}

}  // namespace

FileType file_type_of(std::string_view bytes) {
    if (bytes.starts_with("RIFF") &&
        bytes.substr(0, 12).substr(std::min<std::size_t>(8, bytes.size())) == "WEBP") {
        return FileType::webp;
    }
    for (const auto& signature : signatures) {
        if (bytes.size() >= signature.offset && bytes.substr(signature.offset).starts_with(signature.bytes)) {
            return signature.type;
        }
    }
    return markup_type(bytes.substr(0, text_look_bytes));
}

std::string_view describe(FileType type) {
    switch (type) {
        case FileType::png:
            return "a PNG picture";
        case FileType::jpeg:
            return "a JPEG picture";
        case FileType::webp:
            return "a WebP picture";
        case FileType::gif:
            return "a GIF";
        case FileType::tiff:
            return "a TIFF picture";
        case FileType::bmp:
            return "a BMP picture";
        case FileType::heif:
            return "a HEIF or AVIF picture";
        case FileType::video:
            return "a video";
        case FileType::svg:
            return "an SVG drawing";
        case FileType::pdf:
            return "a PDF document";
        case FileType::html:
            return "a web page";
        case FileType::zip:
            return "a ZIP archive or office document";
        case FileType::text:
            return "text";
        case FileType::unknown:
            return "of a type that is not known";
    }
    return "of a type that is not known";
}

}  // namespace ourvidz::media
