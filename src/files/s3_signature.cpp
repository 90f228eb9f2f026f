#include "files/s3_signature.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/sha256.h"
#include "http/url.h"

namespace ourvidz::files {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

std::string stamp(UnixMs now) {
    return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(static_cast<std::time_t>(now / 1000)));
}

std::string scope_of(const S3Login& login, const std::string& time) {
    return time.substr(0, 8) + "/" + login.region + "/s3/aws4_request";
}

std::string names_of(const std::map<std::string, std::string>& headers) {
    std::string names;
    for (const auto& [name, value] : headers) names.append(names.empty() ? "" : ";").append(name);
    return names;
}

std::string signature(const S3Request& request, const S3Login& login, const std::string& time) {
    std::string canonical = request.method + "\n" + request.path + "\n" + query_text(request.query) + "\n";
    for (const auto& [name, value] : request.headers) canonical += name + ":" + value + "\n";
    canonical += "\n" + names_of(request.headers) + "\n" + request.payload_sha256;
    const auto text =
        std::string(algorithm) + "\n" + time + "\n" + scope_of(login, time) + "\n" + sha256_hex(canonical);
    const auto day = hmac_sha256("AWS4" + login.secret_key, time.substr(0, 8));
    const auto key = hmac_sha256(hmac_sha256(hmac_sha256(day, login.region), "s3"), "aws4_request");
    const auto sum = hmac_sha256(key, text);
    return to_hex(sum.data(), sum.size());
}

}  // namespace

std::string query_text(S3Query query) {
    for (auto& [name, value] : query) {
        name = http::percent_encode(name);
        value = http::percent_encode(value);
    }
    std::sort(query.begin(), query.end());
    std::string text;
    for (const auto& [name, value] : query)
        text.append(text.empty() ? "" : "&").append(name).append("=").append(value);
    return text;
}

std::vector<std::pair<std::string, std::string>> signing_headers(const S3Request& request,
                                                                 const S3Login& login, UnixMs now) {
    const auto time = stamp(now);
    auto all = request;
    all.headers["host"] = request.host;
    all.headers["x-amz-date"] = time;
    all.headers["x-amz-content-sha256"] = request.payload_sha256;
    auto authorization = std::string(algorithm) + " Credential=" + login.access_key + "/" +
                         scope_of(login, time) + ", SignedHeaders=" + names_of(all.headers) +
                         ", Signature=" + signature(all, login, time);
    return {{"x-amz-date", time},
            {"x-amz-content-sha256", request.payload_sha256},
            {"Authorization", std::move(authorization)}};
}

std::string signed_query(S3Request request, const S3Login& login, UnixMs now, std::int64_t seconds) {
    const auto time = stamp(now);
    request.headers["host"] = request.host;
    request.payload_sha256 = unsigned_payload;
    request.query.emplace_back("X-Amz-Algorithm", algorithm);
    request.query.emplace_back("X-Amz-Credential", login.access_key + "/" + scope_of(login, time));
    request.query.emplace_back("X-Amz-Date", time);
    request.query.emplace_back("X-Amz-Expires", std::to_string(seconds));
    request.query.emplace_back("X-Amz-SignedHeaders", names_of(request.headers));
    const auto sum = signature(request, login, time);
    return query_text(request.query) + "&X-Amz-Signature=" + sum;
}

}  // namespace ourvidz::files
