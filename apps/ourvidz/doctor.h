// `ourvidz doctor`: everything that has to be right, one line each, with what to do where it is not.
#pragma once

#include <string>
#include <vector>

#include "config/settings.h"

namespace ourvidz::cli {

enum class Health { ok, warn, fail };

struct Finding {
    Health health = Health::ok;
    std::string part;  // "disk", "model nano", ...
    std::string detail;
    std::string remedy;  // empty when ok
};

// Looks at this machine; reads files and starts each worker program once with --version, changes nothing.
[[nodiscard]] std::vector<Finding> diagnose(const config::Settings& settings);

// exit_failed if anything is a fail.
[[nodiscard]] int doctor(const config::Settings& settings, bool as_json);

}  // namespace ourvidz::cli
