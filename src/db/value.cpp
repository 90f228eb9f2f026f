#include "db/database.h"

namespace ourvidz::db {

Value nullable(const std::optional<std::string>& text) {
    return text ? Value(*text) : Value(nullptr);
}
Value nullable(const std::optional<std::int64_t>& number) {
    return number ? Value(*number) : Value(nullptr);
}

std::int64_t Row::integer(std::size_t column) const {
    const auto& value = values_.at(column);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
    if (const auto* real = std::get_if<double>(&value)) return static_cast<std::int64_t>(*real);
    return 0;
}

double Row::number(std::size_t column) const {
    const auto& value = values_.at(column);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    return 0;
}

std::string Row::text(std::size_t column) const {
    const auto* text = std::get_if<std::string>(&values_.at(column));
    return text != nullptr ? *text : std::string();
}

bool Row::is_null(std::size_t column) const {
    return std::holds_alternative<std::nullptr_t>(values_.at(column));
}

std::optional<std::string> Row::optional_text(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
}

std::optional<std::int64_t> Row::optional_integer(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
}

}  // namespace ourvidz::db
