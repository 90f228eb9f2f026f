// Where a workspace's jobs stand, and what is before them: for telling people when their turn will come.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "schedule/estimate.h"

namespace ourvidz::queue {

// So many of a workspace's jobs in each line are told their place.
constexpr std::int64_t told_max = 200;

struct Place {
    std::string subject_id;
    std::string kind;
    std::string model;
    std::int64_t size_class = 0;
    // If nothing more comes: how many of everybody's jobs in its line are started before it.
    std::int64_t before = 0;
    // nullopt: something before it was never measured.
    std::optional<schedule::Ahead> ahead;
};
// Of all jobs of the workspace that wait and are not paused, the first told_max of each line, in their order.
// Sees of other workspaces only how much they have waiting, so it may run for one (db::Scope).
[[nodiscard]] Result<std::vector<Place>> outlook(db::Connection& connection, std::string_view workspace_id,
                                                 UnixMs now);

// What waits, for limits. Costs the same however much that is.
struct Load {
    std::int64_t everybody = 0;
    std::int64_t own = 0;
    std::int64_t own_of_kind = 0;
};
[[nodiscard]] Result<Load> load(db::Connection& connection, std::string_view workspace_id,
                                std::string_view kind);

// How long it takes until a job of the workspace leaves the line, from what its jobs there usually take, the
// places that are at work, and the share of it that the workspace has. nullopt: nothing was measured.
[[nodiscard]] Result<std::optional<std::int64_t>> next_start_ms(db::Connection& connection,
                                                                std::string_view workspace_id,
                                                                std::string_view line, bool anybodys);

}  // namespace ourvidz::queue
