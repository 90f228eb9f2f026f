#include "queue/edges.h"

#include <deque>

#include "queue/own_order.h"

namespace ourvidz::queue {
namespace {

constexpr std::string_view returning = " RETURNING id, subject, subject_id, workspace_id, line, waits_for";

Moved moved_from(const db::Row& row, Moved::To to) {
    return {row.text(0), {row.text(1), row.text(2)}, to};
}

// Into its line, behind all that is there. `row` as `returning` says.
Result<Moved> queue_up(db::Connection& connection, const db::Row& row, UnixMs now) {
    OURVIDZ_CHECK(
        connection.change("UPDATE jobs SET state = 'queued', run_after = $2, position = $3 WHERE id = $1 AND "
                          "state = 'scheduled'",
                          {row.text(0), now, now * position_step}));
    OURVIDZ_CHECK(mark_waiting(connection, row.text(3), row.text(4)));
    return moved_from(row, Moved::To::queued);
}

Result<std::vector<Moved>> free_children(db::Connection& connection, std::string_view job_id, UnixMs now) {
    OURVIDZ_TRY(children, connection.query(
                              "UPDATE jobs SET waits_for = waits_for - 1 WHERE state = 'scheduled' AND id IN"
                              " (SELECT child_id FROM job_edges WHERE parent_id = $1)" +
                                  std::string(returning),
                              {std::string(job_id)}));
    std::vector<Moved> moved;
    for (const auto& row : children) {
        if (row.integer(5) > 0) continue;
        OURVIDZ_TRY(one, queue_up(connection, row, now));
        moved.push_back(std::move(one));
    }
    return moved;
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
    OURVIDZ_TRY(agreed,
                connection.query("UPDATE jobs SET needs_approval = 0, waits_for = waits_for - 1"
                                 " WHERE subject_id = $1 AND state = 'scheduled' AND needs_approval = 1" +
                                     std::string(returning),
                                 {std::string(subject_id)}));
    if (agreed.empty()) return Error{ErrorCode::conflict, "Nothing waits here for your word any more.", ""};
    std::vector<Moved> moved;
    if (agreed[0].integer(5) > 0) return moved;
    OURVIDZ_TRY(one, queue_up(connection, agreed[0], now));
    moved.push_back(std::move(one));
    return moved;
}

}  // namespace ourvidz::queue
