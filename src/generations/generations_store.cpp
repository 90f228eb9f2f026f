// All SQL of generations.
#include <algorithm>
#include <bit>
#include <unordered_map>

#include "db/page_query.h"
#include "events/event_log.h"
#include "generations/generations.h"

namespace ourvidz::generations {
namespace {

constexpr std::string_view select_generation =
    "SELECT g.id, g.workspace_id, g.kind, g.medium, g.model, g.settings, g.messages, g.batch, g.state, "
    "g.text, g.hint,"
    " g.error_code, g.error_detail, g.credits, h.state, g.created_at, g.started_at, g.ended_at, j.paused, "
    "g.cut, g.put_away"
    " FROM generations g JOIN jobs j ON j.subject_id = g.id JOIN holds h ON h.job_id = j.id ";

std::vector<Message> messages_from(const std::string& text) {
    std::vector<Message> messages;
    auto parsed = parse_json(text);
    if (!parsed.ok() || !parsed->is_array()) return messages;
    for (const auto& one : parsed->get_array()) {
        messages.push_back(
            {std::string(one.at("role").as_string()), std::string(one.at("text").as_string())});
    }
    return messages;
}

// Its code in this column and its detail in the next.
std::optional<Error> error_in(const db::Row& row, std::size_t column) {
    if (row.is_null(column)) return std::nullopt;
    return Error{error_code_from(row.text(column)).value_or(ErrorCode::internal), row.text(column + 1), ""};
}

Generation generation_from(const db::Row& row) {
    Generation generation;
    generation.id = row.text(0);
    generation.workspace_id = row.text(1);
    generation.kind = row.text(2);
    generation.medium = row.text(3);
    generation.model = row.text(4);
    if (auto settings = parse_json_object(row.text(5)); settings.ok())
        generation.settings = kinds::settings_from(*settings);
    if (!row.is_null(6)) generation.messages = messages_from(row.text(6));
    generation.batch = row.integer(7);
    generation.state = state_from(row.text(8));
    generation.text = row.optional_text(9);
    generation.hint = row.optional_text(10);
    generation.error = error_in(row, 11);
    generation.credits = row.integer(13);
    generation.hold = row.text(14);
    generation.created_at = row.integer(15);
    generation.started_at = row.optional_integer(16);
    generation.ended_at = row.optional_integer(17);
    generation.paused = generation.state == State::queued && row.integer(18) != 0;
    generation.cut = row.integer(19) != 0;
    generation.put_away = row.integer(20) != 0;
    return generation;
}

Result<std::vector<Generation>> read_generations(db::Connection& connection, const std::string& where,
                                                 const std::vector<db::Value>& values) {
    OURVIDZ_TRY(rows, connection.query(std::string(select_generation) + where, values));
    std::vector<Generation> found;
    found.reserve(rows.size());
    std::unordered_map<std::string, std::size_t> places;
    for (const auto& row : rows) {
        if (row.text(3) != "chat") places.emplace(row.text(0), found.size());
        found.push_back(generation_from(row));
    }
    if (places.empty()) return found;
    OURVIDZ_TRY(made, assets::of_generations(connection, "SELECT g.id FROM generations g " + where, values));
    for (auto& asset : made) found[places.at(*asset.generation_id)].assets.push_back(std::move(asset));
    return found;
}

Result<Generation> read_one(db::Connection& connection, const std::string& where,
                            const std::vector<db::Value>& values) {
    OURVIDZ_TRY(found, read_generations(connection, where, values));
    if (found.empty()) return Error{ErrorCode::not_found, "There is no such generation.", ""};
    return std::move(found[0]);
}

}  // namespace

Result<void> insert(db::Connection& connection, const Generation& generation, const queue::NewJob& job,
                    const Clock& clock) {
    OURVIDZ_CHECK(connection.change(
        "INSERT INTO generations (id, workspace_id, kind, medium, model, settings, messages, batch, state, "
        "hint, credits, created_at, source_asset_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        {generation.id, generation.workspace_id, generation.kind, generation.medium, generation.model,
         json::serialize(kinds::to_json(generation.settings)),
         generation.messages.empty() ? db::Value(nullptr)
                                     : db::Value(json::serialize(to_json(generation.messages))),
         generation.batch, std::string(to_string(generation.state)), db::nullable(generation.hint),
         generation.credits, generation.created_at, db::nullable(generation.settings.source_asset_id)}));
    OURVIDZ_CHECK(queue::enqueue(connection, job, generation.created_at));
    // The hold's id is the job's with another prefix: there is exactly one.
    OURVIDZ_CHECK(
        ledger::place(connection, {"hld" + job.id.substr(3), job.workspace_id, job.id, job.credits}, clock));
    return events::append(connection, generation.workspace_id, subject_name, generation.id,
                          generation.created_at);
}

Result<Generation> find(db::Connection& connection, std::string_view workspace_id, std::string_view id) {
    return read_one(connection, "WHERE g.workspace_id = $1 AND g.id = $2",
                    {std::string(workspace_id), std::string(id)});
}

Result<Generation> find_any(db::Connection& connection, std::string_view id) {
    return read_one(connection, "WHERE g.id = $1", {std::string(id)});
}

Result<Page> list(db::Connection& connection, std::string_view workspace_id, const Filter& filter,
                  const std::optional<std::string>& cursor, int limit) {
    db::PageQuery query("g.", limit);
    query.where_equal("workspace_id", std::string(workspace_id));
    if (filter.active_only) query.where("g.state IN ('scheduled', 'queued', 'running')");
    if (!filter.medium.empty()) query.where_equal("medium", filter.medium);
    OURVIDZ_CHECK(query.start_after(cursor));
    const auto sql = query.sql();
    OURVIDZ_TRY(found, read_generations(connection, sql, query.values()));
    Page page;
    page.items = std::move(found);
    page.next_cursor = query.next_cursor(page.items);
    return page;
}

Result<void> move_to(db::Connection& connection, std::string_view id, const Change& change, UnixMs now) {
    const auto& error = change.error;
    OURVIDZ_TRY(
        rows, connection.query(
                  "UPDATE generations SET state = $2, text = CASE WHEN forgotten = 1 THEN NULL ELSE "
                  "COALESCE($3, text) END,"
                  " cut = $8, error_code = $4, error_detail = $5,"
                  " started_at = CASE WHEN $2 = 'running' THEN COALESCE(started_at, $6) ELSE started_at END,"
                  " ended_at = CASE WHEN $7 = 1 THEN $6 ELSE NULL END"
                  " WHERE id = $1 RETURNING workspace_id",
                  {std::string(id), std::string(to_string(change.state)), db::nullable(change.text),
                   error ? db::Value(std::string(to_string(error->code))) : db::Value(nullptr),
                   error ? db::Value(error->detail) : db::Value(nullptr), now,
                   std::int64_t{is_over(change.state)}, std::int64_t{change.cut}}));
    if (rows.empty()) return Error{ErrorCode::internal, "A job without its generation.", ""};
    return events::append(connection, rows[0].text(0), subject_name, id, now);
}

Result<std::vector<Outcome>> outcomes(db::Connection& connection, std::string_view which,
                                      const std::vector<db::Value>& values) {
    OURVIDZ_TRY(rows,
                connection.query("SELECT id, state, text, cut, error_code, error_detail FROM generations"
                                 " WHERE id IN (" +
                                     std::string(which) + ")",
                                 values));
    std::vector<Outcome> found;
    found.reserve(rows.size());
    for (const auto& row : rows)
        found.push_back({row.text(0), state_from(row.text(1)), row.optional_text(2), row.integer(3) != 0,
                         error_in(row, 4)});
    return found;
}

Result<void> forget_words(db::Connection& connection, std::string_view workspace_id, std::string_view id) {
    return connection.change(
        "UPDATE generations SET forgotten = 1, messages = NULL, text = NULL"
        " WHERE workspace_id = $1 AND id = $2",
        {std::string(workspace_id), std::string(id)});
}

std::int64_t size_class(const Settings& settings, std::int64_t outputs) {
    constexpr std::int64_t from_a_picture = 64;  // beyond every power of two
    const auto pixels = settings.width.value_or(1) * settings.height.value_or(1);
    const auto work = pixels * settings.steps.value_or(1) * settings.seconds.value_or(1) * outputs;
    const auto doublings = std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(work, 1)));
    return static_cast<std::int64_t>(doublings) + (settings.source_asset_id ? from_a_picture : 0);
}

Result<void> note_duration(db::Connection& connection, const Generation& generation, const TimeSpent& spent,
                           UnixMs now) {
    return connection.change(
        "INSERT INTO durations (kind, model, size_class, engine_ms, work_ms, ended_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        {generation.kind, generation.model, size_class(generation.settings, generation.batch),
         spent.engine_ms, spent.work_ms, now});
}

namespace {

// Newest first.
Result<std::vector<TimeSpent>> last_runs(db::Connection& connection, std::string_view kind,
                                         std::string_view model, std::int64_t size_class) {
    OURVIDZ_TRY(rows, connection.query("SELECT engine_ms, COALESCE(work_ms, engine_ms) FROM durations"
                                       " WHERE kind = $1 AND model = $2 AND size_class = $3"
                                       " ORDER BY ended_at DESC LIMIT $4",
                                       {std::string(kind), std::string(model), size_class,
                                        static_cast<std::int64_t>(schedule::runs_max)}));
    std::vector<TimeSpent> runs;
    runs.reserve(rows.size());
    for (const auto& row : rows) runs.push_back({row.integer(0), row.integer(1)});
    return runs;
}

std::optional<Estimate> work_of(const std::vector<TimeSpent>& runs) {
    std::vector<std::int64_t> work_ms;
    work_ms.reserve(runs.size());
    for (const auto& run : runs) work_ms.push_back(run.work_ms);
    return schedule::estimate_from(work_ms);
}

// The middle one.
std::optional<double> draw_share_of(const std::vector<TimeSpent>& runs) {
    if (runs.size() < schedule::runs_min) return std::nullopt;
    std::vector<double> shares;
    shares.reserve(runs.size());
    for (const auto& run : runs) {
        const auto whole = static_cast<double>(std::max<std::int64_t>(run.work_ms, 1));
        shares.push_back(std::clamp(static_cast<double>(run.engine_ms) / whole, 0.0, 1.0));
    }
    const auto middle = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
    std::nth_element(shares.begin(), middle, shares.end());
    return *middle;
}

}  // namespace

Result<std::optional<Estimate>> estimate(db::Connection& connection, std::string_view kind,
                                         std::string_view model, std::int64_t size_class) {
    OURVIDZ_TRY(runs, last_runs(connection, kind, model, size_class));
    return work_of(runs);
}

Result<Usual> usual(db::Connection& connection, std::string_view kind, std::string_view model,
                    std::int64_t size_class) {
    OURVIDZ_TRY(runs, last_runs(connection, kind, model, size_class));
    return Usual{work_of(runs), draw_share_of(runs)};
}

}  // namespace ourvidz::generations
