// Which kind of place a job needs. Server and node ask the same function, so that what waits together is what
// the same places serve.
#pragma once

#include <string_view>

#include "catalog/manifest.h"

namespace ourvidz::catalog {

// "image", "video" or "chat": a node's kinds of workers, and the lines of the queue.
[[nodiscard]] std::string_view line_of(const Entry& entry, std::string_view kind);
// For a kind whose model is not known here.
[[nodiscard]] std::string_view line_of(std::string_view kind);

}  // namespace ourvidz::catalog
