#include "queue/request_keys.h"

#include <string>

namespace ourvidz::queue {

Result<std::optional<Subject>> find_by_key(db::Connection& connection, std::string_view workspace_id,
                                           std::string_view key, std::string_view request_sha256) {
    OURVIDZ_TRY(rows, connection.query("SELECT k.request_sha256, j.subject, j.subject_id"
                                       " FROM idempotency_keys k JOIN jobs j ON j.id = k.job_id"
                                       " WHERE k.workspace_id = $1 AND k.key = $2",
                                       {std::string(workspace_id), std::string(key)}));
    if (rows.empty()) return std::optional<Subject>();
    if (rows[0].text(0) != request_sha256) {
        return Error{ErrorCode::idempotency_mismatch,
                     "This Idempotency-Key was used before with another request.", ""};
    }
    return std::optional(Subject{rows[0].text(1), rows[0].text(2)});
}

Result<void> remember_key(db::Connection& connection, const NewJob& job, std::string_view key,
                          std::string_view request_sha256, UnixMs now) {
    return connection.change(
        "INSERT INTO idempotency_keys (workspace_id, key, request_sha256, job_id, created_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        {job.workspace_id, std::string(key), std::string(request_sha256), job.id, now});
}

Result<void> forget_keys(db::Connection& connection, UnixMs before) {
    OURVIDZ_CHECK(connection.execute("DELETE FROM idempotency_keys WHERE created_at < $1", {before}));
    return {};
}

}  // namespace ourvidz::queue
