// How many workers of each kind this machine can carry: what is asked for, scaled down to what there is.
#pragma once

#include <string>

#include "node/worker_kind.h"

namespace ourvidz::node {

// One kind of worker, as the operator wants it.
struct KindOptions {
    int count = 1;      // at once, each in a process of its own; 0: as many as the machine carries
    int memory_mb = 0;  // all of this kind together
    bool always_loaded = false;
    int threads = 0;  // of each process; 0: as many as the machine has cores, at most 8
};

// One card of 48 GB with 47 usable. The kinds together need more than that, so memory is arbitrated.
struct MemoryOptions {
    int budget_mb = 47 * 1024;
    // True when `budget_mb` is the memory of an accelerator; then neither this machine's free memory nor its
    // cores scale anything down.
    bool on_accelerator = false;
    PerKind<KindOptions> kinds{{KindOptions{2, 10 * 1024, true, 0}, KindOptions{4, 30 * 1024, false, 0},
                                KindOptions{8, 15 * 1024, false, 0}}};
};

struct Machine {
    int cores = 1;
    int memory_available_mb = 0;
};
[[nodiscard]] Machine this_machine();

struct KindPlan {
    int count = 0;  // 0: nothing here can serve the kind
    int threads = 1;
    bool always_loaded = false;
};
struct MemoryPlan {
    int budget_mb = 0;
    PerKind<KindPlan> kinds;
    std::string note;  // for people: what was scaled down and why; empty if nothing was
};

// What the models of this machine may hold together.
[[nodiscard]] int budget_mb(const MemoryOptions& options, const Machine& machine);

// `needs_mb`: the largest need among the installed models that serve the kind; 0 when there is none.
[[nodiscard]] MemoryPlan plan_memory(const MemoryOptions& options, const Machine& machine,
                                     const PerKind<int>& needs_mb);

}  // namespace ourvidz::node
