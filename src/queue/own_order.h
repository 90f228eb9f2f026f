// What an owner may change of waiting jobs: pause them, move them before each other, have them need something
// else.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "queue/queue.h"

namespace ourvidz::queue {

// Between the positions of jobs that were queued a millisecond apart.
constexpr std::int64_t position_step = 1 << 20;

// The workspace may have something waiting in the line: claims look at it again.
[[nodiscard]] Result<void> mark_waiting(db::Connection& connection, std::string_view workspace_id,
                                        std::string_view line);

// Errors of all: waits_no_more() when the job does not wait any more.
[[nodiscard]] Error waits_no_more();

// A paused job stays queued and is not started.
[[nodiscard]] Result<void> set_paused(db::Connection& connection, std::string_view subject_id, bool paused);
// Before the other, which must wait in the same line of the same workspace (errors: invalid_field
// "before"), or before all.
[[nodiscard]] Result<void> move_before(db::Connection& connection, std::string_view subject_id,
                                       const std::optional<std::string>& before);

[[nodiscard]] Result<void> change_needs(db::Connection& connection, std::string_view subject_id,
                                        const Needs& needs);

}  // namespace ourvidz::queue
