#include "http/framing.h"

#include <algorithm>
#include <array>

namespace ourvidz::http {
namespace {

// A length beyond this is no number of bytes that anybody sends, and must not wrap around.
constexpr std::size_t length_digits_max = 18;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

bool is_token_character(char c) {
    return is_alphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
    return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                      [](char a, char b) { return lower(a) == b; });
}

}  // namespace

bool has_control_characters(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

bool is_field_line(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const auto name = line.substr(0, colon);
    return std::all_of(name.begin(), name.end(), is_token_character) && !has_control_characters(line);
}

std::optional<std::string> framing_fault(const BodyFraming& framing) {
    if (framing.transfer_encoding) {
        if (!framing.http_1_1) return "HTTP/1.0 has no Transfer-Encoding.";
        if (framing.content_length) return "There is a Transfer-Encoding and a Content-Length.";
        if (!equals_ignoring_case(*framing.transfer_encoding, "chunked"))
            return "The only Transfer-Encoding that is understood here is chunked.";
    }
    if (framing.content_length) {
        const auto length = *framing.content_length;
        const bool is_number = !length.empty() && length.size() <= length_digits_max &&
                               std::all_of(length.begin(), length.end(), is_digit);
        if (!is_number) return "The Content-Length is not one number.";
    }
    return std::nullopt;
}

bool is_singleton(std::string_view lower_case_name) {
    static constexpr std::array<std::string_view, 11> names = {
        "authorization", "content-length",  "content-type",     "expect",
        "host",          "idempotency-key", "if-range",         "last-event-id",
        "origin",        "range",           "transfer-encoding"};
    return std::find(names.begin(), names.end(), lower_case_name) != names.end();
}

bool is_request_target(std::string_view target) {
    return !target.empty() &&
           std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
}

}  // namespace ourvidz::http
