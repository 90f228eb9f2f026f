// Whole numbers of 64 bits in JSON, where many readers keep 53 bits of a number. Beyond those they are text
// with the digits, so that nobody rounds them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json.h"

namespace ourvidz {

constexpr std::int64_t json_number_max = 9'007'199'254'740'991;  // 2^53 - 1, either side of 0

// A number where every reader keeps it, else text.
[[nodiscard]] json::value exact_integer(std::int64_t number);

// Reads back what exact_integer() wrote, and a number of any size. Nullopt for anything else.
[[nodiscard]] std::optional<std::int64_t> exact_integer_in(const json::value& value);

// As FieldReader::integer(), for a field that may be a number or text with its digits; min is at least 0.
// `body` is what the reader reads.
[[nodiscard]] std::optional<std::int64_t> exact_integer(FieldReader& reader, const json::object& body,
                                                        std::string_view name, std::int64_t min,
                                                        std::int64_t max);

}  // namespace ourvidz
