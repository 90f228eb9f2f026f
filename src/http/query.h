// Reading query parameters with errors that name them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/server.h"

namespace ourvidz::http {

// The preset when absent. Errors: invalid_field.
[[nodiscard]] Result<std::int64_t> query_integer(const Request& request, std::string_view name,
                                                 std::int64_t min, std::int64_t max, std::int64_t preset);
[[nodiscard]] Result<std::int64_t> required_query_integer(const Request& request, std::string_view name,
                                                          std::int64_t min, std::int64_t max);
[[nodiscard]] Result<bool> query_boolean(const Request& request, std::string_view name, bool preset);
// Empty when absent.
[[nodiscard]] Result<std::string> query_choice(const Request& request, std::string_view name,
                                               const std::vector<std::string_view>& allowed);

}  // namespace ourvidz::http
