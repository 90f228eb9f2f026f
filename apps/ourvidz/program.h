// Runs another program for a short answer.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace ourvidz::cli {

// What the program wrote to standard output and error, at most 64 KiB. Errors: not_found when it cannot be
// started, engine_failed when it ends with another status than 0 or is killed, unavailable when it takes
// longer than `limit` (it is then killed).
[[nodiscard]] Result<std::string> output_of(const std::filesystem::path& program,
                                            const std::vector<std::string>& arguments,
                                            std::chrono::milliseconds limit);

}  // namespace ourvidz::cli
