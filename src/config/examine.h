// Whether this machine has what the settings say, before anything is started with them.
#pragma once

#include <string>
#include <vector>

#include "config/settings.h"

namespace ourvidz::config {

// Everything that `serve` would stumble over, one sentence each, naming the setting: folders that are not
// there or cannot be written, programs that are missing, limits that cannot be kept.
[[nodiscard]] std::vector<std::string> examine(const Settings& settings);

}  // namespace ourvidz::config
