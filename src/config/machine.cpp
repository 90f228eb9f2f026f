#include "config/machine.h"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace ourvidz::config {
namespace {

constexpr std::uint64_t bytes_per_mb = 1U << 20U;
constexpr std::uint64_t left_alone_mb = 512;  // for the server and the operating system's cache

void read_processor(Machine& machine) {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(": ");
        if (colon == std::string::npos) continue;
        const auto value = line.substr(colon + 2);
        if (line.starts_with("model name")) machine.processor = value;
        if (!line.starts_with("flags") && !line.starts_with("Features")) continue;
        std::istringstream words(value);
        for (std::string word; words >> word;) {
            for (const auto* known : {"avx", "avx2", "fma", "f16c", "avx512f", "asimd"}) {
                if (word == known) machine.features.push_back(word);
            }
        }
        return;
    }
}

void read_memory(Machine& machine) {
    std::ifstream file("/proc/meminfo");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string name;
        std::uint64_t kib = 0;
        words >> name >> kib;
        if (name == "MemTotal:") machine.memory_mb = kib / 1024;
        if (name == "MemAvailable:") machine.memory_free_mb = kib / 1024;
    }
}

// A container may use less than the machine has.
void read_limit(Machine& machine) {
    std::uint64_t limit = 0;
    if (!(std::ifstream("/sys/fs/cgroup/memory.max") >> limit) || limit == 0) return;
    std::uint64_t used = 0;
    std::ifstream("/sys/fs/cgroup/memory.current") >> used;
    machine.memory_mb = std::min(machine.memory_mb, limit / bytes_per_mb);
    machine.memory_free_mb = std::min(machine.memory_free_mb, (limit - std::min(used, limit)) / bytes_per_mb);
}

}  // namespace

Machine this_machine() {
    Machine machine;
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) machine.cores = std::max(1, CPU_COUNT(&allowed));
    read_processor(machine);
    read_memory(machine);
    read_limit(machine);
    return machine;
}

int memory_budget_mb(const Settings& settings, const Machine& machine) {
    if (settings.memory_budget_mb > 0) return settings.memory_budget_mb;
    const auto free = machine.memory_free_mb - std::min(machine.memory_free_mb, left_alone_mb);
    return static_cast<int>(std::min(machine.memory_mb / 4 * 3, free));
}

}  // namespace ourvidz::config
