// What happens to a generation when its job moves: every function is one step inside the caller's
// transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generations/generations.h"
#include "queue/queue.h"

namespace ourvidz::generations {

// A node has taken the job.
[[nodiscard]] Result<Generation> on_claimed(db::Connection& connection, const queue::Claim& claim,
                                            UnixMs now);

struct Output {
    std::int64_t position = 0;
    std::string medium;
    std::int64_t width = 0;
    std::int64_t height = 0;
    std::optional<std::int64_t> duration_ms;
    std::optional<std::int64_t> seed;
    json::object recipe;
    json::object facts;       // of its file (assets.h)
    safety::Verdict verdict;  // the node's gate
    std::vector<assets::AssetFile> files;
};
// One picture or clip of a live attempt becomes an asset. A place in the batch that is already taken (an
// answer that got lost on its way back to the node) is fine and changes nothing.
[[nodiscard]] Result<void> on_output(db::Connection& connection, const queue::LiveAttempt& live,
                                     const Output& output, const safety::Gate& gate,
                                     safety::PictureDomain model_domain, const Clock& clock);

struct Finish {
    enum class Outcome { succeeded, failed, canceled, released };
    Outcome outcome = Outcome::failed;
    bool retry = true;  // false: another attempt would fail the same way
    Error error;
    std::optional<std::string> text;
    bool cut = false;  // the text reached the model's limit before its end
    std::optional<std::int64_t> engine_ms;
    std::optional<std::int64_t> work_ms;  // see TimeSpent
};
// "succeeded", "canceled", "released", "failed" or, where nobody is to try again, "declined".
[[nodiscard]] std::string_view to_string(const Finish& finish);
// Moves job, generation and hold together. `succeeded` needs all outputs of the batch to be there.
[[nodiscard]] Result<void> on_finish(db::Connection& connection, const queue::LiveAttempt& live,
                                     const Finish& finish, UnixMs now, const queue::Policy& policy);

// A lease ran out, or its node was restarted without it.
[[nodiscard]] Result<void> on_lost(db::Connection& connection, const queue::LiveAttempt& live, UnixMs now,
                                   const queue::Policy& policy);

// Somebody's word for one that waits for it (queue/edges.h). Errors: conflict.
[[nodiscard]] Result<void> approve(db::Connection& connection, std::string_view id, UnixMs now);

// A job that is over in the queue, and its generation.
struct Over {
    std::string_view job_id;
    std::string_view generation_id;
};
// Ends the generation and its hold; what waited for its job goes on, or is over too.
[[nodiscard]] Result<void> end(db::Connection& connection, const Over& over, const Change& change,
                               ledger::HoldEnd how, UnixMs now);

}  // namespace ourvidz::generations
