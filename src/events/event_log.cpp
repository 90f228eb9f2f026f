#include "events/event_log.h"

namespace ourvidz::events {

Result<void> append(db::Connection& connection, std::string_view workspace_id, std::string_view name,
                    std::string_view subject_id, UnixMs now) {
    OURVIDZ_CHECK(connection.change("UPDATE workspaces SET last_event = last_event + 1 WHERE id = $1",
                                    {std::string(workspace_id)}));
    // A workspace that does not exist has no number, and an event must have one.
    return connection.change(
        "INSERT INTO events (workspace_id, number, name, subject_id, created_at)"
        " VALUES ($1, (SELECT last_event FROM workspaces WHERE id = $1), $2, $3, $4)",
        {std::string(workspace_id), std::string(name), std::string(subject_id), now});
}

Result<std::vector<Event>> read_after(db::Connection& connection, std::string_view workspace_id,
                                      std::int64_t after, int limit) {
    OURVIDZ_TRY(rows, connection.query("SELECT number, name, subject_id FROM events"
                                       " WHERE workspace_id = $1 AND number > $2 ORDER BY number LIMIT $3",
                                       {std::string(workspace_id), after, std::int64_t{limit}}));
    std::vector<Event> events;
    events.reserve(rows.size());
    for (const auto& row : rows) events.push_back({row.integer(0), row.text(1), row.text(2)});
    return events;
}

Result<std::int64_t> newest(db::Connection& connection, std::string_view workspace_id) {
    OURVIDZ_TRY(rows, connection.query("SELECT last_event FROM workspaces WHERE id = $1",
                                       {std::string(workspace_id)}));
    return rows.empty() ? 0 : rows[0].integer(0);
}

Result<std::int64_t> oldest(db::Connection& connection, std::string_view workspace_id) {
    OURVIDZ_TRY(rows,
                connection.query("SELECT COALESCE((SELECT MIN(number) FROM events WHERE workspace_id = $1),"
                                 " (SELECT last_event + 1 FROM workspaces WHERE id = $1))",
                                 {std::string(workspace_id)}));
    return rows.empty() ? 1 : rows[0].integer(0);
}

Result<std::int64_t> sweep(db::Connection& connection, UnixMs before) {
    return connection.execute("DELETE FROM events WHERE created_at < $1", {before});
}

Result<void> forget_old(db::Connection& connection, UnixMs now) {
    constexpr UnixMs kept_ms = 7LL * 24 * 3'600'000;
    OURVIDZ_TRY(forgotten, sweep(connection, now - kept_ms));
    (void)forgotten;
    return {};
}

}  // namespace ourvidz::events
