// All SQL of runs.
#include <unordered_map>

#include "db/page_query.h"
#include "events/event_log.h"
#include "runs/runs.h"

namespace ourvidz::runs {
namespace {

Result<std::vector<Run>> read_runs(db::Connection& connection, const std::string& where,
                                   const std::vector<db::Value>& values) {
    OURVIDZ_TRY(
        rows,
        connection.query(
            "SELECT r.id, r.workspace_id, r.workflow, r.created_at, r.max_credits, r.priority FROM runs r " +
                where,
            values));
    std::vector<Run> found;
    std::unordered_map<std::string, std::size_t> places;
    for (const auto& row : rows) {
        places.emplace(row.text(0), found.size());
        const auto priority = row.text(5) == to_string(queue::Priority::background)
                                  ? queue::Priority::background
                                  : queue::Priority::normal;
        found.push_back(
            {row.text(0), row.text(1), row.text(2), row.integer(3), row.optional_integer(4), priority, {}});
    }
    if (found.empty()) return found;
    OURVIDZ_TRY(steps,
                connection.query(
                    "SELECT s.run_id, s.name, g.id, g.state, g.credits, g.settings, g.batch FROM run_steps s"
                    " JOIN generations g ON g.id = s.generation_id WHERE s.run_id IN"
                    " (SELECT r.id FROM runs r " +
                        where + ") ORDER BY s.run_id, s.position",
                    values));
    for (const auto& row : steps) {
        const auto settings = parse_json_object(row.text(5));
        const auto work = work_of(settings.ok() ? kinds::settings_from(*settings) : generations::Settings{},
                                  row.integer(6));
        const auto state = generations::state_from(row.text(3));
        const auto done = state == generations::State::succeeded ? 1.0 : 0.0;
        found[places.at(row.text(0))].steps.push_back(
            {row.text(1), row.text(2), state, row.integer(4), work, done});
    }
    return found;
}

Result<Run> read_one(db::Connection& connection, const std::string& where,
                     const std::vector<db::Value>& values) {
    OURVIDZ_TRY(found, read_runs(connection, where, values));
    if (found.empty()) return Error{ErrorCode::not_found, "There is no such run.", ""};
    return std::move(found[0]);
}

}  // namespace

Result<void> insert(db::Connection& connection, const Run& run) {
    OURVIDZ_CHECK(
        connection.change("INSERT INTO runs (id, workspace_id, workflow, created_at, max_credits, priority)"
                          " VALUES ($1, $2, $3, $4, $5, $6)",
                          {run.id, run.workspace_id, run.workflow, run.created_at,
                           db::nullable(run.max_credits), std::string(to_string(run.priority))}));
    std::int64_t position = 0;
    for (const auto& step : run.steps)
        OURVIDZ_CHECK(
            connection.change("INSERT INTO run_steps (workspace_id, run_id, position, name, generation_id) "
                              "VALUES ($1, $2, $3, $4, $5)",
                              {run.workspace_id, run.id, position++, step.name, step.generation_id}));
    return events::append(connection, run.workspace_id, subject_name, run.id, run.created_at);
}

Result<Run> find(db::Connection& connection, std::string_view workspace_id, std::string_view id) {
    return read_one(connection, "WHERE r.workspace_id = $1 AND r.id = $2",
                    {std::string(workspace_id), std::string(id)});
}

Result<Run> find_by_step(db::Connection& connection, std::string_view workspace_id,
                         std::string_view generation_id) {
    return read_one(
        connection,
        "WHERE r.workspace_id = $1 AND r.id IN (SELECT run_id FROM run_steps WHERE generation_id = $2)",
        {std::string(workspace_id), std::string(generation_id)});
}

Result<Page> list(db::Connection& connection, std::string_view workspace_id, bool active_only,
                  const std::optional<std::string>& cursor, int limit) {
    db::PageQuery query("r.", limit);
    query.where_equal("workspace_id", std::string(workspace_id));
    if (active_only)
        query.where(
            "r.id IN (SELECT s.run_id FROM generations g JOIN run_steps s ON s.generation_id = g.id"
            " WHERE g.workspace_id = $1 AND g.state IN ('scheduled', 'queued', 'running'))");
    OURVIDZ_CHECK(query.start_after(cursor));
    const auto sql = query.sql();
    Page page;
    OURVIDZ_TRY(found, read_runs(connection, sql, query.values()));
    page.items = std::move(found);
    page.next_cursor = query.next_cursor(page.items);
    return page;
}

}  // namespace ourvidz::runs
