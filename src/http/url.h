// Percent-encoding and targets of requests.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/server.h"

namespace ourvidz::http {

// Nothing for an incomplete escape, and for what character_fault() refuses in a line. `plus_is_space` as in
// queries.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

// All but letters, digits and -._~ as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

// "/a/b" of the segments, each one encoded, so that none can reach another path than the one meant. Fails
// with invalid_field for an empty segment, "." and "..", which no encoding makes harmless.
[[nodiscard]] Result<std::string> url_path(std::initializer_list<std::string_view> segments);

// The target of a request line: a path with or without a query, or a whole URL of http or https.
struct Target {
    std::optional<std::string_view> authority;  // of a whole URL
    std::string_view raw_path;
    std::string_view raw_query;
};
[[nodiscard]] std::optional<Target> split_target(std::string_view target);

// At most 64 names; nothing if there are more, or if an escape is broken.
// `repeated`, where given, becomes a name that is there more than once; its last value is kept.
[[nodiscard]] std::optional<Fields> parse_query(std::string_view raw_query, std::string* repeated = nullptr);

// A host with or without a port, as in a Host header, an Origin and a whole URL: "studio.example:8787",
// "[::1]".
struct Authority {
    std::string host;  // in lower case, without brackets; may be empty
    std::string port;  // digits; may be empty
};
// Nothing if it is anything else, such as a name with a port that is no number.
[[nodiscard]] std::optional<Authority> parse_authority(std::string_view text);

}  // namespace ourvidz::http
