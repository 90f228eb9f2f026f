#include "http/problem.h"

#include <array>
#include <string>
#include <string_view>

#include "base/sentence.h"

namespace ourvidz::http {
namespace {

struct Kind {
    ErrorCode code;
    int status;
    std::string_view title;
};

// Of several codes with one status, the first stands for a bare status from elsewhere.
constexpr std::array kinds = {
    Kind{ErrorCode::invalid_field, 422, "A field is not valid"},
    Kind{ErrorCode::malformed_body, 400, "The request cannot be read"},
    Kind{ErrorCode::unsupported_media_type, 415, "The body is of another type than this call takes"},
    Kind{ErrorCode::too_large, 413, "The request is too large"},
    Kind{ErrorCode::unauthenticated, 401, "A valid credential is needed"},
    Kind{ErrorCode::forbidden, 403, "Not allowed"},
    Kind{ErrorCode::not_found, 404, "Not found"},
    Kind{ErrorCode::method_not_allowed, 405, "Method not allowed"},
    Kind{ErrorCode::conflict, 409, "The current state does not allow this"},
    Kind{ErrorCode::precondition_failed, 412, "A condition of the request does not hold"},
    Kind{ErrorCode::range_not_satisfiable, 416, "There is no such part"},
    Kind{ErrorCode::idempotency_mismatch, 422, "The idempotency key was used for another request"},
    Kind{ErrorCode::not_enough_credits, 402, "Not enough credits"},
    Kind{ErrorCode::refused, 403, "Refused by the safety rules"},
    Kind{ErrorCode::held, 403, "Held by the safety rules"},
    Kind{ErrorCode::lease_lost, 409, "The lease is lost"},
    Kind{ErrorCode::too_many_requests, 429, "Too many requests"},
    Kind{ErrorCode::unavailable, 503, "Not available now"},
    Kind{ErrorCode::engine_failed, 502, "The engine failed"},
    Kind{ErrorCode::canceled, 409, "Canceled"},
    Kind{ErrorCode::internal, 500, "Internal error"},
};

constexpr bool lists_every_code_in_order() {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (static_cast<std::size_t>(kinds[i].code) != i) return false;
    }
    return kinds.back().code == ErrorCode::internal;
}
static_assert(lists_every_code_in_order());

const Kind& kind_of(ErrorCode code) {
    return kinds.at(static_cast<std::size_t>(code));
}

ErrorCode code_of_status(int status) {
    for (const auto& kind : kinds) {
        if (kind.status == status) return kind.code;
    }
    return status >= 500 ? ErrorCode::unavailable : ErrorCode::internal;
}

}  // namespace

int status_of(ErrorCode code) {
    return kind_of(code).status;
}

Response json_response(int status, const json::value& body) {
    Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/json");
    response.body = json::serialize(body);
    return response;
}

Response problem(const Error& error) {
    const auto& kind = kind_of(error.code);
    const auto name = to_string(error.code);
    json::object body;
    body["type"] = "urn:ourvidz:problem:" + std::string(name);
    body["title"] = kind.title;
    body["status"] = kind.status;
    body["code"] = name;
    body["detail"] = error.detail.empty() ? std::string(kind.title) + "." : sentence_of(error);
    if (!error.field.empty()) body["field"] = error.field;
    if (!error.suggestions.empty())
        body["suggestions"] = json::array(error.suggestions.begin(), error.suggestions.end());
    Response response;
    response.status = kind.status;
    response.headers.emplace_back("Content-Type", "application/problem+json");
    if (error.code == ErrorCode::unauthenticated) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (error.code == ErrorCode::too_many_requests || error.code == ErrorCode::unavailable) {
        response.headers.emplace_back("Retry-After", "1");
    }
    response.body = json::serialize(body);
    return response;
}

Error error_of_reply(int status, std::string_view content_type, std::string_view body) {
    Error error{code_of_status(status), "The server answered with status " + std::to_string(status) + ".",
                ""};
    if (!content_type.starts_with("application/problem+json")) return error;
    const auto parsed = parse_json_object(body);
    if (!parsed) return error;
    const auto text = [&](std::string_view name) -> std::string {
        const auto* value = (*parsed).if_contains(name);
        return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
    };
    if (const auto code = error_code_from(text("code"))) error.code = *code;
    if (auto detail = text("detail"); !detail.empty()) error.detail = std::move(detail);
    error.field = text("field");
    return error;
}

}  // namespace ourvidz::http
