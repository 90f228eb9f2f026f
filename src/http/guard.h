// Who may talk to a server that a browser on the same machine can reach.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/server.h"

namespace ourvidz::http {

// A malformed body for a Host that is none. Forbidden for one that is not in `allowed_hosts` (empty: all
// are), which is how a page under a foreign name that points to us (DNS rebinding) shows itself; and for a
// request that changes something with an Origin other than the Host, which is how a page of another site
// does.
[[nodiscard]] std::optional<Error> refuse_foreign(const Request& request,
                                                  const std::vector<std::string>& allowed_hosts);

// Whether this is one of the methods that only read.
[[nodiscard]] bool changes_nothing(std::string_view method);

}  // namespace ourvidz::http
