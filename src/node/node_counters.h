// What a node has done since it started.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/json.h"
#include "node/worker_kind.h"

namespace ourvidz::node {

struct KindCounters {
    std::atomic<std::int64_t> succeeded{0};
    std::atomic<std::int64_t> failed{0};
    std::atomic<std::int64_t> declined{0};  // what was asked for cannot be made, or may not
    std::atomic<std::int64_t> canceled{0};
    std::atomic<std::int64_t> lost{0};        // the lease was gone before the end
    std::atomic<std::int64_t> given_back{0};  // because this node ends
    std::atomic<std::int64_t> engine_ms{0};
};

struct NodeCounters {
    PerKind<KindCounters> kinds;
    std::atomic<std::int64_t> polls_failed{0};
};

[[nodiscard]] inline json::object to_json(const NodeCounters& counters) {
    json::object body{{"polls_failed", counters.polls_failed.load()}};
    for (WorkerKind kind : worker_kinds) {
        const KindCounters& of = counters.kinds[kind];
        body[to_string(kind)] = {{"succeeded", of.succeeded.load()}, {"failed", of.failed.load()},
                                 {"declined", of.declined.load()},   {"canceled", of.canceled.load()},
                                 {"lost", of.lost.load()},           {"given_back", of.given_back.load()},
                                 {"engine_ms", of.engine_ms.load()}};
    }
    return body;
}

}  // namespace ourvidz::node
