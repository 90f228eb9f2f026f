// `ourvidz node`: leases jobs from a server and runs them with the workers of this machine.
#pragma once

#include <string>

#include "config/settings.h"

namespace ourvidz {

// What the node of this data folder is called on this machine; the same after a restart.
[[nodiscard]] std::string node_name(const config::Settings& settings);
// Runs until SIGINT or SIGTERM. Answers with the program's exit status (exit_status.h).
[[nodiscard]] int run_node(const config::Settings& settings);

}  // namespace ourvidz
