#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace ourvidz {
namespace {

constexpr char32_t broken = 0xFFFFFFFF;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct Character {
    char32_t point = broken;
    std::size_t bytes = 1;
};

// The first character of `text`, which is not empty.
Character first_of(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t bytes = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (bytes == 0 || text.size() < bytes) return {};
    char32_t point = lead & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {};
        point = point << 6U | (byte(i) & 0x3FU);
    }
    const bool overlong = (bytes == 3 && point < 0x800) || (bytes == 4 && point < 0x10000);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (overlong || surrogate || point > 0x10FFFF) return {};
    return {point, bytes};
}

bool is_control(char32_t point) {
    return point < 0x20 || (point >= 0x7F && point <= 0x9F);
}

bool is_noncharacter(char32_t point) {
    return (point >= 0xFDD0 && point <= 0xFDEF) || (point & 0xFFFEU) == 0xFFFEU;
}

bool is_refused(char32_t point, Characters allowed) {
    if (point == broken) return true;
    if (allowed == Characters::any) return false;
    if (allowed == Characters::lines && (point == '\n' || point == '\t')) return false;
    return is_control(point) || is_noncharacter(point);
}

std::string named(char32_t point) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(point));
    return text.data();
}

struct Range {
    char32_t first;
    char32_t last;
};
// White space, what Unicode calls default ignorable, the blank pattern of Braille, and what stands for
// something that only two programs between them know: private use, anchors of objects and of annotations.
// Sorted.
constexpr std::array unseen{
    Range{0x0009, 0x000D},   Range{0x0020, 0x0020},    Range{0x0085, 0x0085},   Range{0x00A0, 0x00A0},
    Range{0x00AD, 0x00AD},   Range{0x034F, 0x034F},    Range{0x061C, 0x061C},   Range{0x115F, 0x1160},
    Range{0x1680, 0x1680},   Range{0x17B4, 0x17B5},    Range{0x180B, 0x180F},   Range{0x2000, 0x200F},
    Range{0x2028, 0x202F},   Range{0x205F, 0x206F},    Range{0x2800, 0x2800},   Range{0x3000, 0x3000},
    Range{0x3164, 0x3164},   Range{0xE000, 0xF8FF},    Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0},   Range{0xFFF0, 0xFFFC},    Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A},
    Range{0xE0000, 0xE0FFF}, Range{0xF0000, 0x10FFFF},
};

bool is_unseen(char32_t point) {
    const auto* range = std::lower_bound(unseen.begin(), unseen.end(), point,
                                         [](const Range& one, char32_t sought) { return one.last < sought; });
    return range != unseen.end() && range->first <= point;
}

}  // namespace

std::optional<std::string> character_fault(std::string_view text, Characters allowed) {
    std::size_t number = 0;
    while (!text.empty()) {
        const auto character = first_of(text);
        ++number;
        if (is_refused(character.point, allowed)) {
            const auto place = " at character " + std::to_string(number);
            if (character.point == broken) return "is not UTF-8" + place;
            const auto* kind = is_control(character.point) ? "control character " : "noncharacter ";
            return "has the " + std::string(kind) + named(character.point) + place + "; leave it out";
        }
        text.remove_prefix(character.bytes);
    }
    return std::nullopt;
}

std::size_t separator_bytes(std::string_view text, std::size_t at) {
    const auto sign = first_of(text.substr(at));
    if (sign.bytes == 1) return 0;
    const bool is_mark = (sign.point >= 0x2010 && sign.point <= 0x205E) ||  // dashes, quotation marks, dots
                         (sign.point >= 0x3001 && sign.point <= 0x3011) ||  // of Chinese and Japanese
                         sign.point == 0x00AB || sign.point == 0x00BB;      // guillemets
    return is_mark || is_unseen(sign.point) ? sign.bytes : 0;
}

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    for (auto& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return lower;
}

std::string with_line_feeds(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    for (std::size_t end = 0; (end = text.find('\r')) != std::string_view::npos;) {
        kept += text.substr(0, end);
        kept += '\n';
        text.remove_prefix(text.compare(end, 2, "\r\n") == 0 ? end + 2 : end + 1);
    }
    return kept += text;
}

bool is_blank(std::string_view text) {
    while (!text.empty()) {
        const auto character = first_of(text);
        if (!is_unseen(character.point)) return false;
        text.remove_prefix(character.bytes);
    }
    return true;
}

std::string without_controls(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    while (!text.empty()) {
        const auto character = first_of(text);
        if (character.point == broken) {
            kept += replacement;
        } else if (!is_refused(character.point, Characters::lines)) {
            kept += text.substr(0, character.bytes);
        }
        text.remove_prefix(character.bytes);
    }
    return kept;
}

}  // namespace ourvidz
