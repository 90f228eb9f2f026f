// RFC 9457 problem+json: the one place where outcomes become status codes.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "http/server.h"

namespace ourvidz::http {

// {"type","title","status","detail","field"?,"code"}; content type application/problem+json.
[[nodiscard]] Response problem(const Error& error);
[[nodiscard]] Response json_response(int status, const json::value& body);
[[nodiscard]] int status_of(ErrorCode code);

}  // namespace ourvidz::http
