// Jobs that wait for others, and for somebody's word. NewJob says what for. A job that waits for anything is
// `scheduled`: in no line, not counted among what waits, given to nobody.
//
// All functions run inside the caller's transaction.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "queue/queue.h"

namespace ourvidz::queue {

// A job that moved because another ended, or because somebody agreed; the caller moves its subject.
struct Moved {
    enum class To { queued, canceled };
    std::string job_id;
    Subject subject;
    To to = To::queued;
};

// Call it with every end of a job. After a success those that waited for it alone are queued. After anything
// else what waits for it, and for that, is canceled: it can no longer be made.
[[nodiscard]] Result<std::vector<Moved>> pass_on(db::Connection& connection, std::string_view job_id,
                                                 JobEnd end, UnixMs now);

// Somebody's word for the job of this subject. Empty: it still waits for other jobs. Errors: conflict when it
// waits for nobody's word (any more).
[[nodiscard]] Result<std::vector<Moved>> approve(db::Connection& connection, std::string_view subject_id,
                                                 UnixMs now);

}  // namespace ourvidz::queue
