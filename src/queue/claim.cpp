// Shows src/schedule what waits, and starts an attempt at what it chooses.
#include <algorithm>
#include <map>
#include <set>

#include "base/id.h"
#include "queue/queue.h"

namespace ourvidz::queue {
namespace {

// Workspaces that are looked at in one step, and steps: so many may have only jobs that rest, are paused or
// are not for this place before one that has another stops being seen.
constexpr std::int64_t page_users = schedule::users_max;
constexpr int pages_max = 64;
// Of those who were served the longest ago, besides those whose turn it is.
constexpr std::int64_t neglected_users = 4;
// Charged for a job of which nothing is known; settle_service() puts it right.
constexpr std::int64_t unknown_service_ms = 5'000;

// "($3, $4, …)" for a list whose first parameter has the given number.
std::string placeholders(std::size_t count, std::size_t first) {
    std::string list = "(";
    for (std::size_t i = 0; i < count; ++i) {
        list += (i == 0 ? "$" : ", $") + std::to_string(first + i);
    }
    return list + ")";
}

struct Found {
    Subject subject;
    std::int64_t charge_ms = 0;
};

// Reads the part of the queue that one choice needs.
class Reader {
  public:
    Reader(db::Connection& connection, const Ask& ask, UnixMs now)
        : connection_(connection), ask_(ask), now_(now) {}

    Result<schedule::State> read() {
        schedule::State state;
        state.now = now_;
        OURVIDZ_TRY(line,
                    connection_.query("SELECT served_ms, aged_last FROM lines WHERE line = $1", {ask_.line}));
        if (!line.empty()) state.line = {line[0].number(0), line[0].integer(1) != 0};
        OURVIDZ_CHECK(read_users(state));
        state.node = ask_.node;
        if (!ask_.need_mb || state.node.budget_mb <= 0) {
            state.node = {};
            return state;
        }
        OURVIDZ_CHECK(read_running(state));
        return read_waiting(std::move(state));
    }
    [[nodiscard]] const Found& found(const std::string& job) const { return found_.at(job); }

  private:
    Result<void> read_users(schedule::State& state) {
        const std::string columns =
            "SELECT t.workspace_id, t.served_ms, t.served_at, w.plan_weight FROM turns t"
            " JOIN workspaces w ON w.id = t.workspace_id WHERE t.line = $1 AND t.waiting = 1 ";
        OURVIDZ_TRY(neglected, connection_.query(columns + "ORDER BY t.served_at, t.workspace_id LIMIT $2",
                                                 {ask_.line, neglected_users}));
        OURVIDZ_CHECK(add_users(state, neglected));
        for (int page = 0; page < pages_max && state.users.size() < schedule::users_max; ++page) {
            OURVIDZ_TRY(rows,
                        connection_.query(
                            columns + "ORDER BY t.served_ms, t.served_at, t.workspace_id LIMIT $2 OFFSET $3",
                            {ask_.line, page_users, page * page_users}));
            OURVIDZ_CHECK(add_users(state, rows));
            if (rows.size() < static_cast<std::size_t>(page_users)) break;
        }
        for (const auto& workspace : idle_) OURVIDZ_CHECK(take_back(workspace));
        return {};
    }

    // With the first jobs of each that are ready, in one question.
    Result<void> add_users(schedule::State& state, const db::Rows& rows) {
        std::vector<schedule::User> users;
        for (const auto& row : rows) {
            if (!seen_.insert(row.text(0)).second) continue;
            schedule::User user;
            user.workspace_id = row.text(0);
            user.served_ms = row.number(1);
            user.served_at = row.integer(2);
            user.weight = static_cast<double>(row.integer(3));
            users.push_back(std::move(user));
        }
        if (users.empty()) return {};
        std::vector<db::Value> values{ask_.line, now_, static_cast<std::int64_t>(schedule::jobs_max)};
        values.insert(values.end(), ask_.kinds.begin(), ask_.kinds.end());
        auto fits = " AND kind IN " + placeholders(ask_.kinds.size(), 4);
        if (ask_.models) {
            fits += " AND model IN " + placeholders(ask_.models->size(), values.size() + 1);
            values.insert(values.end(), ask_.models->begin(), ask_.models->end());
        }
        std::string sql;
        for (std::size_t i = 0; i < users.size(); ++i) {
            values.emplace_back(users[i].workspace_id);
            sql += (i == 0 ? "" : " UNION ALL ") + std::string("SELECT * FROM (SELECT ") + std::to_string(i) +
                   " AS owner, position, id, model, service_ms, run_after, subject, subject_id FROM jobs"
                   " WHERE line = $1 AND state = 'queued' AND paused = 0 AND run_after <= $2" +
                   fits + " AND workspace_id = $" + std::to_string(values.size()) +
                   " ORDER BY position, id LIMIT $3) AS own" + std::to_string(i);
        }
        OURVIDZ_TRY(jobs, connection_.query(sql + " ORDER BY owner, position, id", values));
        for (const auto& job : jobs) {
            const auto model = job.text(3);
            const auto service_ms = job.optional_integer(4).value_or(unknown_service_ms);
            users[static_cast<std::size_t>(job.integer(0))].jobs.push_back(
                {job.text(2), model, ask_.need_mb ? ask_.need_mb(model) : 0, service_ms, job.integer(5)});
            found_[job.text(2)] = {{job.text(6), job.text(7)}, service_ms};
        }
        for (auto& user : users) {
            if (user.jobs.empty()) {
                idle_.push_back(user.workspace_id);
            } else {
                state.users.push_back(std::move(user));
            }
        }
        return {};
    }

    // Nothing for this place is ready. If nothing at all waits, it need not be looked at again.
    Result<void> take_back(const std::string& workspace) {
        OURVIDZ_CHECK(connection_.execute(
            "UPDATE turns SET waiting = 0 WHERE workspace_id = $1 AND line = $2 AND NOT EXISTS"
            " (SELECT 1 FROM jobs WHERE workspace_id = $1 AND line = $2 AND state = 'queued' AND paused = 0)",
            {workspace, ask_.line}));
        return {};
    }

    // Places of the node are NODE/image/0 and so on. What runs is counted here, not by the node: it may have
    // been given out a moment ago.
    Result<void> read_running(schedule::State& state) {
        auto& node = state.node;
        const auto slash = ask_.node_id.find('/');
        const auto first = ask_.node_id.substr(0, slash) + "/";
        OURVIDZ_TRY(rows,
                    connection_.query("SELECT j.model, j.line, COUNT(*) FROM attempts a JOIN jobs j ON j.id ="
                                      " a.job_id WHERE a.state = 'running' AND a.node_id >= $1"
                                      " AND a.node_id < $2 GROUP BY j.model, j.line",
                                      {first, first.substr(0, first.size() - 1) + "0"}));
        for (const auto& row : rows) {
            const auto model = row.text(0);
            const auto running = static_cast<int>(row.integer(2));
            const bool here = row.text(1) == ask_.line;
            const auto resident = std::find_if(node.residents.begin(), node.residents.end(),
                                               [&](const auto& one) { return one.model == model; });
            if (resident == node.residents.end()) {
                node.pending.push_back({model, ask_.need_mb(model)});
                if (here) node.empty_here = std::max(0, node.empty_here - running);
                continue;
            }
            resident->running += running;
            if (here) resident->idle_here = std::max(0, resident->idle_here - running);
        }
        return {};
    }

    // How long others wait matters only when something would have to be loaded.
    Result<schedule::State> read_waiting(schedule::State state) {
        std::vector<std::string> models;
        for (const auto& one : state.node.residents) models.push_back(one.model);
        bool cold = !state.node.pending.empty();
        for (const auto& user : state.users) {
            for (const auto& job : user.jobs) {
                const bool warm =
                    std::any_of(state.node.residents.begin(), state.node.residents.end(),
                                [&](const auto& one) { return one.model == job.model && one.idle_here > 0; });
                if (warm) continue;
                cold = true;
                if (std::find(models.begin(), models.end(), job.model) == models.end())
                    models.push_back(job.model);
            }
        }
        if (!cold) return state;
        for (const auto& model : models) {
            OURVIDZ_TRY(rows,
                        connection_.query("SELECT run_after FROM jobs WHERE state = 'queued' AND paused = 0"
                                          " AND model = $1 AND run_after <= $2 ORDER BY run_after LIMIT $3",
                                          {model, now_, static_cast<std::int64_t>(schedule::group_max)}));
            if (rows.empty()) continue;
            auto& ready = state.waiting[model];
            for (const auto& row : rows) ready.push_back(row.integer(0));
        }
        return state;
    }

    db::Connection& connection_;
    const Ask& ask_;
    UnixMs now_;
    std::set<std::string> seen_;
    std::vector<std::string> idle_;
    std::map<std::string, Found> found_;
};

Result<void> charge(db::Connection& connection, const Ask& ask, const std::string& workspace,
                    const schedule::Choice& choice, UnixMs now) {
    OURVIDZ_CHECK(connection.execute(
        "UPDATE turns SET served_ms = $3, served_at = $4 WHERE workspace_id = $1 AND line = $2",
        {workspace, ask.line, choice.user_served_ms, now}));
    OURVIDZ_CHECK(connection.execute(
        "INSERT INTO lines (line, served_ms, aged_last) VALUES ($1, $2, $3)"
        " ON CONFLICT (line) DO UPDATE SET served_ms = excluded.served_ms, aged_last = excluded.aged_last",
        {ask.line, choice.line.served_ms, std::int64_t{choice.line.aged_last}}));
    return {};
}

Result<Claim> start_attempt(db::Connection& connection, const Ask& ask, Claim claim, std::int64_t charge_ms,
                            UnixMs now, const Policy& policy) {
    // Nobody can have been faster: the piece sees one state of the database, or is run again.
    OURVIDZ_TRY(fenced, connection.query("UPDATE jobs SET state = 'running', fence = fence + 1, attempts ="
                                         " attempts + 1, claimed_at = $2, charged_ms = $3"
                                         " WHERE id = $1 AND state = 'queued' RETURNING fence",
                                         {claim.job_id, now, charge_ms}));
    if (fenced.empty()) return Error{ErrorCode::internal, "A waiting job was not there any more.", ""};
    claim.fence = fenced[0].integer(0);
    OURVIDZ_CHECK(connection.execute(
        "INSERT INTO attempts (id, job_id, node_id, fence, state, lease_until, started_at)"
        " VALUES ($1, $2, $3, $4, 'running', $5, $6)",
        {claim.attempt_id, claim.job_id, ask.node_id, claim.fence, now + policy.lease_ms, now}));
    return claim;
}

}  // namespace

Result<Claims> claim(db::Connection& connection, const Ask& ask, const Clock& clock, const Policy& policy) {
    Claims claims;
    if (ask.kinds.empty() || (ask.models && ask.models->empty())) return claims;
    const auto now = clock.now_ms();
    for (int i = 0; i < ask.count; ++i) {
        Reader reader(connection, ask, now);
        OURVIDZ_TRY(state, reader.read());
        const auto choice = schedule::choose(state, policy.rules);
        claims.again_at = choice.again_at;
        if (!choice.pick) return claims;
        const auto& user = state.users[choice.pick->user];
        const auto& job = user.jobs[choice.pick->job];
        const auto& found = reader.found(job.id);
        OURVIDZ_TRY(started,
                    start_attempt(connection, ask,
                                  {job.id, found.subject, user.workspace_id, new_id("att", clock), 0},
                                  found.charge_ms, now, policy));
        OURVIDZ_CHECK(charge(connection, ask, user.workspace_id, choice, now));
        claims.claims.push_back(std::move(started));
    }
    return claims;
}

Result<bool> may_wait(db::Connection& connection, std::string_view line) {
    OURVIDZ_TRY(rows, connection.query("SELECT 1 FROM turns WHERE line = $1 AND waiting = 1 LIMIT 1",
                                       {std::string(line)}));
    return !rows.empty();
}

Result<void> settle_service(db::Connection& connection, const LiveAttempt& live, std::int64_t actual_ms) {
    OURVIDZ_TRY(rows,
                connection.query("SELECT j.line, j.charged_ms, w.plan_weight FROM jobs j JOIN workspaces w"
                                 " ON w.id = j.workspace_id WHERE j.id = $1",
                                 {live.job_id}));
    if (rows.empty()) return Error{ErrorCode::internal, "An attempt without its job.", ""};
    const auto more =
        static_cast<double>(actual_ms - rows[0].integer(1)) / static_cast<double>(rows[0].integer(2));
    OURVIDZ_CHECK(connection.execute(
        "UPDATE turns SET served_ms = served_ms + $3 WHERE workspace_id = $1 AND line = $2",
        {live.workspace_id, rows[0].text(0), more}));
    return {};
}

}  // namespace ourvidz::queue
