// Calls that need a secret.
#pragma once

#include <string>

#include "http/server.h"

namespace ourvidz::http {

// `handler` for who shows the token; who does not is told `refusal`, as unauthenticated. Tokens
// are compared in a time that says nothing about them.
[[nodiscard]] Handler needs_token(std::string token, std::string refusal, Handler handler);

}  // namespace ourvidz::http
