// A workspace's own order of its waiting jobs: pausing them, and moving them before each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"

namespace ourvidz::queue {

// Between the positions of jobs that were queued a millisecond apart.
constexpr std::int64_t position_step = 1 << 20;

// The workspace may have something waiting in the line: claims look at it again.
[[nodiscard]] Result<void> mark_waiting(db::Connection& connection, std::string_view workspace_id,
                                        std::string_view line);

// Errors of both: conflict when the job does not wait any more.

// A paused job stays queued and is not started.
[[nodiscard]] Result<void> set_paused(db::Connection& connection, std::string_view generation_id,
                                      bool paused);
// Before the other, which must wait in the same line of the same workspace (errors: invalid_field
// "before"), or before all.
[[nodiscard]] Result<void> move_before(db::Connection& connection, std::string_view generation_id,
                                       const std::optional<std::string>& before);

}  // namespace ourvidz::queue
