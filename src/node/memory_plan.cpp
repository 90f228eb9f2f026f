#include "node/memory_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <thread>

namespace ourvidz::node {
namespace {

constexpr int threads_max = 8;
constexpr int cores_per_worker = 4;  // more processes than that only take cores from each other
// Left for the server, the media workers and the operating system's cache.
constexpr int left_alone_mb = 512;

int count_for(const KindOptions& wanted, const MemoryOptions& options, const Machine& machine, int budget_mb,
              int need_mb) {
    if (need_mb <= 0 || need_mb > budget_mb) return 0;
    int count = wanted.count > 0 ? wanted.count : budget_mb / need_mb;
    // A kind whose share is smaller than one model still gets one worker: the arbiter sees to the budget.
    if (wanted.memory_mb > 0) count = std::min(count, std::max(1, wanted.memory_mb / need_mb));
    if (!options.on_accelerator) count = std::min(count, std::max(1, machine.cores / cores_per_worker));
    return std::min(count, budget_mb / need_mb);
}

std::string memory_text(int mb) {
    return mb < 1024 ? fmt::format("{} MB", mb) : fmt::format("{:.1f} GB", mb / 1024.0);
}

// "1 picture", "4 clips", "8 answers".
std::string counted(int count, WorkerKind kind) {
    const std::string_view one = kind == WorkerKind::image   ? "picture"
                                 : kind == WorkerKind::video ? "clip"
                                                             : "answer";
    return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string note_for(const MemoryOptions& options, const Machine& machine, const MemoryPlan& plan,
                     const PerKind<int>& needs_mb) {
    std::string now, wanted, without;
    bool scaled = false;
    for (WorkerKind kind : worker_kinds) {
        const int count = plan.kinds[kind].count;
        now += fmt::format("{}{}", now.empty() ? "" : ", ", counted(count, kind));
        const int asked = options.kinds[kind].count > 0 ? options.kinds[kind].count : count;
        wanted += fmt::format("{}{}", wanted.empty() ? "" : ", ", counted(asked, kind));
        scaled = scaled || count != asked;
        if (needs_mb[kind] > plan.budget_mb)
            without += fmt::format(" The model for {} needs {}, more than the {} there are.", to_string(kind),
                                   memory_text(needs_mb[kind]), memory_text(plan.budget_mb));
    }
    if (!scaled) return {};
    return fmt::format("This machine ({} cores, {} of memory to use) makes {} at a time instead of {}.{}",
                       machine.cores, memory_text(plan.budget_mb), now, wanted, without);
}

}  // namespace

Machine this_machine() {
    Machine machine;
    machine.cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    std::ifstream info("/proc/meminfo");
    std::string name;
    for (long long kib = 0; info >> name >> kib; info.ignore(64, '\n')) {
        if (name == "MemAvailable:") machine.memory_available_mb = static_cast<int>(kib / 1024);
    }
    return machine;
}

int budget_mb(const MemoryOptions& options, const Machine& machine) {
    if (options.on_accelerator) return options.budget_mb;
    return std::clamp(machine.memory_available_mb - left_alone_mb, 0, options.budget_mb);
}

MemoryPlan plan_memory(const MemoryOptions& options, const Machine& machine, const PerKind<int>& needs_mb) {
    MemoryPlan plan;
    plan.budget_mb = budget_mb(options, machine);
    for (WorkerKind kind : worker_kinds) {
        const KindOptions& wanted = options.kinds[kind];
        KindPlan& planned = plan.kinds[kind];
        planned.count = count_for(wanted, options, machine, plan.budget_mb, needs_mb[kind]);
        planned.threads = wanted.threads > 0 ? wanted.threads : std::clamp(machine.cores, 1, threads_max);
        planned.always_loaded = wanted.always_loaded;
    }
    plan.note = note_for(options, machine, plan, needs_mb);
    return plan;
}

}  // namespace ourvidz::node
