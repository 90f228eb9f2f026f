// The chat worker's engine: clears every request once more with a gate of its own, then runs it.
#pragma once

#include <memory>

#include "base/result.h"
#include "engine/worker/worker_loop.h"

namespace ourvidz::engine {

[[nodiscard]] Result<std::unique_ptr<WorkerEngine>> make_chat_engine();

}  // namespace ourvidz::engine
