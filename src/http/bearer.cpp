#include "http/bearer.h"

#include <openssl/crypto.h>

#include <string_view>
#include <utility>

#include "http/problem.h"

namespace ourvidz::http {
namespace {

bool shows_token(const Request& request, std::string_view token) {
    const auto given = request.header("authorization");
    const auto expected = "Bearer " + std::string(token);
    return !token.empty() && given.size() == expected.size() &&
           CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

}  // namespace

Handler needs_token(std::string token, std::string refusal, Handler handler) {
    return [token = std::move(token), refusal = std::move(refusal),
            handler = std::move(handler)](Request request) -> asio::awaitable<Response> {
        if (shows_token(request, token)) return handler(std::move(request));
        return [](std::string why) -> asio::awaitable<Response> {
            co_return problem(Error{ErrorCode::unauthenticated, std::move(why), ""});
        }(refusal);
    };
}

}  // namespace ourvidz::http
