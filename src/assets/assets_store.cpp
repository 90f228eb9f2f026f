// All SQL of assets.
#include <unordered_map>

#include "assets/assets.h"
#include "db/page_query.h"
#include "events/event_log.h"

namespace ourvidz::assets {
namespace {

constexpr std::string_view columns =
    "id, workspace_id, generation_id, position, medium, state, width, height, duration_ms, seed, recipe, "
    "facts, people_free, verdict, reason, sentence, policy, created_at, discarded_at";

Asset asset_from(const db::Row& row) {
    Asset asset;
    asset.id = row.text(0);
    asset.workspace_id = row.text(1);
    asset.generation_id = row.optional_text(2);
    asset.position = row.integer(3);
    asset.medium = row.text(4);
    asset.state = state_from(row.text(5));
    asset.width = row.integer(6);
    asset.height = row.integer(7);
    asset.duration_ms = row.optional_integer(8);
    asset.seed = row.optional_integer(9);
    if (auto recipe = parse_json_object(row.text(10)); recipe.ok()) asset.recipe = std::move(*recipe);
    if (auto facts = parse_json_object(row.text(11)); facts.ok()) asset.facts = std::move(*facts);
    asset.people_free = row.integer(12) != 0;
    // A verdict that cannot be read counts as held.
    asset.verdict.decision = safety::decision_from(row.text(13)).value_or(safety::Decision::hold);
    asset.verdict.reason_code = row.text(14);
    asset.verdict.sentence = row.text(15);
    asset.verdict.policy = static_cast<int>(row.integer(16));
    asset.created_at = row.integer(17);
    asset.discarded_at = row.optional_integer(18);
    return asset;
}

// However many there are, two queries: the assets, and the files of the same assets.
Result<std::vector<Asset>> read_assets(db::Connection& connection, const std::string& where,
                                       const std::vector<db::Value>& values) {
    OURVIDZ_TRY(
        rows,
        connection.query("SELECT " + std::string(columns) +
                             " FROM assets LEFT JOIN checks ON asset_id = id AND judged_by = policy " + where,
                         values));
    std::vector<Asset> found;
    found.reserve(rows.size());
    std::unordered_map<std::string, std::size_t> places;
    for (const auto& row : rows) {
        places.emplace(row.text(0), found.size());
        found.push_back(asset_from(row));
    }
    if (found.empty()) return found;
    OURVIDZ_TRY(files, connection.query(
                           "SELECT asset_id, variant, file_key, content_type, bytes, sha256 FROM asset_files"
                           " WHERE asset_id IN (SELECT id FROM assets " +
                               where + ") ORDER BY asset_id, variant",
                           values));
    for (const auto& row : files) {
        found[places.at(row.text(0))].files.push_back(
            {row.text(1), row.text(2), row.text(3), row.integer(4), row.text(5)});
    }
    return found;
}

Result<void> insert_row(db::Connection& connection, const Asset& asset) {
    const auto* original = asset.file("original");
    if (original == nullptr) return Error{ErrorCode::internal, "An asset without its original file.", ""};
    OURVIDZ_CHECK(connection.execute(
        "INSERT INTO assets (id, workspace_id, generation_id, position, medium, state, "
        "content_type, width, height, duration_ms, bytes, sha256, seed, recipe, facts, "
        "people_free, policy, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
        "$17, $18)",
        {asset.id, asset.workspace_id, db::nullable(asset.generation_id), asset.position, asset.medium,
         std::string(to_string(asset.state)), original->content_type, asset.width, asset.height,
         db::nullable(asset.duration_ms), original->bytes, original->sha256, db::nullable(asset.seed),
         json::serialize(asset.recipe), json::serialize(asset.facts), std::int64_t{asset.people_free},
         std::int64_t{asset.verdict.policy}, asset.created_at}));
    OURVIDZ_CHECK(note_check(connection, asset.id, asset.verdict, asset.created_at));
    for (const auto& file : asset.files) {
        OURVIDZ_CHECK(connection.execute(
            "INSERT INTO asset_files (asset_id, variant, file_key, content_type, bytes, sha256)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            {asset.id, file.variant, file.file_key, file.content_type, file.bytes, file.sha256}));
    }
    return events::append(connection, asset.workspace_id, "asset", asset.id, asset.created_at);
}

}  // namespace

Result<void> note_check(db::Connection& connection, std::string_view asset_id, const safety::Verdict& verdict,
                        UnixMs now) {
    return connection.change(
        "INSERT INTO checks (asset_id, judged_by, verdict, reason, sentence, judged_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        {std::string(asset_id), std::int64_t{verdict.policy},
         std::string(safety::to_string(verdict.decision)), verdict.reason_code, verdict.sentence, now});
}

Result<void> insert(db::Connection& connection, const safety::Released<Asset>& asset) {
    Asset row = asset.artifact();
    row.verdict = asset.verdict();
    return insert_row(connection, row);
}

Result<void> insert_held(db::Connection& connection, Asset asset, const safety::Verdict& verdict) {
    asset.verdict = verdict;
    if (asset.visible())
        return Error{ErrorCode::internal, "An allowed asset must be released by the gate.", ""};
    return insert_row(connection, asset);
}

Result<Asset> find(db::Connection& connection, std::string_view workspace_id, std::string_view id) {
    OURVIDZ_TRY(found, read_assets(connection, "WHERE workspace_id = $1 AND id = $2",
                                   {std::string(workspace_id), std::string(id)}));
    if (found.empty()) return Error{ErrorCode::not_found, "There is no such asset.", ""};
    return std::move(found[0]);
}

Result<std::vector<Asset>> of_generations(db::Connection& connection, const std::string& generations,
                                          const std::vector<db::Value>& values) {
    return read_assets(
        connection, "WHERE generation_id IN (" + generations + ") ORDER BY generation_id, position", values);
}

Result<Page> list(db::Connection& connection, std::string_view workspace_id, std::optional<State> state,
                  const std::optional<std::string>& cursor, int limit) {
    db::PageQuery query("", limit);
    query.where_equal("workspace_id", std::string(workspace_id));
    if (state) query.where_equal("state", std::string(to_string(*state)));
    OURVIDZ_CHECK(query.start_after(cursor));
    const auto sql = query.sql();
    OURVIDZ_TRY(found, read_assets(connection, sql, query.values()));
    Page page;
    page.items = std::move(found);
    page.next_cursor = query.next_cursor(page.items);
    return page;
}

Result<Asset> move_to(db::Connection& connection, std::string_view workspace_id, std::string_view id,
                      State state, UnixMs now) {
    // Never at the moment at which the trash was emptied, nor, by another server's clock, before it: what
    // comes into an emptied trash stays its whole time.
    OURVIDZ_TRY(changed,
                connection.execute(
                    "UPDATE assets SET state = $3, discarded_at = CASE WHEN $3 = 'discarded' THEN"
                    " (SELECT CASE WHEN w.trash_emptied_at >= $4 THEN w.trash_emptied_at + 1 ELSE $4 END"
                    " FROM workspaces w WHERE w.id = $1) END"
                    " WHERE workspace_id = $1 AND id = $2 AND state <> $3",
                    {std::string(workspace_id), std::string(id), std::string(to_string(state)), now}));
    if (changed > 0) OURVIDZ_CHECK(events::append(connection, workspace_id, "asset", id, now));
    return find(connection, workspace_id, id);
}

Result<std::vector<std::string>> unnamed(db::Connection& connection, const std::vector<std::string>& keys) {
    std::vector<std::string> found;
    for (const auto& key : keys) {
        OURVIDZ_TRY(rows, connection.query("SELECT 1 FROM asset_files WHERE file_key = $1", {key}));
        if (rows.empty()) found.push_back(key);
    }
    return found;
}

}  // namespace ourvidz::assets
