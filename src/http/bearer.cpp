#include "http/bearer.h"

#include <openssl/crypto.h>

#include <string>

namespace ourvidz::http {

bool shows_token(const Request& request, std::string_view token) {
    const auto given = request.header("authorization");
    const auto expected = "Bearer " + std::string(token);
    return !token.empty() && given.size() == expected.size() &&
           CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

}  // namespace ourvidz::http
