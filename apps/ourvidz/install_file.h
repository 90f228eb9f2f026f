// Puts a file into place, whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/result.h"

namespace ourvidz::cli {

constexpr std::uint64_t spare_bytes = 256U << 20U;  // left free on the disk by what puts models there

// A hard link where possible, else a copy under a temporary name that is renamed once it is on the disk. An
// existing target is an error (conflict). `progress(done, total)` may answer false to stop; then nothing is
// left behind.
[[nodiscard]] Result<void> install_file(const std::filesystem::path& from, const std::filesystem::path& to,
                                        const std::function<bool(std::uint64_t, std::uint64_t)>& progress);

}  // namespace ourvidz::cli
