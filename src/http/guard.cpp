#include "http/guard.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "http/url.h"

namespace ourvidz::http {
namespace {

// Name and port in lower case; the ports that a scheme implies are left out.
std::string normal_authority(std::string_view authority) {
    for (const std::string_view implied : {":80", ":443"}) {
        if (authority.ends_with(implied)) authority.remove_suffix(implied.size());
    }
    std::string text(authority);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool changes_nothing(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

}  // namespace

std::optional<Error> refuse_foreign(const Request& request, const std::vector<std::string>& allowed_hosts) {
    const auto host = request.header("host");
    const auto authority = parse_authority(host);
    if (!authority) return Error{ErrorCode::malformed_body, "The Host header is not valid.", ""};
    if (!allowed_hosts.empty() &&
        std::find(allowed_hosts.begin(), allowed_hosts.end(), authority->host) == allowed_hosts.end()) {
        return Error{ErrorCode::forbidden, "This server does not answer under that host name.", ""};
    }
    if (changes_nothing(request.method)) return std::nullopt;
    const auto found = request.headers.find("origin");
    if (found == request.headers.end()) return std::nullopt;
    const std::string_view origin = found->second;
    const auto scheme_end = origin.find("://");
    if (scheme_end == std::string_view::npos ||
        normal_authority(origin.substr(scheme_end + 3)) != normal_authority(host)) {
        return Error{ErrorCode::forbidden, "Requests from pages of other sites are refused.", ""};
    }
    return std::nullopt;
}

}  // namespace ourvidz::http
