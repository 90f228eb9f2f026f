// Jobs, attempts and leases: what is to be done, who does it, and who may say that it is done.
//
// Which job a free place gets is decided by src/schedule; claim() shows it a bounded part of what waits.
//
// A job is claimed by a node as an attempt with a lease and a fencing number (the job's attempt counter).
// Heartbeats renew the lease. When it runs out, or the node is back without it, the attempt is lost and the
// job is queued again. Only what a node says that it failed counts, until attempts_max: a job whose worker
// dies is told of by its node, while the end of a node or a server says nothing of any one job. Yet a job
// that takes its node with it looks just like that. So each loss is followed by a rest, twice as long as the
// last and of a length of its own, which takes a job apart from those that it may have been lost with; and
// after losses_max losses it is over. Everything that an attempt wants to change asks require_live() first,
// in the same transaction: an attempt that comes back from the dead gets lease_lost and changes nothing.
//
// All functions run inside the caller's transaction and know nothing of what a job is for: the caller moves
// its subject.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "schedule/schedule.h"
#include "studio/module.h"

namespace ourvidz::queue {

struct Policy {
    std::int64_t lease_ms = 15'000;
    int attempts_max = 3;
    int losses_max = 20;                  // lost attempts
    std::int64_t retry_delay_ms = 1'000;  // doubled with every further attempt
    schedule::Rules rules;
};

// What a job is the work of, as the event stream names it (src/events/subjects.h). One subject has one job.
struct Subject {
    std::string name;  // such as "generation"
    std::string id;
};

// What decides where and when a job may run.
struct Needs {
    std::string line;  // "image", "video" or "chat": the kind of place that it needs
    std::string model;
    std::int64_t size_class = 0;
    std::optional<std::int64_t> service_ms = {};  // expected; nullopt: nothing like it was measured
};
// How soon a job comes among those of its own workspace. Workspaces take turns whatever their jobs are.
enum class Priority {
    normal,      // in the order in which they were asked for
    background,  // as if it had been asked for an hour later: the work of the day goes first, and it never
                 // starves
};
struct NewJob {
    std::string id;
    std::string workspace_id;
    Subject subject;
    std::string kind;
    Needs needs;
    std::int64_t credits = 0;  // its price; the caller places the hold
    std::vector<std::string> after =
        {};                       // jobs of the same workspace that have to succeed first (queue/edges.h)
    bool needs_approval = false;  // and somebody's word
    Priority priority = Priority::normal;
};
// Behind all others of its workspace and priority; scheduled, as long as it waits for something.
[[nodiscard]] Result<void> enqueue(db::Connection& connection, const NewJob& job, UnixMs now);

struct LiveAttempt;

struct Claim {
    std::string job_id;
    Subject subject;
    std::string workspace_id;
    std::string attempt_id;
    std::int64_t fence = 0;
};
// A free place of a node asks.
struct Ask {
    std::string node_id;
    std::string line;
    std::vector<std::string> kinds;  // that the place can serve
    int count = 1;
    // As the node says: for each model, idle_here counts its places of this line, at work or not, and
    // empty_here those without a model. claim() takes off what runs, and knows itself what is pending.
    schedule::Node node;
    std::function<int(std::string_view model)> need_mb;  // what loading it takes; empty: models do not matter
    std::optional<std::vector<std::string>> models = {};  // that are there; null: whichever
};
struct Claims {
    std::vector<Claim> claims;
    // When it is worth asking again although nothing was announced.
    std::optional<UnixMs> again_at;
};
// Starts an attempt at each of at most `count` waiting jobs of the line, as src/schedule chooses. Looks at no
// more than its limits allow, however much waits. Of two servers that claim at once, one is run again
// (db/database.h): both charge the turn of the workspace that they choose.
[[nodiscard]] Result<Claims> claim(db::Connection& connection, const Ask& ask, const Clock& clock,
                                   const Policy& policy);
// Whether anything may wait in the line: false only where nothing does. Costs next to nothing.
[[nodiscard]] Result<bool> may_wait(db::Connection& connection, std::string_view line);
// What an attempt took in truth is charged in place of what was expected.
[[nodiscard]] Result<void> settle_service(db::Connection& connection, const LiveAttempt& live,
                                          std::int64_t actual_ms);

struct Held {
    std::string attempt_id;
    std::int64_t fence = 0;
};
struct Renewal {
    std::vector<std::string> lost;      // attempt ids that are no longer live
    std::vector<std::string> canceled;  // live ones whose job is to be stopped
};
// Renews the leases of everything that the node says it is doing.
[[nodiscard]] Result<Renewal> renew(db::Connection& connection, std::string_view node_id,
                                    const std::vector<Held>& held, UnixMs now, const Policy& policy);

// The fence. Errors: lease_lost.
struct LiveAttempt {
    std::string attempt_id;
    std::string job_id;
    Subject subject;
    std::string workspace_id;
    bool cancel_requested = false;
    std::int64_t attempts = 0;
    std::int64_t begun = 0;  // attempts at its job, this one included, whether they count or not
};
[[nodiscard]] Result<LiveAttempt> require_live(db::Connection& connection, std::string_view attempt_id,
                                               std::int64_t fence);

enum class JobEnd { succeeded, failed, canceled };
[[nodiscard]] std::string_view to_string(JobEnd end);
// The attempt and its job are over.
[[nodiscard]] Result<void> finish(db::Connection& connection, const LiveAttempt& live, JobEnd end,
                                  const std::optional<Error>& error, UnixMs now);
// The attempt failed or was given back. Answers whether the job was queued again; if not, it is dead: failed.
enum class Setback { failed, released, lost };
[[nodiscard]] Result<bool> set_back(db::Connection& connection, const LiveAttempt& live, Setback setback,
                                    const Error& error, UnixMs now, const Policy& policy);

// Attempts whose lease has run out; the caller sets each back.
[[nodiscard]] Result<std::vector<LiveAttempt>> expired(db::Connection& connection, UnixMs now);
// Live attempts of a node other than those it holds: its dead past, when it was restarted; the caller sets
// each back.
[[nodiscard]] Result<std::vector<LiveAttempt>> given_up(db::Connection& connection, std::string_view node_id,
                                                        const std::vector<Held>& held);

// A job that no node has yet is over, and its id is the answer. Of one that runs, the node is told.
[[nodiscard]] Result<std::optional<std::string>> cancel(db::Connection& connection,
                                                        std::string_view subject_id, UnixMs now);

// Of a job `j` in SQL: it failed, and not because of what was asked for. Of that nobody but who asked has to
// know, and another try would end the same way.
inline constexpr std::string_view died =
    "j.state = 'failed' AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.job_id = j.id AND a.fence = j.fence"
    " AND a.error_code IN ('refused', 'held', 'invalid_field', 'too_large'))";
struct Counts {
    std::int64_t queued = 0;
    std::int64_t running = 0;
    std::int64_t dead = 0;  // died since `since`
};
[[nodiscard]] Result<Counts> counts(db::Connection& connection, UnixMs since);

// For how many kinds of how many workspaces, added up, the count that is kept of what waits (see Load in
// outlook.h) is not what a new count says: 0, or there is a fault of ours. Goes through all that waits: run
// it as the server, on a read.
[[nodiscard]] Result<std::int64_t> miscounted(db::Connection& connection);
// That none of it is.
[[nodiscard]] studio::Audit count_audit();

}  // namespace ourvidz::queue
