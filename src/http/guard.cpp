#include "http/guard.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "http/url.h"

namespace ourvidz::http {
namespace {

// Name and port in lower case; the ports that a scheme implies are left out.
std::string normal_authority(std::string_view authority) {
    for (const std::string_view implied : {":80", ":443"}) {
        if (authority.ends_with(implied)) authority.remove_suffix(implied.size());
    }
    return in_lower_case(authority);
}

constexpr std::string_view proxy_hint =
    "pass the browser's Host on (nginx: proxy_set_header Host $http_host;)";
constexpr std::size_t quoted_bytes_max = 255;

std::string quoted(std::string_view text) {
    return '"' + std::string(text.substr(0, quoted_bytes_max)) + '"';
}

Error unknown_host(std::string_view host) {
    return Error{
        ErrorCode::forbidden,
        "The Host header says " + quoted(host) +
            ", and the studio does not answer to that name. Name it in public_hosts if it is the studio's; "
            "if a proxy stands before the studio, let it " +
            std::string(proxy_hint) + ".",
        ""};
}

Error foreign_page(std::string_view origin, std::string_view host) {
    return Error{ErrorCode::forbidden,
                 "Requests from pages of other sites are refused: the page is of " + quoted(origin) +
                     ", and the Host header says " + quoted(host) +
                     ". If that page is the studio's, let the proxy before it " + std::string(proxy_hint) +
                     ".",
                 ""};
}

}  // namespace

bool changes_nothing(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

std::optional<Error> refuse_foreign(const Request& request, const std::vector<std::string>& allowed_hosts) {
    const auto host = request.header("host");
    const auto authority = parse_authority(host);
    if (!authority) return Error{ErrorCode::malformed_body, "The Host header is not valid.", ""};
    if (!allowed_hosts.empty() &&
        std::find(allowed_hosts.begin(), allowed_hosts.end(), authority->host) == allowed_hosts.end()) {
        return unknown_host(authority->host);
    }
    if (changes_nothing(request.method)) return std::nullopt;
    const auto found = request.headers.find("origin");
    if (found == request.headers.end()) return std::nullopt;
    const std::string_view origin = found->second;
    const auto scheme_end = origin.find("://");
    if (scheme_end == std::string_view::npos ||
        normal_authority(origin.substr(scheme_end + 3)) != normal_authority(host)) {
        return foreign_page(origin, host);
    }
    return std::nullopt;
}

}  // namespace ourvidz::http
