// `ourvidz node`: leases jobs from a server and runs them with the workers of this machine.
#pragma once

#include "config/settings.h"

namespace ourvidz {

// Runs until SIGINT or SIGTERM. Answers with the program's exit status (exit_status.h).
[[nodiscard]] int run_node(const config::Settings& settings);

}  // namespace ourvidz
