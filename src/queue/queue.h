// Jobs, attempts and leases: what is to be done, who does it, and who may say that it is done.
//
// A job is claimed by a node as an attempt with a lease and a fencing number (the job's attempt counter).
// Heartbeats renew the lease. When it runs out the attempt is lost and the job is queued again, until
// attempts_max. Everything that an attempt wants to change asks require_live() first, in the same
// transaction: an attempt that comes back from the dead gets lease_lost and changes nothing.
//
// All functions run inside the caller's transaction and know nothing of generations: the caller moves those.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"

namespace ourvidz::queue {

struct Policy {
    std::int64_t lease_ms = 15'000;
    int attempts_max = 3;
    std::int64_t retry_delay_ms = 1'000;  // doubled with every further attempt
};

struct NewJob {
    std::string id;
    std::string generation_id;
    std::string workspace_id;
    std::string kind;
};
[[nodiscard]] Result<void> enqueue(db::Connection& connection, const NewJob& job, UnixMs now);

struct Claim {
    std::string job_id;
    std::string generation_id;
    std::string workspace_id;
    std::string attempt_id;
    std::int64_t fence = 0;
};
// Starts an attempt at each of at most `count` waiting jobs of these kinds, the longest waiting first.
[[nodiscard]] Result<std::vector<Claim>> claim(db::Connection& connection, std::string_view node_id,
                                               const std::vector<std::string>& kinds, int count,
                                               const Clock& clock, const Policy& policy);

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
struct Live {
    std::string attempt_id;
    std::string job_id;
    std::string generation_id;
    std::string workspace_id;
    bool cancel_requested = false;
    std::int64_t attempts = 0;
    bool acknowledged = false;  // the node has spoken of it
};
[[nodiscard]] Result<Live> require_live(db::Connection& connection, std::string_view attempt_id,
                                        std::int64_t fence);

enum class JobEnd { succeeded, failed, canceled };
[[nodiscard]] std::string_view to_string(JobEnd end);
// The attempt and its job are over.
[[nodiscard]] Result<void> finish(db::Connection& connection, const Live& live, JobEnd end,
                                  const std::optional<Error>& error, UnixMs now);
// The attempt failed or was given back. Answers whether the job was queued again; if not, it is dead: failed.
enum class Setback { failed, released, lost };
[[nodiscard]] Result<bool> set_back(db::Connection& connection, const Live& live, Setback setback,
                                    const Error& error, UnixMs now, const Policy& policy);

// Attempts whose lease has run out; the caller sets each back.
[[nodiscard]] Result<std::vector<Live>> expired(db::Connection& connection, UnixMs now);
// Live attempts of a node other than those it holds: its dead past, when it was restarted; the caller sets
// each back.
[[nodiscard]] Result<std::vector<Live>> given_up(db::Connection& connection, std::string_view node_id,
                                                 const std::vector<Held>& held);

// For a job that no node has yet: it is over. For one that runs: the node is told. Answers true in the first
// case.
[[nodiscard]] Result<bool> cancel(db::Connection& connection, std::string_view generation_id, UnixMs now);

struct Counts {
    std::int64_t queued = 0;
    std::int64_t running = 0;
    std::int64_t dead = 0;  // failed since `since`
};
[[nodiscard]] Result<Counts> counts(db::Connection& connection, UnixMs since);
// How many jobs of all workspaces wait for a node.
[[nodiscard]] Result<std::int64_t> waiting(db::Connection& connection);
// How many jobs that the same nodes can serve stand before this one; nullopt when it does not wait.
[[nodiscard]] Result<std::optional<std::int64_t>> place(db::Connection& connection,
                                                        std::string_view generation_id,
                                                        const std::vector<std::string>& kinds);

}  // namespace ourvidz::queue
