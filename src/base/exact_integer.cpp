#include "base/exact_integer.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace ourvidz {
namespace {

constexpr std::size_t digits_max = 40;

// Nullopt where it has anything but digits, or is beyond 64 bits.
std::optional<std::int64_t> number_in(std::string_view digits) {
    std::int64_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, number);
    if (digits.empty() || failure != std::errc() || stop != end) return std::nullopt;
    return number;
}

bool is_number_of_digits(std::string_view text) {
    const bool padded = text.size() > 1 && text.front() == '0';
    return !text.empty() && !padded &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

json::value exact_integer(std::int64_t number) {
    if (number >= -json_number_max && number <= json_number_max) return number;
    return json::string(std::to_string(number));
}

std::optional<std::int64_t> exact_integer_in(const json::value& value) {
    if (value.is_string()) return number_in(value.get_string());
    boost::system::error_code failure;
    const auto number = value.is_number() ? value.to_number<std::int64_t>(failure) : 0;
    if (!value.is_number() || failure) return std::nullopt;
    return number;
}

std::optional<std::int64_t> exact_integer(FieldReader& reader, const json::object& body,
                                          std::string_view name, std::int64_t min, std::int64_t max) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || !value->is_string()) return reader.integer(name, min, max);
    const auto text = reader.text(name, digits_max);
    if (!text) return std::nullopt;
    if (!is_number_of_digits(*text)) {
        reader.fail(name, "must be a whole number, or text with its digits");
        return std::nullopt;
    }
    const auto number = number_in(*text);
    if (!number || *number < min || *number > max) {
        reader.fail(name, "must be from " + std::to_string(min) + " to " + std::to_string(max));
        return std::nullopt;
    }
    return number;
}

}  // namespace ourvidz
