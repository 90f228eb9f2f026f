#include "http/url.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace ourvidz::http {
namespace {

constexpr std::size_t query_names_max = 64;
constexpr unsigned port_max = 65'535;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// A registered name could hold escapes and punctuation, which no name of a server has.
bool is_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_unreserved);
}

bool is_address_in_brackets(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(),
                                        [](char c) { return hex_digit(c) >= 0 || c == ':' || c == '.'; });
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, port);
    return text.empty() || (failure == std::errc() && stop == end && port <= port_max);
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    // No name, id or value in an address has any; a database may refuse them, and a log must not print them.
    if (character_fault(out, Characters::line)) return std::nullopt;
    return out;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

Result<std::string> url_path(std::initializer_list<std::string_view> segments) {
    std::string path;
    for (const auto segment : segments) {
        if (segment.empty() || segment == "." || segment == "..") {
            return invalid_field("path", "A part of the path is empty or made of dots.");
        }
        path += '/';
        path += percent_encode(segment);
    }
    return path;
}

std::optional<Target> split_target(std::string_view target) {
    std::optional<std::string_view> authority;
    if (!target.starts_with('/')) {
        const auto scheme_end = target.find("://");
        if (scheme_end == std::string_view::npos) return std::nullopt;
        const auto scheme = in_lower_case(target.substr(0, scheme_end));
        if (scheme != "http" && scheme != "https") return std::nullopt;
        target.remove_prefix(scheme_end + 3);
        authority = target.substr(0, target.find_first_of("/?"));
        target.remove_prefix(authority->size());
        if (!target.starts_with('/')) return Target{authority, "/", target.substr(target.empty() ? 0 : 1)};
    }
    const auto question = target.find('?');
    if (question == std::string_view::npos) return Target{authority, target, {}};
    return Target{authority, target.substr(0, question), target.substr(question + 1)};
}

std::optional<Fields> parse_query(std::string_view raw_query, std::string* repeated) {
    Fields fields;
    while (!raw_query.empty()) {
        const auto end = std::min(raw_query.find('&'), raw_query.size());
        const auto pair = raw_query.substr(0, end);
        raw_query.remove_prefix(std::min(end + 1, raw_query.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value || fields.size() >= query_names_max) return std::nullopt;
        if (repeated != nullptr && fields.contains(*name)) *repeated = *name;
        fields.insert_or_assign(std::move(*name), std::move(*value));
    }
    return fields;
}

std::optional<Authority> parse_authority(std::string_view text) {
    std::string_view host = text.substr(0, text.find(':'));
    std::string_view rest = text.substr(host.size());
    const bool in_brackets = text.starts_with('[');
    if (in_brackets) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        host = text.substr(1, end - 1);
        rest = text.substr(end + 1);
    }
    if (!(in_brackets ? is_address_in_brackets(host) : is_name(host))) return std::nullopt;
    if (!rest.empty() && !(rest.front() == ':' && is_port(rest.substr(1)))) return std::nullopt;
    return Authority{in_lower_case(host), std::string(rest.substr(rest.empty() ? 0 : 1))};
}

}  // namespace ourvidz::http
