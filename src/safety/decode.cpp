#include "safety/decode.h"

#include <cstdint>

#include "safety/fold.h"

namespace ourvidz::safety {

namespace {

constexpr std::size_t encoded_bytes_min = 6;

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

int base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

// Words come out of a true encoding; bytes that only happened to look encoded give signs and broken UTF-8.
bool readable(std::string_view text) {
    if (text.size() < 3 || !fold(text)) return false;
    std::size_t odd = 0;
    std::size_t letters = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < ' ' || byte == 0x7F) return false;
        const bool letter = (byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z';
        if (letter || byte >= 0x80) ++letters;
        if (byte < 0x80 && !letter && byte != ' ' && !(byte >= '0' && byte <= '9')) ++odd;
    }
    return letters * 2 >= text.size() && odd * 5 <= text.size();
}

std::optional<std::string> from_base64(std::string_view text) {
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    if (text.size() < encoded_bytes_min || text.size() % 4 == 1) return std::nullopt;
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = base64_value(c);
        if (value < 0) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out.push_back(static_cast<char>(bits >> count & 0xFFU));
        }
    }
    return readable(out) ? std::optional(out) : std::nullopt;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.starts_with("0x")) text.remove_prefix(2);
    if (text.size() < encoded_bytes_min || text.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_value(text[i]);
        const int low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out.push_back(static_cast<char>(high * 16 + low));
    }
    return readable(out) ? std::optional(out) : std::nullopt;
}

void append_code_point(std::string& out, std::uint32_t point) {
    if (point < 0x80) {
        out.push_back(static_cast<char>(point));
    } else if (point < 0x800) {
        out.push_back(static_cast<char>(0xC0U | point >> 6));
        out.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
    } else if (point < 0x10000 && (point < 0xD800 || point > 0xDFFF)) {
        out.push_back(static_cast<char>(0xE0U | point >> 12));
        out.push_back(static_cast<char>(0x80U | (point >> 6 & 0x3FU)));
        out.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
    }
}

// Reads `digits` at `at` in base 10 or 16; moves `at` behind them.
std::optional<std::uint32_t> read_number(std::string_view text, std::size_t& at, int base,
                                         std::size_t digits_max) {
    std::uint32_t number = 0;
    std::size_t digits = 0;
    while (at < text.size() && digits < digits_max) {
        const int value = hex_value(text[at]);
        if (value < 0 || value >= base) break;
        number = number * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(value);
        ++digits;
        ++at;
    }
    return digits == 0 ? std::nullopt : std::optional(number);
}

// "%63", "&#99;", "&#x63;", "\u0063", "\x63"
std::optional<std::string> undo_escapes(std::string_view text) {
    std::string out;
    bool changed = false;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t next = at;
        std::optional<std::uint32_t> point;
        bool is_byte = false;
        const auto rest = text.substr(at);
        if (rest.starts_with("%") && rest.size() >= 3 && hex_value(rest[1]) >= 0 && hex_value(rest[2]) >= 0) {
            point = read_number(text, next = at + 1, 16, 2);
            is_byte = true;
        } else if (rest.starts_with("&#x")) {
            point = read_number(text, next = at + 3, 16, 6);
        } else if (rest.starts_with("&#")) {
            point = read_number(text, next = at + 2, 10, 7);
        } else if (rest.starts_with("\\u")) {
            point = read_number(text, next = at + 2, 16, 4);
        } else if (rest.starts_with("\\x")) {
            point = read_number(text, next = at + 2, 16, 2);
        }
        if (!point) {
            out.push_back(text[at++]);
            continue;
        }
        if (is_byte) {
            out.push_back(static_cast<char>(*point));
        } else {
            append_code_point(out, *point);
        }
        if (rest.starts_with("&#") && next < text.size() && text[next] == ';') ++next;
        at = next;
        changed = true;
    }
    if (!changed || !fold(out)) return std::nullopt;
    return out;
}

bool is_encoded_piece_character(char c) {
    return base64_value(c) >= 0 || c == '=';
}

}  // namespace

std::optional<std::string> decode_once(std::string_view text) {
    std::string out;
    bool changed = false;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = at;
        while (end < text.size() && is_encoded_piece_character(text[end])) ++end;
        const auto piece = text.substr(at, end - at);
        std::optional<std::string> decoded;
        if (piece.size() >= encoded_bytes_min) {
            decoded = from_hex(piece);
            if (!decoded) decoded = from_base64(piece);
        }
        out.append(decoded ? std::string_view(*decoded) : piece);
        changed = changed || decoded.has_value();
        if (end < text.size()) out.push_back(text[end++]);
        at = end;
    }
    if (text.find_first_of("%&\\") != std::string_view::npos) {
        if (auto plain = undo_escapes(out)) return plain;
    }
    if (!changed) return std::nullopt;
    return out;
}

}  // namespace ourvidz::safety
