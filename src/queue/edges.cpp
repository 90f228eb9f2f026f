#include "queue/edges.h"

#include <deque>

#include "queue/own_order.h"

namespace ourvidz::queue {
namespace {

constexpr std::string_view returning = " RETURNING id, subject, subject_id, workspace_id, line, waits_for";
// One thing less to wait for. With the last of them it goes into its line, behind all that is there, or, in
// the background, behind what will be. $2: now, $3: position_step.
constexpr std::string_view one_less =
    "UPDATE jobs SET waits_for = waits_for - 1, run_after = $2, position = ($2 + yields_ms) * $3,"
    " state = CASE WHEN waits_for = 1 THEN 'queued' ELSE state END";

Moved moved_from(const db::Row& row, Moved::To to) {
    return {row.text(0), {row.text(1), row.text(2)}, to};
}

// Of `rows`, as `returning` says, those that wait for nothing any more.
Result<std::vector<Moved>> queued_of(db::Connection& connection, const db::Rows& rows) {
    std::vector<Moved> moved;
    for (const auto& row : rows) {
        if (row.integer(5) > 0) continue;
        OURVIDZ_CHECK(mark_waiting(connection, row.text(3), row.text(4)));
        moved.push_back(moved_from(row, Moved::To::queued));
    }
    return moved;
}

Result<std::vector<Moved>> free_children(db::Connection& connection, std::string_view job_id, UnixMs now) {
    OURVIDZ_TRY(rows, connection.query(std::string(one_less) +
                                           " WHERE state = 'scheduled' AND id IN"
                                           " (SELECT child_id FROM job_edges WHERE parent_id = $1)" +
                                           std::string(returning),
                                       {std::string(job_id), now, position_step}));
    return queued_of(connection, rows);
}

Result<std::vector<Moved>> cancel_children(db::Connection& connection, std::string_view job_id, UnixMs now) {
    std::vector<Moved> moved;
    std::deque<std::string> ended{std::string(job_id)};
    for (; !ended.empty(); ended.pop_front()) {
        OURVIDZ_TRY(
            children,
            connection.query("UPDATE jobs SET state = 'canceled', ended_at = $2 WHERE state = 'scheduled'"
                             " AND id IN (SELECT child_id FROM job_edges WHERE parent_id = $1)" +
                                 std::string(returning),
                             {ended.front(), now}));
        for (const auto& row : children) {
            moved.push_back(moved_from(row, Moved::To::canceled));
            ended.push_back(row.text(0));
        }
    }
    return moved;
}

}  // namespace

Result<std::vector<Moved>> pass_on(db::Connection& connection, std::string_view job_id, JobEnd end,
                                   UnixMs now) {
    return end == JobEnd::succeeded ? free_children(connection, job_id, now)
                                    : cancel_children(connection, job_id, now);
}

Result<std::vector<Moved>> approve(db::Connection& connection, std::string_view subject_id, UnixMs now) {
    OURVIDZ_TRY(agreed, connection.query(std::string(one_less) +
                                             ", needs_approval = 0 WHERE subject_id = $1"
                                             " AND state = 'scheduled' AND needs_approval = 1" +
                                             std::string(returning),
                                         {std::string(subject_id), now, position_step}));
    if (agreed.empty()) return Error{ErrorCode::conflict, "Nothing waits here for your word any more.", ""};
    return queued_of(connection, agreed);
}

}  // namespace ourvidz::queue
