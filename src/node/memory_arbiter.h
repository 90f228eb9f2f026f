// Who may hold how much of the machine's memory. Models together need more than there is, so a worker is
// loaded only when the arbiter says so. The decision is a pure function of the state: the same state gives
// the same decision, and tests and simulations need no process.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/worker_kind.h"

namespace ourvidz::node {

struct WorkerView {
    int id = 0;
    WorkerKind kind = WorkerKind::image;
    std::string model;    // loaded, or being loaded or unloaded; empty: holds nothing
    int declared_mb = 0;  // what the catalogue says that the model needs; 0 when empty
    int measured_mb = 0;  // what the process really holds; 0 when not known
    bool busy = false;    // running, loading or ending: cannot be taken now
    bool pinned = false;  // to stay loaded; given up last
    std::int64_t last_used_ms = 0;
    std::int64_t not_before_ms = 0;  // after a crash: may not be loaded before

    [[nodiscard]] int held_mb() const;
};

struct DemandView {
    int id = 0;
    WorkerKind kind = WorkerKind::image;
    std::string model;
    int need_mb = 0;
    std::int64_t since_ms = 0;  // when it began to wait; the oldest is served first
};

struct MemoryState {
    int budget_mb = 0;
    // Younger demands may overtake one that waits for memory until it has waited so long; then what it needs
    // is kept for it. This bounds the wait of every demand by the length of the runs that are in its way.
    std::int64_t patience_ms = 0;
    std::int64_t now_ms = 0;
    std::vector<WorkerView> workers;
    std::vector<DemandView> demands;
};

enum class Action {
    wait,        // nothing can be done now
    grant,       // `demand` gets `worker`, which has the model loaded
    load,        // `demand` gets `worker`, which is empty and loads the model first
    evict,       // `worker` is idle: unload it
    kill,        // `worker` holds far more than its model is said to need and memory has run out: end it
    impossible,  // `demand` needs more than the whole budget
};

struct Decision {
    Action action = Action::wait;
    int demand = -1;
    int worker = -1;
};

// The next thing to do. The caller does it, updates the state and asks again until the answer is `wait`.
[[nodiscard]] Decision decide(const MemoryState& state);

[[nodiscard]] int held_mb(const MemoryState& state);

// A process may hold this much more than its model is said to need before it counts as lying.
[[nodiscard]] constexpr int tolerated_mb(int declared_mb) {
    return declared_mb + declared_mb / 4 + 256;
}

}  // namespace ourvidz::node
