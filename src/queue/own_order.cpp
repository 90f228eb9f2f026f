#include "queue/own_order.h"

#include <string>

namespace ourvidz::queue {
namespace {

struct Waiting {
    std::string id;
    std::string workspace_id;
    std::string line;
    std::int64_t position = 0;
};

Result<Waiting> waiting_job(db::Connection& connection, std::string_view subject_id) {
    OURVIDZ_TRY(rows, connection.query("SELECT id, workspace_id, line, position FROM jobs"
                                       " WHERE subject_id = $1 AND state = 'queued'",
                                       {std::string(subject_id)}));
    if (rows.empty()) return waits_no_more();
    return Waiting{rows[0].text(0), rows[0].text(1), rows[0].text(2), rows[0].integer(3)};
}

Result<void> place_at(db::Connection& connection, const Waiting& job, std::int64_t position) {
    OURVIDZ_TRY(moved, connection.execute("UPDATE jobs SET position = $2 WHERE id = $1 AND state = 'queued'",
                                          {job.id, position}));
    if (moved == 0) return waits_no_more();
    return {};
}

// The nearest position of the line below the given one, if there is one.
Result<std::optional<std::int64_t>> below(db::Connection& connection, const Waiting& job,
                                          std::int64_t position) {
    OURVIDZ_TRY(rows, connection.query("SELECT MAX(position) FROM jobs WHERE workspace_id = $1 AND line = $2"
                                       " AND state = 'queued' AND position < $3 AND id <> $4",
                                       {job.workspace_id, job.line, position, job.id}));
    return rows[0].optional_integer(0);
}

// There is no room left between two: all of the line are set apart again, in their order.
Result<void> spread(db::Connection& connection, const Waiting& job) {
    OURVIDZ_TRY(rows, connection.query("SELECT id FROM jobs WHERE workspace_id = $1 AND line = $2 AND state ="
                                       " 'queued' ORDER BY position, id",
                                       {job.workspace_id, job.line}));
    // Below everything that will be queued from now on.
    auto position = job.position - static_cast<std::int64_t>(rows.size()) * position_step;
    for (const auto& row : rows) {
        OURVIDZ_CHECK(
            connection.execute("UPDATE jobs SET position = $2 WHERE id = $1", {row.text(0), position}));
        position += position_step;
    }
    return {};
}

}  // namespace

Error waits_no_more() {
    return {ErrorCode::conflict, "It is not in the queue, so it cannot be changed there.", ""};
}

Result<void> mark_waiting(db::Connection& connection, std::string_view workspace_id, std::string_view line) {
    // Written even if it says so already: a claim that is about to take it back must notice (db/database.h).
    return connection.change(
        "INSERT INTO turns (workspace_id, line, waiting) VALUES ($1, $2, 1)"
        " ON CONFLICT (workspace_id, line) DO UPDATE SET waiting = 1",
        {std::string(workspace_id), std::string(line)});
}

Result<void> change_needs(db::Connection& connection, std::string_view subject_id, const Needs& needs) {
    OURVIDZ_TRY(changed,
                connection.query("UPDATE jobs SET line = $2, model = $3, size_class = $4, service_ms = $5"
                                 " WHERE subject_id = $1 AND state IN ('queued', 'scheduled')"
                                 " RETURNING workspace_id, state",
                                 {std::string(subject_id), needs.line, needs.model, needs.size_class,
                                  db::nullable(needs.service_ms)}));
    if (changed.empty()) return waits_no_more();
    if (changed[0].text(1) != "queued") return {};
    return mark_waiting(connection, changed[0].text(0), needs.line);
}

Result<void> set_paused(db::Connection& connection, std::string_view subject_id, bool paused) {
    OURVIDZ_TRY(job, waiting_job(connection, subject_id));
    OURVIDZ_TRY(changed, connection.execute("UPDATE jobs SET paused = $2 WHERE id = $1 AND state = 'queued'",
                                            {job.id, std::int64_t{paused}}));
    if (changed == 0) return waits_no_more();
    return mark_waiting(connection, job.workspace_id, job.line);
}

Result<void> move_before(db::Connection& connection, std::string_view subject_id,
                         const std::optional<std::string>& before) {
    OURVIDZ_TRY(job, waiting_job(connection, subject_id));
    if (!before) {
        OURVIDZ_TRY(rows, connection.query("SELECT MIN(position) FROM jobs WHERE workspace_id = $1"
                                           " AND line = $2 AND state = 'queued' AND id <> $3",
                                           {job.workspace_id, job.line, job.id}));
        const auto first = rows[0].optional_integer(0);
        return first ? place_at(connection, job, *first - position_step) : Result<void>();
    }
    if (*before == subject_id) return {};
    // Once as it is; if there is no room, once more after making some.
    for (int round = 0;; ++round) {
        auto other = waiting_job(connection, *before);
        if (!other.ok() || other->line != job.line || other->workspace_id != job.workspace_id)
            return invalid_field("before", "does not wait in the same line");
        OURVIDZ_TRY(lower, below(connection, job, other->position));
        const auto low = lower.value_or(other->position - 2 * position_step);
        const auto middle = low + (other->position - low) / 2;
        if (middle > low || round > 0) return place_at(connection, job, middle);
        OURVIDZ_CHECK(spread(connection, job));
    }
}

}  // namespace ourvidz::queue
