#include "generations/leaving.h"

#include <algorithm>

#include "generations/generations.h"

namespace ourvidz::generations {
namespace {

constexpr std::string_view not_over = "state IN ('scheduled', 'queued', 'running')";

// The answers of a query whose condition ends with a list of these.
Result<std::vector<std::string>> listed(db::Connection& connection, std::string sql,
                                        const std::vector<std::string>& ids) {
    std::vector<std::string> found;
    if (ids.empty()) return found;
    for (std::size_t i = 1; i <= ids.size(); ++i) sql.append(i == 1 ? "$" : ", $").append(std::to_string(i));
    OURVIDZ_TRY(rows, connection.query(sql + ")", {ids.begin(), ids.end()}));
    found.reserve(rows.size());
    for (const auto& row : rows) found.push_back(row.text(0));
    return found;
}

Result<void> forget_prompts(db::Connection& connection, const std::string& id) {
    OURVIDZ_TRY(rows, connection.query("SELECT settings FROM generations WHERE id = $1", {id}));
    Settings numbers;
    if (auto stored = parse_json_object(rows.at(0).text(0)); stored.ok())
        numbers = kinds::settings_from(*stored);
    kinds::forget_content(numbers);
    return connection.change(
        "UPDATE generations SET forgotten = 1, settings = $2, source_asset_id = NULL, hint = NULL"
        " WHERE id = $1",
        {id, json::serialize(kinds::to_json(numbers))});
}

}  // namespace

Result<std::vector<std::string>> needed_of(db::Connection& connection,
                                           const std::vector<assets::Leaving>& leaving) {
    std::vector<std::string> ids;
    std::vector<std::string> makers;
    for (const auto& one : leaving) {
        ids.push_back(one.id);
        if (one.generation_id) makers.push_back(*one.generation_id);
    }
    OURVIDZ_TRY(needed, listed(connection,
                               "SELECT source_asset_id FROM generations WHERE " + std::string(not_over) +
                                   " AND source_asset_id IS NOT NULL AND source_asset_id IN (",
                               ids));
    OURVIDZ_TRY(at_work,
                listed(connection,
                       "SELECT id FROM generations WHERE " + std::string(not_over) + " AND id IN (", makers));
    // Something is to be made from one of them, and somebody has yet to say from which.
    OURVIDZ_TRY(awaited, listed(connection,
                                "SELECT p.subject_id FROM job_edges e JOIN jobs p ON p.id = e.parent_id"
                                " JOIN jobs c ON c.id = e.child_id WHERE c.state = 'scheduled'"
                                " AND p.subject_id IN (",
                                makers));
    at_work.insert(at_work.end(), awaited.begin(), awaited.end());
    for (const auto& one : leaving) {
        if (one.generation_id &&
            std::find(at_work.begin(), at_work.end(), *one.generation_id) != at_work.end())
            needed.push_back(one.id);
    }
    return std::move(needed);
}

Result<void> forget_those_without_assets(db::Connection& connection, const std::vector<std::string>& ids) {
    OURVIDZ_TRY(empty, listed(connection,
                              "SELECT id FROM generations g WHERE NOT " + std::string(not_over) +
                                  " AND NOT EXISTS (SELECT 1 FROM assets a WHERE a.generation_id = g.id)"
                                  " AND id IN (",
                              ids));
    for (const auto& id : empty) OURVIDZ_CHECK(forget_prompts(connection, id));
    return {};
}

}  // namespace ourvidz::generations
