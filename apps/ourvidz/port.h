// Whether the server's port can be had.
#pragma once

#include <string>

#include "config/settings.h"

namespace ourvidz::cli {

// The system's reason; empty: it is free now. Port 0 is any free one.
[[nodiscard]] std::string why_port_is_taken(const config::Address& listen);

}  // namespace ourvidz::cli
