#include "queue/queue.h"

#include <algorithm>
#include <functional>

#include "queue/own_order.h"

namespace ourvidz::queue {
namespace {

constexpr std::int64_t background_yields_ms = 3'600'000;

constexpr int setback_doublings_max = 6;

LiveAttempt live_from(const db::Row& row) {
    return LiveAttempt{row.text(0),   row.text(1),         {row.text(2), row.text(3)},
                       row.text(4),   row.integer(5) != 0, row.integer(6),
                       row.integer(7)};
}

constexpr std::string_view select_live =
    "SELECT a.id, j.id, j.subject, j.subject_id, j.workspace_id, j.cancel_requested, j.attempts,"
    " a.fence"
    " FROM attempts a JOIN jobs j ON j.id = a.job_id ";

Result<std::vector<LiveAttempt>> all_live(db::Connection& connection, std::string_view where,
                                          const std::vector<db::Value>& values) {
    OURVIDZ_TRY(rows, connection.query(std::string(select_live) + std::string(where), values));
    std::vector<LiveAttempt> found;
    found.reserve(rows.size());
    for (const auto& row : rows) found.push_back(live_from(row));
    return found;
}

std::string_view attempt_state(Setback setback) {
    switch (setback) {
        case Setback::failed:
            return "failed";
        case Setback::released:
            return "released";
        case Setback::lost:
            return "lost";
    }
    return "lost";
}

Result<void> end_attempt(db::Connection& connection, const LiveAttempt& live, std::string_view state,
                         const std::optional<Error>& error, UnixMs now) {
    OURVIDZ_CHECK(connection.execute(
        "UPDATE attempts SET state = $2, error_code = $3, error_detail = $4, ended_at = $5 WHERE id = $1",
        {live.attempt_id, std::string(state),
         error ? db::Value(std::string(to_string(error->code))) : nullptr,
         error ? db::Value(error->detail) : nullptr, now}));
    return {};
}

std::int64_t doubled(std::int64_t delay_ms, std::int64_t doublings) {
    return delay_ms << std::clamp<std::int64_t>(doublings, 0, setback_doublings_max);
}

// What a lost job rests: between a half and the whole, so that two that were lost together come apart. An
// attempt's id is as good as drawn by lot.
std::int64_t own_rest_ms(const LiveAttempt& live, std::int64_t longest_ms) {
    constexpr std::size_t parts = 256;
    const auto part = static_cast<std::int64_t>(std::hash<std::string>()(live.attempt_id) % parts);
    return longest_ms / 2 + longest_ms / 2 * part / static_cast<std::int64_t>(parts);
}

Result<std::int64_t> count_lost(db::Connection& connection, const LiveAttempt& live) {
    OURVIDZ_TRY(rows, connection.query("SELECT COUNT(*) FROM attempts WHERE job_id = $1 AND state = 'lost'",
                                       {live.job_id}));
    return rows[0].integer(0);
}

}  // namespace

std::string_view to_string(JobEnd end) {
    switch (end) {
        case JobEnd::succeeded:
            return "succeeded";
        case JobEnd::failed:
            return "failed";
        case JobEnd::canceled:
            return "canceled";
    }
    return "failed";
}

Result<void> enqueue(db::Connection& connection, const NewJob& job, UnixMs now) {
    const auto waits_for = static_cast<std::int64_t>(job.after.size()) + std::int64_t{job.needs_approval};
    const auto yields_ms = job.priority == Priority::background ? background_yields_ms : 0;
    OURVIDZ_CHECK(connection.change(
        "INSERT INTO jobs (id, workspace_id, subject, subject_id, kind, line, model, size_class, service_ms,"
        " credits, state, run_after, position, created_at, waits_for, needs_approval, yields_ms)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12, $14, $15, $16)",
        {job.id, job.workspace_id, job.subject.name, job.subject.id, job.kind, job.needs.line,
         job.needs.model, job.needs.size_class, db::nullable(job.needs.service_ms), job.credits,
         std::string(waits_for == 0 ? "queued" : "scheduled"), now, (now + yields_ms) * position_step,
         waits_for, std::int64_t{job.needs_approval}, yields_ms}));
    for (const auto& parent : job.after)
        OURVIDZ_CHECK(
            connection.change("INSERT INTO job_edges (workspace_id, parent_id, child_id) VALUES ($1, $2, $3)",
                              {job.workspace_id, parent, job.id}));
    if (waits_for > 0) return {};
    return mark_waiting(connection, job.workspace_id, job.needs.line);
}

Result<Renewal> renew(db::Connection& connection, std::string_view node_id, const std::vector<Held>& held,
                      UnixMs now, const Policy& policy) {
    Renewal renewal;
    for (const auto& one : held) {
        OURVIDZ_TRY(
            renewed,
            connection.query("UPDATE attempts SET lease_until = $4 WHERE id = $1 AND fence = $2"
                             " AND node_id = $3 AND state = 'running'"
                             " RETURNING (SELECT cancel_requested FROM jobs WHERE jobs.id = attempts.job_id)",
                             {one.attempt_id, one.fence, std::string(node_id), now + policy.lease_ms}));
        if (renewed.empty()) {
            renewal.lost.push_back(one.attempt_id);
            continue;
        }
        if (renewed[0].integer(0) != 0) renewal.canceled.push_back(one.attempt_id);
    }
    return renewal;
}

Result<LiveAttempt> require_live(db::Connection& connection, std::string_view attempt_id,
                                 std::int64_t fence) {
    OURVIDZ_TRY(found,
                all_live(connection,
                         "WHERE a.id = $1 AND a.fence = $2 AND a.state = 'running' AND j.state = 'running'"
                         " AND j.fence = a.fence",
                         {std::string(attempt_id), fence}));
    if (found.empty()) {
        return Error{ErrorCode::lease_lost,
                     "This attempt is no longer the live one; stop it and forget its results.", ""};
    }
    return std::move(found[0]);
}

Result<void> finish(db::Connection& connection, const LiveAttempt& live, JobEnd end,
                    const std::optional<Error>& error, UnixMs now) {
    OURVIDZ_CHECK(end_attempt(connection, live, to_string(end), error, now));
    OURVIDZ_CHECK(connection.execute("UPDATE jobs SET state = $2, ended_at = $3 WHERE id = $1",
                                     {live.job_id, std::string(to_string(end)), now}));
    return {};
}

Result<bool> set_back(db::Connection& connection, const LiveAttempt& live, Setback setback,
                      const Error& error, UnixMs now, const Policy& policy) {
    OURVIDZ_CHECK(end_attempt(connection, live, attempt_state(setback), error, now));
    // A node that gives a job back has done nothing wrong and neither has the job.
    const auto counted = setback == Setback::failed ? live.attempts : live.attempts - 1;
    OURVIDZ_TRY(losses, count_lost(connection, live));
    if (counted >= policy.attempts_max || losses >= policy.losses_max) {
        OURVIDZ_CHECK(connection.execute("UPDATE jobs SET state = 'failed', ended_at = $2 WHERE id = $1",
                                         {live.job_id, now}));
        return false;
    }
    // What is lost once goes on at once. If it is again, it may be the cause: others get a chance in between.
    std::int64_t rest_ms = 0;
    if (setback == Setback::failed) rest_ms = doubled(policy.retry_delay_ms, counted - 1);
    if (setback == Setback::lost && losses > 1)
        rest_ms = own_rest_ms(live, doubled(policy.retry_delay_ms, losses - 2));
    OURVIDZ_CHECK(
        connection.execute("UPDATE jobs SET state = 'queued', attempts = $2, run_after = $3 WHERE id = $1",
                           {live.job_id, counted, now + rest_ms}));
    OURVIDZ_TRY(line, connection.query("SELECT line FROM jobs WHERE id = $1", {live.job_id}));
    OURVIDZ_CHECK(mark_waiting(connection, live.workspace_id, line[0].text(0)));
    return true;
}

Result<std::vector<LiveAttempt>> expired(db::Connection& connection, UnixMs now) {
    return all_live(connection, "WHERE a.state = 'running' AND a.lease_until < $1", {now});
}

Result<std::vector<LiveAttempt>> given_up(db::Connection& connection, std::string_view node_id,
                                          const std::vector<Held>& held) {
    OURVIDZ_TRY(live,
                all_live(connection, "WHERE a.state = 'running' AND a.node_id = $1", {std::string(node_id)}));
    std::erase_if(live, [&](const LiveAttempt& one) {
        return std::any_of(held.begin(), held.end(),
                           [&](const Held& h) { return h.attempt_id == one.attempt_id; });
    });
    return live;
}

Result<std::optional<std::string>> cancel(db::Connection& connection, std::string_view subject_id,
                                          UnixMs now) {
    OURVIDZ_TRY(waited,
                connection.query("UPDATE jobs SET state = 'canceled', cancel_requested = 1, ended_at = $2"
                                 " WHERE subject_id = $1 AND state IN ('queued', 'scheduled') RETURNING id",
                                 {std::string(subject_id), now}));
    if (!waited.empty()) return std::optional(waited[0].text(0));
    OURVIDZ_CHECK(
        connection.execute("UPDATE jobs SET cancel_requested = 1 WHERE subject_id = $1 AND state = 'running'",
                           {std::string(subject_id)}));
    return std::optional<std::string>();
}

Result<Counts> counts(db::Connection& connection, UnixMs since) {
    OURVIDZ_TRY(rows, connection.query("SELECT (SELECT waiting FROM queue_length),"
                                       " (SELECT COUNT(*) FROM jobs WHERE state = 'running'),"
                                       " (SELECT COUNT(*) FROM jobs j WHERE j.ended_at >= $1 AND " +
                                           std::string(died) + ")",
                                       {since}));
    return Counts{rows[0].integer(0), rows[0].integer(1), rows[0].integer(2)};
}

Result<std::int64_t> miscounted(db::Connection& connection) {
    OURVIDZ_TRY(rows,
                connection.query("SELECT COUNT(*) FROM (SELECT workspace_id, kind FROM"
                                 " (SELECT workspace_id, kind, waiting FROM queue_counts UNION ALL"
                                 " SELECT workspace_id, kind, -COUNT(*) FROM jobs WHERE state = 'queued'"
                                 " GROUP BY workspace_id, kind) AS kept_and_counted"
                                 " GROUP BY workspace_id, kind HAVING SUM(waiting) <> 0) AS wrong",
                                 {}));
    return rows[0].integer(0);
}

studio::Audit count_audit() {
    auto run = [](db::Connection& connection) -> Result<studio::Report> {
        OURVIDZ_TRY(wrong, miscounted(connection));
        if (wrong == 0) return studio::Report{true, "every kept count of what waits is right"};
        return studio::Report{false, std::to_string(wrong) + (wrong == 1 ? " kept count" : " kept counts") +
                                         " of what waits wrong"};
    };
    return {"queue", std::move(run)};
}

}  // namespace ourvidz::queue
