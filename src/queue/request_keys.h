// Idempotency keys of requests that made a job: the same request under the same key is that job again.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "queue/queue.h"

namespace ourvidz::queue {

// The subject of the job that the key stands for. Errors: idempotency_mismatch when it stands for another
// request.
[[nodiscard]] Result<std::optional<Subject>> find_by_key(db::Connection& connection,
                                                         std::string_view workspace_id, std::string_view key,
                                                         std::string_view request_sha256);
// `request_sha256`: of the body as it came.
[[nodiscard]] Result<void> remember_key(db::Connection& connection, const NewJob& job, std::string_view key,
                                        std::string_view request_sha256, UnixMs now);
// Those that were made before the given moment.
[[nodiscard]] Result<void> forget_keys(db::Connection& connection, UnixMs before);

}  // namespace ourvidz::queue
