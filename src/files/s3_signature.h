// Signatures of requests to S3 (AWS Signature Version 4), in a header or, for links, in the query.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace ourvidz::files {

struct S3Login {
    std::string access_key;
    std::string secret_key;
    std::string region;
};

using S3Query = std::vector<std::pair<std::string, std::string>>;

struct S3Request {
    std::string method;
    std::string host;                            // with the port, unless it is the scheme's own
    std::string path;                            // percent-encoded
    S3Query query;                               // as it is meant, not encoded
    std::map<std::string, std::string> headers;  // further ones to sign, with lower-case names
    std::string payload_sha256;
};

// "a=b&c=d", encoded and sorted as both the signature and the request need it.
[[nodiscard]] std::string query_text(S3Query query);

// The headers that make the request a signed one: x-amz-date, x-amz-content-sha256, Authorization.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> signing_headers(const S3Request& request,
                                                                               const S3Login& login,
                                                                               UnixMs now);

// The whole query of a link for the request, valid for so many seconds from `now` on.
[[nodiscard]] std::string signed_query(S3Request request, const S3Login& login, UnixMs now,
                                       std::int64_t seconds);

}  // namespace ourvidz::files
