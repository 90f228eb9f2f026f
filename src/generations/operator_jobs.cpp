#include "generations/operator_jobs.h"

#include "base/cursor.h"
#include "db/page_query.h"

namespace ourvidz::generations {
namespace {

Result<std::vector<SeenAttempt>> attempts_of(db::Connection& connection, const std::string& job_id) {
    OURVIDZ_TRY(rows, connection.query("SELECT node_id, state, error_code, error_detail, started_at, ended_at"
                                       " FROM attempts WHERE job_id = $1 ORDER BY fence",
                                       {job_id}));
    std::vector<SeenAttempt> attempts;
    attempts.reserve(rows.size());
    for (const auto& row : rows) {
        attempts.push_back({row.text(0), row.text(1), row.optional_text(2), row.optional_text(3),
                            row.integer(4), row.optional_integer(5)});
    }
    return attempts;
}

}  // namespace

json::object to_json(const SeenJob& job) {
    json::array attempts;
    for (const auto& one : job.attempts) {
        attempts.push_back(json::object{{"node_id", one.node_id},
                                        {"state", one.state},
                                        {"error_code", or_null(one.error_code)},
                                        {"error_detail", or_null(one.error_detail)},
                                        {"started_at", to_rfc3339(one.started_at)},
                                        {"ended_at", or_null(to_rfc3339(one.ended_at))}});
    }
    return {{"id", job.id},
            {"generation_id", job.generation_id},
            {"workspace_id", job.workspace_id},
            {"kind", job.kind},
            {"model", job.model},
            {"state", job.state},
            {"error_code", or_null(job.error_code)},
            {"error_detail", or_null(job.error_detail)},
            {"created_at", to_rfc3339(job.created_at)},
            {"ended_at", or_null(to_rfc3339(job.ended_at))},
            {"retried_as", or_null(job.retried_as)},
            {"attempts", std::move(attempts)}};
}

Result<SeenJobs> see_jobs(db::Connection& connection, SeenJobState state,
                          const std::optional<std::string>& cursor, int limit) {
    db::PageQuery query("j.", limit);
    if (state == SeenJobState::dead) {
        query.where(queue::died);
        query.where("j.retried_as IS NULL");
    } else {
        query.where("j.state IN ('scheduled', 'queued', 'running')");
    }
    OURVIDZ_CHECK(query.start_after(cursor));
    const auto sql =
        "SELECT j.id, j.subject_id, j.workspace_id, j.kind, j.model, j.state, g.error_code, "
        "g.error_detail,"
        " j.created_at, j.ended_at, j.retried_as FROM jobs j JOIN generations g ON g.id = j.subject_id " +
        query.sql();
    OURVIDZ_TRY(rows, connection.query(sql, query.values()));
    SeenJobs page;
    for (const auto& row : rows) {
        page.items.push_back({row.text(0),
                              row.text(1),
                              row.text(2),
                              row.text(3),
                              row.text(4),
                              row.text(5),
                              row.optional_text(6),
                              row.optional_text(7),
                              row.integer(8),
                              row.optional_integer(9),
                              row.optional_text(10),
                              {}});
    }
    page.next_cursor = query.next_cursor(page.items);
    for (auto& job : page.items) {
        OURVIDZ_TRY(attempts, attempts_of(connection, job.id));
        job.attempts = std::move(attempts);
    }
    return page;
}

Result<Generation> generation_of_job(db::Connection& connection, std::string_view job_id) {
    OURVIDZ_TRY(rows, connection.query("SELECT subject_id FROM jobs WHERE id = $1", {std::string(job_id)}));
    if (rows.empty()) return Error{ErrorCode::not_found, "There is no such job.", ""};
    return find_any(connection, rows[0].text(0));
}

Result<Accepted> retry(db::Connection& connection, std::string_view job_id,
                       const safety::Cleared<NewGeneration>& request, const Submission& submission,
                       const Clock& clock) {
    OURVIDZ_TRY(rows,
                connection.query("SELECT state, retried_as FROM jobs WHERE id = $1", {std::string(job_id)}));
    if (rows.empty()) return Error{ErrorCode::not_found, "There is no such job.", ""};
    if (rows[0].text(0) != "failed")
        return Error{ErrorCode::conflict,
                     "Only a job that failed can be retried; this one is " + rows[0].text(0) + ".", ""};
    if (!rows[0].is_null(1))
        return Error{ErrorCode::conflict, "It was retried already, as " + rows[0].text(1) + ".", ""};
    OURVIDZ_TRY(accepted, submit(connection, request, submission, clock));
    if (accepted.busy) return accepted.busy->error;
    OURVIDZ_TRY(marked,
                connection.execute("UPDATE jobs SET retried_as = $2 WHERE id = $1 AND retried_as IS NULL",
                                   {std::string(job_id), accepted.generation.id}));
    if (marked != 1) return Error{ErrorCode::conflict, "It was retried already.", ""};
    return std::move(accepted);
}

}  // namespace ourvidz::generations
