#include "db/postgres_values.h"

#include <array>
#include <charconv>
#include <cstdlib>

#include "db/refused.h"

namespace ourvidz::db {
namespace {

// Object ids of built-in types, fixed by PostgreSQL for ever.
constexpr Oid type_bool = 16;
constexpr Oid type_int8 = 20;
constexpr Oid type_int2 = 21;
constexpr Oid type_int4 = 23;
constexpr Oid type_text = 25;
constexpr Oid type_oid = 26;
constexpr Oid type_float4 = 700;
constexpr Oid type_float8 = 701;
constexpr Oid type_numeric = 1700;

std::string shortest(double number) {
    std::array<char, 64> text{};
    const auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() ? std::string(text.data(), end) : "NaN";
}

Value parsed(Oid type, std::string_view text) {
    switch (type) {
        case type_bool:
            return std::int64_t{text == "t"};
        case type_int2:
        case type_int4:
        case type_int8:
        case type_oid:
        case type_numeric: {
            // A sum of whole numbers is a numeric without a point.
            std::int64_t whole = 0;
            const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), whole);
            if (failure == std::errc() && end == text.data() + text.size()) return whole;
            return std::strtod(std::string(text).c_str(), nullptr);
        }
        case type_float4:
        case type_float8:
            return std::strtod(std::string(text).c_str(), nullptr);
        default:
            return std::string(text);
    }
}

std::string message_of(const PGresult& result) {
    const char* text = PQresultErrorField(&result, PG_DIAG_MESSAGE_PRIMARY);
    return text != nullptr ? text : "no reason given";
}

}  // namespace

PostgresParameters::PostgresParameters(const std::vector<Value>& values) {
    numbers_.reserve(values.size());  // pointers into it must stay
    for (const auto& value : values) {
        if (const auto* whole = std::get_if<std::int64_t>(&value)) {
            types_.push_back(type_int8);
            pointers_.push_back(numbers_.emplace_back(std::to_string(*whole)).c_str());
            signature_ += 'i';
        } else if (const auto* real = std::get_if<double>(&value)) {
            types_.push_back(type_float8);
            pointers_.push_back(numbers_.emplace_back(shortest(*real)).c_str());
            signature_ += 'f';
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            types_.push_back(type_text);
            pointers_.push_back(text->c_str());
            signature_ += 't';
        } else {
            types_.push_back(0);
            pointers_.push_back(nullptr);
            signature_ += 'n';
        }
    }
}

Rows rows_from(const PGresult& result) {
    Rows rows;
    const int columns = PQnfields(&result);
    rows.reserve(static_cast<std::size_t>(PQntuples(&result)));
    for (int row = 0; row < PQntuples(&result); ++row) {
        std::vector<Value> values;
        values.reserve(static_cast<std::size_t>(columns));
        for (int column = 0; column < columns; ++column) {
            if (PQgetisnull(&result, row, column) != 0) {
                values.emplace_back(nullptr);
                continue;
            }
            const auto size = static_cast<std::size_t>(PQgetlength(&result, row, column));
            values.push_back(parsed(PQftype(&result, column), {PQgetvalue(&result, row, column), size}));
        }
        rows.emplace_back(std::move(values));
    }
    return rows;
}

std::int64_t rows_changed(PGresult& result) {
    return std::strtoll(PQcmdTuples(&result), nullptr, 10);
}

PostgresFailure failure_from(const PGresult& result, std::string_view sql) {
    const char* field = PQresultErrorField(&result, PG_DIAG_SQLSTATE);
    const std::string state = field != nullptr ? field : "";
    const auto reason = message_of(result);
    const auto family = state.substr(0, 2);
    if (state == "40001" || state == "40P01") {
        return {{ErrorCode::unavailable, "Too many changes at once; try again.", ""}, true, false};
    }
    if (state == "23505") {
        // Perhaps the other row came in a moment ago: run again, the work would have seen it.
        return {refused(reason), true, false};
    }
    if (family == "23") {
        return {refused(reason), false, false};
    }
    if (state == "53100") {
        return {{ErrorCode::unavailable,
                 "The database's disk is full, so nothing can be saved. Free some space and try again.", ""},
                false,
                false};
    }
    // Out of resources, operator's intervention, broken connection, I/O: nothing that the SQL could help. All
    // but the first, and a statement that took too long, end the session.
    if (state.empty() || family == "53" || family == "57" || family == "08" || family == "58") {
        const bool over = family != "53" && state != "57014";
        return {{ErrorCode::unavailable, "The database does not answer: " + reason, ""}, false, over};
    }
    // A prepared statement that a migration of a newer server has made stale: a new session knows none.
    const bool stale = state == "0A000" || state == "26000";
    return {{ErrorCode::internal, "Wrong SQL (" + reason + "): " + std::string(sql), ""}, false, stale};
}

}  // namespace ourvidz::db
