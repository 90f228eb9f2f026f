#include "exit_status.h"

#include <cstdio>

#include "base/sentence.h"

namespace ourvidz::cli {

ExitStatus exit_status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_field:
        case ErrorCode::malformed_body:
        case ErrorCode::unsupported_media_type:
        case ErrorCode::too_large:
        case ErrorCode::not_found:
        case ErrorCode::method_not_allowed:
        case ErrorCode::conflict:
        case ErrorCode::precondition_failed:
        case ErrorCode::range_not_satisfiable:
        case ErrorCode::idempotency_mismatch:
            return exit_usage;
        case ErrorCode::canceled:
            return exit_canceled;
        case ErrorCode::unavailable:
        case ErrorCode::too_many_requests:
        case ErrorCode::not_enough_credits:
        case ErrorCode::unauthenticated:
        case ErrorCode::forbidden:
            return exit_unavailable;
        case ErrorCode::refused:
        case ErrorCode::held:
            return exit_refused;
        case ErrorCode::lease_lost:
        case ErrorCode::engine_failed:
        case ErrorCode::internal:
            return exit_failed;
    }
    return exit_failed;
}

int report(const Error& error) {
    // What the server says of a field has its subject in it; what it says of an option's value has not.
    const bool stands_alone = !error.field.starts_with('-') && sentence_of(error) == error.detail;
    const std::string place = error.field.empty() || stands_alone ? "" : error.field + ": ";
    std::fprintf(stderr, "ourvidz: %s%s\n", place.c_str(), error.detail.c_str());
    return exit_status_of(error.code);
}

}  // namespace ourvidz::cli
