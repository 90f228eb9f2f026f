// What this machine has, as far as this process may use it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/settings.h"

namespace ourvidz::config {

struct Machine {
    int cores = 1;                      // that this process may run on
    std::string processor;              // the model's name, may be empty
    std::vector<std::string> features;  // of those that the engines care for: avx, avx2, fma, f16c, avx512f
    std::uint64_t memory_mb = 0;        // the smaller of the machine's memory and the container's limit
    std::uint64_t memory_free_mb = 0;
};
[[nodiscard]] Machine this_machine();

// The memory that the node may give to workers: the setting, or for 0 what is free, at most three quarters of
// all.
[[nodiscard]] int memory_budget_mb(const Settings& settings, const Machine& machine);

}  // namespace ourvidz::config
