// What nodes say about themselves, for the health page. Belongs to the I/O thread.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "generations/node_view.h"

namespace ourvidz::generations {

struct WorkerStatus {
    std::string name;  // "image:0"
    bool ok = false;
    std::string detail;
};

struct NodeStatus {
    UnixMs seen_at = 0;
    std::int64_t memory_mb = 0;
    std::int64_t memory_used_mb = 0;
    std::string note;
    std::vector<WorkerStatus> workers;
    json::object counters;  // by worker kind: {"image": {"succeeded": 3, ...}}
};

// A node reports every two seconds; one that has not for so long is away.
constexpr UnixMs node_silence_ms_max = 15'000;

struct NodeBoard {
    std::map<std::string, NodeStatus> nodes;  // by node id
    std::map<std::string, NodeCard> cards;    // the same; what the scheduler needs

    [[nodiscard]] bool any_present(UnixMs now) const {
        return std::any_of(nodes.begin(), nodes.end(), [now](const auto& one) {
            return now - one.second.seen_at <= node_silence_ms_max;
        });
    }
};

}  // namespace ourvidz::generations
