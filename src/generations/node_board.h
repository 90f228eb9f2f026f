// What nodes say about themselves: for the health page, and for who waits. Belongs to the I/O thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
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

using ModelNames = std::set<std::string, std::less<>>;

struct NodeStatus {
    UnixMs seen_at = 0;
    std::int64_t memory_mb = 0;
    std::int64_t memory_used_mb = 0;
    std::string note;
    std::vector<WorkerStatus> workers;
    std::optional<ModelNames> models;  // that can be used there; null: it did not say
    json::object counters;             // by worker kind: {"image": {"succeeded": 3, ...}}
};

// A node reports every two seconds; one that has not for so long is away.
constexpr UnixMs node_silence_ms_max = 15'000;

struct NodeBoard {
    std::map<std::string, NodeStatus> nodes;  // by node id
    std::map<std::string, NodeCard> cards;    // the same; what the scheduler needs

    // By node id, those that have been heard of lately.
    [[nodiscard]] std::map<std::string_view, const NodeStatus*> present(UnixMs now) const {
        std::map<std::string_view, const NodeStatus*> found;
        for (const auto& [id, node] : nodes) {
            if (now - node.seen_at <= node_silence_ms_max) found.emplace(id, &node);
        }
        return found;
    }
    // On any of these. Null where that is not known: there are none, or one of them did not say.
    [[nodiscard]] static std::optional<ModelNames> models_on(
        const std::map<std::string_view, const NodeStatus*>& some) {
        if (some.empty()) return std::nullopt;
        ModelNames all;
        for (const auto& [id, node] : some) {
            if (!node->models) return std::nullopt;
            all.insert(node->models->begin(), node->models->end());
        }
        return all;
    }
};

}  // namespace ourvidz::generations
