// Calls that need a secret.
#pragma once

#include <string_view>

#include "http/server.h"

namespace ourvidz::http {

// Whether the request shows this token, compared in a time that says nothing about it.
[[nodiscard]] bool shows_token(const Request& request, std::string_view token);

}  // namespace ourvidz::http
