// The event stream of a workspace: numbered without gaps, stored with the change that it reports.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"

namespace ourvidz::events {

struct Event {
    std::int64_t number = 0;
    std::string name;        // "generation" or "asset"
    std::string subject_id;  // readers are sent the subject as it is when they read
};

// Call inside the transaction that makes the change. Numbers of one workspace are handed out under its row's
// lock, so a reader that has seen number n has seen every smaller one.
[[nodiscard]] Result<void> append(db::Connection& connection, std::string_view workspace_id,
                                  std::string_view name, std::string_view subject_id, UnixMs now);

// Events with a number above `after`, oldest first, at most `limit`.
[[nodiscard]] Result<std::vector<Event>> read_after(db::Connection& connection, std::string_view workspace_id,
                                                    std::int64_t after, int limit);
[[nodiscard]] Result<std::int64_t> newest(db::Connection& connection, std::string_view workspace_id);
// The oldest number still kept; 1 above the newest when none is.
[[nodiscard]] Result<std::int64_t> oldest(db::Connection& connection, std::string_view workspace_id);
// Forgets events from before `before`; readers that come back later are told to start over.
[[nodiscard]] Result<std::int64_t> sweep(db::Connection& connection, UnixMs before);
// The same with those that have been kept long enough.
[[nodiscard]] Result<void> forget_old(db::Connection& connection, UnixMs now);

}  // namespace ourvidz::events
