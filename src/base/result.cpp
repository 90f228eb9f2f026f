#include "base/result.h"

#include <algorithm>
#include <array>

namespace ourvidz {
namespace {

constexpr std::array<std::pair<ErrorCode, std::string_view>, 21> names{{
    {ErrorCode::invalid_field, "invalid_field"},
    {ErrorCode::malformed_body, "malformed_body"},
    {ErrorCode::unsupported_media_type, "unsupported_media_type"},
    {ErrorCode::too_large, "too_large"},
    {ErrorCode::unauthenticated, "unauthenticated"},
    {ErrorCode::forbidden, "forbidden"},
    {ErrorCode::not_found, "not_found"},
    {ErrorCode::method_not_allowed, "method_not_allowed"},
    {ErrorCode::conflict, "conflict"},
    {ErrorCode::precondition_failed, "precondition_failed"},
    {ErrorCode::range_not_satisfiable, "range_not_satisfiable"},
    {ErrorCode::idempotency_mismatch, "idempotency_mismatch"},
    {ErrorCode::not_enough_credits, "not_enough_credits"},
    {ErrorCode::refused, "refused"},
    {ErrorCode::held, "held"},
    {ErrorCode::lease_lost, "lease_lost"},
    {ErrorCode::too_many_requests, "too_many_requests"},
    {ErrorCode::unavailable, "unavailable"},
    {ErrorCode::engine_failed, "engine_failed"},
    {ErrorCode::canceled, "canceled"},
    {ErrorCode::internal, "internal"},
}};

}  // namespace

std::string_view to_string(ErrorCode code) {
    const auto* found =
        std::find_if(names.begin(), names.end(), [&](const auto& pair) { return pair.first == code; });
    return found == names.end() ? "internal" : found->second;
}

std::optional<ErrorCode> error_code_from(std::string_view name) {
    const auto* found =
        std::find_if(names.begin(), names.end(), [&](const auto& pair) { return pair.second == name; });
    return found == names.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace ourvidz
