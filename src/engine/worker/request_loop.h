// Serves the requests that come over one channel with one engine. Part of worker_main; apart from it for
// tests.
#pragma once

#include "engine/protocol.h"
#include "engine/worker/worker_loop.h"

namespace ourvidz::engine {

// Says hello and serves until a shutdown message (returns 0). Reads on a thread of its own. If the other end
// is gone or talks nonsense, the process ends at once, whatever the engine is doing.
[[nodiscard]] int serve_requests(Channel& channel, const WorkerInfo& info, WorkerEngine& engine);

}  // namespace ourvidz::engine
