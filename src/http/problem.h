// RFC 9457 problem+json: the one place where outcomes become status codes, and back.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "http/server.h"

namespace ourvidz::http {

// {"type","title","status","detail","field"?,"code"}; content type application/problem+json. `code` is the
// enumerator's name.
[[nodiscard]] Response problem(const Error& error);
[[nodiscard]] Response json_response(int status, const json::value& body);
[[nodiscard]] int status_of(ErrorCode code);

// For clients: the Error that a reply with a status of 400 or more stands for. A body that is no problem+json
// gives a sentence with the status, and the code that fits best.
[[nodiscard]] Error error_of_reply(int status, std::string_view content_type, std::string_view body);

}  // namespace ourvidz::http
