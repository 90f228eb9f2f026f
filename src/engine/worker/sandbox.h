// Locks a worker process in, so that a model file which takes the engine over gains little: no network, no
// other programs, no debugging of others, no new privileges, no core file with somebody's prompt in it.
#pragma once

#include "base/result.h"

namespace ourvidz::engine {

// From now on this process (all threads that start later included):
//   - ends when the thread that started it ends (Linux) – so does nothing outlive the node;
//   - may create no socket but keeps those it has; may not start programs or processes, only threads;
//   - may not trace, mount, load modules or use other calls that a worker never needs.
// Call it before any other thread is started. Error internal: the machine lacks something; do not go on.
[[nodiscard]] Result<void> lock_in();

}  // namespace ourvidz::engine
