// What the operator sees of jobs, and the second chance of those that failed. Nothing here shows what was
// asked for: ids, kinds, machines and reasons are enough to find a fault.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generations/submit.h"

namespace ourvidz::generations {

struct SeenAttempt {
    std::string node_id;
    std::string state;
    std::optional<std::string> error_code;
    std::optional<std::string> error_detail;
    UnixMs started_at = 0;
    std::optional<UnixMs> ended_at;
};

struct SeenJob {
    std::string id;
    std::string generation_id;
    std::string workspace_id;
    std::string kind;
    std::string model;
    std::string state;
    std::optional<std::string> error_code;  // why it failed for good
    std::optional<std::string> error_detail;
    UnixMs created_at = 0;
    std::optional<UnixMs> ended_at;
    std::optional<std::string> retried_as;  // generation id
    std::vector<SeenAttempt> attempts;      // oldest first
};
[[nodiscard]] json::object to_json(const SeenJob& job);

struct SeenJobs {
    std::vector<SeenJob> items;
    std::optional<std::string> next_cursor;
};
enum class SeenJobState { dead, active };
// Newest first. dead: failed for good and not yet retried; active: waiting or running. Needs the server's
// scope.
[[nodiscard]] Result<SeenJobs> see_jobs(db::Connection& connection, SeenJobState state,
                                        const std::optional<std::string>& cursor, int limit);
// Needs the server's scope. Errors: not_found.
[[nodiscard]] Result<Generation> generation_of_job(db::Connection& connection, std::string_view job_id);

// Submits a failed job's request again: a new generation with a hold and events of its own; the old one stays
// as it is. At most once for each job, however many ask. Errors: conflict (not failed, or retried before;
// says as what), and those of submit().
[[nodiscard]] Result<Accepted> retry(db::Connection& connection, std::string_view job_id,
                                     const safety::Cleared<NewGeneration>& request,
                                     const Submission& submission, const Clock& clock);

}  // namespace ourvidz::generations
