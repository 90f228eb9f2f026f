#include "queue/outlook.h"

#include <algorithm>
#include <map>

namespace ourvidz::queue {
namespace {

// Somebody's jobs in a line; nobody knows whose.
struct Share {
    std::int64_t weight = 1;
    std::int64_t waiting = 0;
    std::int64_t known = 0;  // of which so many were measured before
    std::int64_t service_ms = 0;
};

struct LineNow {
    std::vector<Share> shares;
    std::int64_t running = 0;
    std::int64_t running_left_ms = 0;
    bool running_known = true;
};

Result<std::map<std::string, LineNow>> lines_now(db::Connection& connection, UnixMs now) {
    std::map<std::string, LineNow> lines;
    OURVIDZ_TRY(shares,
                connection.query("SELECT line, weight, waiting, known, service_ms FROM queue_shares", {}));
    for (const auto& row : shares) {
        lines[row.text(0)].shares.push_back({row.integer(1), row.integer(2), row.integer(3), row.integer(4)});
    }
    OURVIDZ_TRY(
        running,
        connection.query("SELECT line, service_ms, claimed_at FROM queue_line WHERE state = 'running'", {}));
    for (const auto& row : running) {
        auto& line = lines[row.text(0)];
        ++line.running;
        line.running_known = line.running_known && !row.is_null(1);
        // One that takes longer than expected is not about to end for that.
        const auto left = row.integer(1) - (now - row.integer(2));
        line.running_left_ms += std::max(left, row.integer(1) / 10);
    }
    return lines;
}

Result<std::int64_t> weight_of(db::Connection& connection, std::string_view workspace_id) {
    OURVIDZ_TRY(rows, connection.query("SELECT plan_weight FROM workspaces WHERE id = $1",
                                       {std::string(workspace_id)}));
    return rows.empty() ? std::int64_t{1} : rows[0].integer(0);
}

// What everybody else has that goes before the workspace's job number `turn` (from 1): in turns, by weight.
struct Others {
    std::int64_t jobs = 0;
    std::int64_t work_ms = 0;
    bool known = true;
};
Others others_before(const LineNow& line, const Share& own, std::int64_t turn) {
    Others others;
    bool own_seen = false;
    for (const auto& share : line.shares) {
        if (!own_seen && share.weight == own.weight && share.waiting == own.waiting &&
            share.service_ms == own.service_ms) {
            own_seen = true;
            continue;
        }
        const auto count = std::min(share.waiting, (turn * share.weight + own.weight - 1) / own.weight);
        others.jobs += count;
        others.known = others.known && share.known > 0;
        if (share.known > 0) others.work_ms += share.service_ms * count / share.known;
    }
    return others;
}

Result<void> add_line(db::Connection& connection, std::string_view workspace_id, const std::string& name,
                      const LineNow& line, std::int64_t weight, std::vector<Place>& places) {
    OURVIDZ_TRY(sums,
                connection.query("SELECT COUNT(*), COUNT(service_ms), COALESCE(SUM(service_ms), 0) FROM jobs"
                                 " WHERE workspace_id = $1 AND line = $2 AND state = 'queued'"
                                 " AND paused = 0",
                                 {std::string(workspace_id), name}));
    const Share own{weight, sums[0].integer(0), sums[0].integer(1), sums[0].integer(2)};
    OURVIDZ_TRY(rows, connection.query("SELECT subject_id, kind, model, size_class, service_ms FROM jobs"
                                       " WHERE workspace_id = $1 AND line = $2 AND state = 'queued'"
                                       " AND paused = 0 ORDER BY position, id LIMIT $3",
                                       {std::string(workspace_id), name, told_max}));
    std::int64_t own_work_ms = 0;
    bool known = line.running_known;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        const auto turn = static_cast<std::int64_t>(i) + 1;
        const auto others = others_before(line, own, turn);
        Place place{row.text(0), row.text(1), row.text(2), row.integer(3), turn - 1 + others.jobs, {}};
        if (known && others.known) {
            // While anything waits, as many places as there are run something.
            place.ahead = schedule::Ahead{place.before, own_work_ms + others.work_ms,
                                          static_cast<int>(std::max<std::int64_t>(line.running, 1)),
                                          line.running, line.running_left_ms};
        }
        places.push_back(std::move(place));
        known = known && !row.is_null(4);
        own_work_ms += row.integer(4);
    }
    return {};
}

}  // namespace

Result<std::vector<Place>> outlook(db::Connection& connection, std::string_view workspace_id, UnixMs now) {
    OURVIDZ_TRY(lines, lines_now(connection, now));
    OURVIDZ_TRY(weight, weight_of(connection, workspace_id));
    std::vector<Place> places;
    for (const auto& [name, line] : lines)
        OURVIDZ_CHECK(add_line(connection, workspace_id, name, line, weight, places));
    return places;
}

Result<Load> load(db::Connection& connection, std::string_view workspace_id, std::string_view kind) {
    OURVIDZ_TRY(rows, connection.query("SELECT (SELECT waiting FROM queue_length), COALESCE(SUM(waiting), 0),"
                                       " COALESCE(SUM(CASE WHEN kind = $2 THEN waiting END), 0)"
                                       " FROM queue_counts WHERE workspace_id = $1",
                                       {std::string(workspace_id), std::string(kind)}));
    return Load{rows[0].integer(0), rows[0].integer(1), rows[0].integer(2)};
}

Result<std::optional<std::int64_t>> next_start_ms(db::Connection& connection, std::string_view workspace_id,
                                                  std::string_view line, bool anybodys) {
    OURVIDZ_TRY(shares, connection.query("SELECT weight, waiting, known, service_ms FROM queue_shares"
                                         " WHERE line = $1",
                                         {std::string(line)}));
    OURVIDZ_TRY(running,
                connection.query("SELECT COUNT(*) FROM queue_line WHERE state = 'running' AND line = $1",
                                 {std::string(line)}));
    OURVIDZ_TRY(weight, weight_of(connection, workspace_id));
    std::int64_t weights = 0;
    std::int64_t known = 0;
    std::int64_t service_ms = 0;
    for (const auto& row : shares) {
        weights += row.integer(0);
        known += row.integer(2);
        service_ms += row.integer(3);
    }
    if (known == 0) return std::optional<std::int64_t>();
    const auto places = std::max<std::int64_t>(running[0].integer(0), 1);
    const auto any_ms = service_ms / known / places;
    return std::optional(anybodys ? any_ms
                                  : any_ms * std::max(weights, weight) / std::max<std::int64_t>(weight, 1));
}

}  // namespace ourvidz::queue
