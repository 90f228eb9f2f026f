// Result<T>: what can happen is a value; exceptions are for what cannot, and end at the outermost loop.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ourvidz {

// The closed list of ways in which a request can end badly. http/problem.cpp maps each to its
// RFC 9457 problem type and status; nothing else decides on status codes.
enum class ErrorCode {
    invalid_field,           // `field` names the offending input, `detail` says why and what is allowed
    malformed_body,          // not JSON, not UTF-8
    unsupported_media_type,  // a body of a type that the call does not take
    too_large,               // a body, upload or picture over its limit
    unauthenticated,         // no credential, or one that is not known
    forbidden,               // known, but not allowed
    not_found,               // no such thing for this workspace
    method_not_allowed,      // the path exists, the method does not
    conflict,                // the thing is in a state that does not allow this
    precondition_failed,     // the thing is not what a header of the request, such as If-Match, says
    range_not_satisfiable,   // a part is asked for that begins after the end
    idempotency_mismatch,    // an Idempotency-Key was used again with another request
    not_enough_credits,      // it costs more than the workspace has left
    refused,                 // the safety gate said no; `detail` carries the reason code's sentence
    held,                    // the safety gate could not say yes: a person or a missing detector must
    lease_lost,              // the attempt is no longer the live one (fencing)
    too_many_requests,       // over a limit; try again later
    unavailable,             // a part that is needed is not there (model, engine, disk, database)
    engine_failed,           // an engine said no or died; `detail` is its own message
    canceled,                // stopped on request
    internal,                // a bug or a broken machine
};

// The enumerator's name, as it stands in problem+json and in the database.
[[nodiscard]] std::string_view to_string(ErrorCode code);
[[nodiscard]] std::optional<ErrorCode> error_code_from(std::string_view name);

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string detail;  // one sentence for the person who reads it, without private content
    std::string field;   // the JSON path of the offending input, or empty
    std::vector<std::string> suggestions = {};  // what would do in that field's place, the best first
};

[[nodiscard]] inline Error invalid_field(std::string field, std::string detail) {
    return Error{ErrorCode::invalid_field, std::move(detail), std::move(field)};
}

template <class T>
class [[nodiscard]] Result {
  public:
    using value_type = T;

    Result(T value)
        : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
    Result(Error error)
        : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] T& value() & { return *checked(); }
    [[nodiscard]] const T& value() const& { return *const_cast<Result*>(this)->checked(); }
    [[nodiscard]] T&& value() && { return std::move(*checked()); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return checked(); }
    const T* operator->() const { return const_cast<Result*>(this)->checked(); }

    [[nodiscard]] const Error& error() const {
        assert(!ok());
        return *std::get_if<1>(&state_);
    }

  private:
    T* checked() {
        assert(ok());
        return std::get_if<0>(&state_);
    }

    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return !error_.has_value(); }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const {
        assert(!ok());
        return *error_;
    }

  private:
    std::optional<Error> error_;
};

}  // namespace ourvidz

// OURVIDZ_TRY(name, expression): returns the error from the enclosing function, else binds the value.
#define OURVIDZ_TRY_JOIN2(a, b) a##b
#define OURVIDZ_TRY_JOIN(a, b) OURVIDZ_TRY_JOIN2(a, b)
#define OURVIDZ_TRY(name, expression)                            \
    auto OURVIDZ_TRY_JOIN(try_result_, __LINE__) = (expression); \
    if (!OURVIDZ_TRY_JOIN(try_result_, __LINE__).ok())           \
        return OURVIDZ_TRY_JOIN(try_result_, __LINE__).error();  \
    auto& name = *OURVIDZ_TRY_JOIN(try_result_, __LINE__)
// OURVIDZ_CHECK(expression): the same for Result<void>.
#define OURVIDZ_CHECK(expression) \
    if (auto try_result = (expression); !try_result.ok()) return try_result.error()
