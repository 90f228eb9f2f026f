// `ourvidz serve` and `ourvidz routes`.
#pragma once

#include <filesystem>

#include "config/settings.h"

namespace ourvidz {

// Serves until SIGINT or SIGTERM. The exit code: 0, or 1 after saying on stderr why it cannot.
int serve(const config::Settings& settings, const std::filesystem::path& executable);

// Prints "METHOD PATTERN" for every route, for the check against api/openapi.yaml.
int print_routes(const config::Settings& settings);

}  // namespace ourvidz
