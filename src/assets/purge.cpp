#include "assets/purge.h"

#include <algorithm>

#include "base/id.h"
#include "events/event_log.h"

namespace ourvidz::assets {
namespace {

constexpr std::int64_t files_at_once = 200;

// "$3, $4, $5" for three values after the first two.
std::string parameters(std::size_t count, std::size_t before) {
    std::string text;
    for (std::size_t i = 1; i <= count; ++i) {
        text += i == 1 ? "$" : ", $";
        text += std::to_string(before + i);
    }
    return text;
}

Result<Purged> purge(db::Connection& connection, std::string_view workspace_id,
                     const std::vector<Leaving>& leaving, const Others& others, UnixMs now) {
    Purged purged;
    if (leaving.empty()) return purged;
    std::vector<db::Value> values{std::string(workspace_id)};
    std::vector<std::string> generations;
    for (const auto& one : leaving) {
        values.emplace_back(one.id);
        if (one.generation_id) generations.push_back(*one.generation_id);
    }
    const auto these = "SELECT id FROM assets WHERE workspace_id = $1 AND state = 'discarded' AND id IN (" +
                       parameters(leaving.size(), 1) + ")";
    OURVIDZ_TRY(
        bytes,
        connection.query("SELECT COALESCE(SUM(bytes), 0) FROM asset_files WHERE asset_id IN (" + these + ")",
                         values));
    purged.bytes = bytes[0].integer(0);
    auto noted = values;
    noted.emplace_back(now);
    OURVIDZ_CHECK(
        connection.change("INSERT INTO purged_files (file_key, workspace_id, bytes, purged_at)"
                          " SELECT file_key, $1, bytes, $" +
                              std::to_string(noted.size()) + " FROM asset_files WHERE asset_id IN (" + these +
                              ") ON CONFLICT (file_key) DO NOTHING",
                          noted));
    OURVIDZ_CHECK(connection.change("DELETE FROM asset_files WHERE asset_id IN (" + these + ")", values));
    OURVIDZ_CHECK(connection.change("DELETE FROM checks WHERE asset_id IN (" + these + ")", values));
    OURVIDZ_TRY(deleted, connection.execute("DELETE FROM assets WHERE id IN (" + these + ")", values));
    purged.assets = deleted;
    for (const auto& one : leaving)
        OURVIDZ_CHECK(events::append(connection, workspace_id, "asset", one.id, now));
    std::sort(generations.begin(), generations.end());
    generations.erase(std::unique(generations.begin(), generations.end()), generations.end());
    if (!generations.empty()) OURVIDZ_CHECK(others.gone(connection, generations));
    return purged;
}

// Removes those of these that are needed.
Result<void> spare_needed(db::Connection& connection, std::vector<Leaving>& leaving, const Others& others) {
    if (leaving.empty()) return {};
    OURVIDZ_TRY(needed, others.needed(connection, leaving));
    std::erase_if(leaving, [&needed](const Leaving& one) {
        return std::find(needed.begin(), needed.end(), one.id) != needed.end();
    });
    return {};
}

Result<UnixMs> emptied_at(db::Connection& connection, std::string_view workspace_id) {
    OURVIDZ_TRY(rows, connection.query("SELECT trash_emptied_at FROM workspaces WHERE id = $1",
                                       {std::string(workspace_id)}));
    return rows.empty() ? UnixMs{0} : rows[0].integer(0);
}

// From a place by chance on, and from the beginning when there are no more.
Result<std::vector<std::string>> some_purged(db::Connection& connection) {
    std::vector<std::string> keys;
    for (const auto& from : {random_hex(16), std::string()}) {
        OURVIDZ_TRY(rows, connection.query("SELECT file_key FROM purged_files WHERE file_key >= $1"
                                           " ORDER BY file_key LIMIT $2",
                                           {from, files_at_once}));
        for (const auto& row : rows) keys.push_back(row.text(0));
        if (!keys.empty()) break;
    }
    return keys;
}

}  // namespace

Result<Purged> purge_one(db::Connection& connection, std::string_view workspace_id, std::string_view id,
                         const Others& others, UnixMs now) {
    OURVIDZ_TRY(rows, connection.query("SELECT state, generation_id FROM assets"
                                       " WHERE workspace_id = $1 AND id = $2",
                                       {std::string(workspace_id), std::string(id)}));
    if (rows.empty()) return Error{ErrorCode::not_found, "There is no such asset.", ""};
    if (rows[0].text(0) != "discarded")
        return Error{ErrorCode::conflict,
                     "It is not in the trash. Discard it first; only what is in the trash can be deleted.",
                     ""};
    std::vector<Leaving> leaving{{std::string(id), rows[0].optional_text(1)}};
    OURVIDZ_CHECK(spare_needed(connection, leaving, others));
    if (leaving.empty())
        return Error{ErrorCode::conflict,
                     "Something is being made with it. Wait until that is done, or cancel it.", ""};
    return purge(connection, workspace_id, leaving, others, now);
}

Result<void> mark_emptied(db::Connection& connection, std::string_view workspace_id, UnixMs now) {
    return connection.change(
        "UPDATE workspaces SET trash_emptied_at = $2 WHERE id = $1 AND trash_emptied_at < $2",
        {std::string(workspace_id), now});
}

Result<PurgedSome> purge_some(db::Connection& connection, std::string_view workspace_id, UnixMs before,
                              const std::optional<Cursor>& from, const Others& others, UnixMs now) {
    OURVIDZ_TRY(emptied, emptied_at(connection, workspace_id));
    const auto after = from.value_or(Cursor{-1, ""});
    OURVIDZ_TRY(rows, connection.query("SELECT id, generation_id, discarded_at FROM assets"
                                       " WHERE workspace_id = $1 AND state = 'discarded'"
                                       " AND discarded_at <= $2 AND (discarded_at, id) > ($3, $4)"
                                       " ORDER BY discarded_at, id LIMIT $5",
                                       {std::string(workspace_id), std::max(before, emptied),
                                        after.created_at, after.id, std::int64_t{purged_at_once}}));
    PurgedSome some;
    if (rows.size() == static_cast<std::size_t>(purged_at_once))
        some.next = Cursor{rows.back().integer(2), rows.back().text(0)};
    std::vector<Leaving> leaving;
    leaving.reserve(rows.size());
    for (const auto& row : rows) leaving.push_back({row.text(0), row.optional_text(1)});
    OURVIDZ_CHECK(spare_needed(connection, leaving, others));
    OURVIDZ_TRY(purged, purge(connection, workspace_id, leaving, others, now));
    some.purged = purged;
    return some;
}

namespace {

Result<std::vector<std::string>> with_due(db::Connection& connection, UnixMs before) {
    OURVIDZ_TRY(rows, connection.query("SELECT w.id FROM workspaces w WHERE EXISTS (SELECT 1 FROM assets a"
                                       " WHERE a.workspace_id = w.id AND a.state = 'discarded' AND"
                                       " a.discarded_at <= CASE WHEN w.trash_emptied_at > $1"
                                       " THEN w.trash_emptied_at ELSE $1 END)",
                                       {before}));
    std::vector<std::string> found;
    found.reserve(rows.size());
    for (const auto& row : rows) found.push_back(row.text(0));
    return found;
}

// Adds to the part what goes of one workspace, until it has had its transactions.
Result<void> purge_workspace(db::Database& database, const std::string& workspace_id, UnixMs before,
                             const Others& others, const Clock& clock, int& left, PurgedPart& part) {
    std::optional<Cursor> from;
    do {
        auto work = [&](db::Connection& connection) {
            return purge_some(connection, workspace_id, before, from, others, clock.now_ms());
        };
        OURVIDZ_TRY(some, database.write_now(db::Scope::workspace(workspace_id), work));
        from = some.next;
        if (some.purged.assets == 0) continue;
        --left;
        part.purged.assets += some.purged.assets;
        part.purged.bytes += some.purged.bytes;
        if (part.workspaces.empty() || part.workspaces.back() != workspace_id)
            part.workspaces.push_back(workspace_id);
    } while (from && left > 0);
    part.more = part.more || from.has_value();
    return {};
}

}  // namespace

Result<PurgedPart> purge_due(db::Database& database, UnixMs before, const Others& others,
                             const Clock& clock) {
    auto read = [before](db::Connection& connection) { return with_due(connection, before); };
    OURVIDZ_TRY(workspaces, database.read_now(db::Scope::server(), read));
    PurgedPart part;
    int left = purges_in_a_part;
    for (const auto& workspace : workspaces) {
        part.more = left == 0;
        if (left == 0) break;
        OURVIDZ_CHECK(purge_workspace(database, workspace, before, others, clock, left, part));
    }
    return part;
}

Result<Purged> trash_of(db::Connection& connection, std::string_view workspace_id) {
    OURVIDZ_TRY(rows, connection.query("SELECT COUNT(DISTINCT a.id), COALESCE(SUM(f.bytes), 0) FROM assets a"
                                       " JOIN asset_files f ON f.asset_id = a.id"
                                       " WHERE a.workspace_id = $1 AND a.state = 'discarded'",
                                       {std::string(workspace_id)}));
    return Purged{rows[0].integer(0), rows[0].integer(1)};
}

Result<GivenBack> give_back(db::Database& database, files::FileStore& files) {
    OURVIDZ_TRY(keys, database.read_now(db::Scope::server(), some_purged));
    if (keys.empty()) return GivenBack{};
    // A file that an asset names, for whatever reason, is that asset's.
    auto named_among = [&keys](db::Connection& connection) -> Result<std::vector<std::string>> {
        std::vector<std::string> named;
        for (const auto& key : keys) {
            OURVIDZ_TRY(rows, connection.query("SELECT 1 FROM asset_files WHERE file_key = $1", {key}));
            if (!rows.empty()) named.push_back(key);
        }
        return named;
    };
    OURVIDZ_TRY(named, database.read_now(db::Scope::server(), named_among));
    GivenBack given;
    for (const auto& key : keys) {
        if (std::find(named.begin(), named.end(), key) != named.end()) continue;
        OURVIDZ_CHECK(files.remove(key));
        ++given.files;
    }
    auto forget = [&keys](db::Connection& connection) -> Result<void> {
        std::vector<db::Value> values(keys.begin(), keys.end());
        return connection.change(
            "DELETE FROM purged_files WHERE file_key IN (" + parameters(keys.size(), 0) + ")", values);
    };
    OURVIDZ_CHECK(database.write_now(db::Scope::server(), forget));
    given.more = true;
    return given;
}

}  // namespace ourvidz::assets
