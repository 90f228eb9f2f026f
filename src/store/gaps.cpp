#include "store/gaps.h"

#include <algorithm>
#include <unordered_set>

namespace ourvidz::store {
namespace {

using Keys = std::unordered_set<std::string>;

Result<Keys> keys_before(const files::FileStore& files, UnixMs time) {
    OURVIDZ_TRY(keys, files.list(time));
    return Keys(std::make_move_iterator(keys.begin()), std::make_move_iterator(keys.end()));
}

}  // namespace

Result<void> open_gap(db::Connection& connection, const Gap& gap) {
    OURVIDZ_TRY(longer,
                connection.execute("UPDATE store_gaps SET ends_at = $2 WHERE older = $3 AND begins_at <= $1"
                                   " AND ends_at >= $1 AND ends_at <= $2",
                                   {gap.begins_at, gap.ends_at, std::int64_t{gap.older}}));
    if (longer > 0) return {};
    OURVIDZ_CHECK(connection.execute(
        "INSERT INTO store_gaps (begins_at, ends_at, older) VALUES ($1, $2, $3) ON CONFLICT (begins_at) DO"
        " UPDATE SET ends_at = CASE WHEN store_gaps.ends_at < excluded.ends_at THEN excluded.ends_at"
        " ELSE store_gaps.ends_at END, older = CASE WHEN excluded.older = 1 THEN 1 ELSE store_gaps.older END",
        {gap.begins_at, gap.ends_at, std::int64_t{gap.older}}));
    return {};
}

Result<std::vector<Gap>> gaps(db::Database& database) {
    auto read = [](db::Connection& connection) -> Result<std::vector<Gap>> {
        OURVIDZ_TRY(
            rows, connection.query(
                      "SELECT begins_at, ends_at, older FROM store_gaps ORDER BY older DESC, begins_at", {}));
        std::vector<Gap> found;
        found.reserve(rows.size());
        for (const auto& row : rows) found.push_back({row.integer(0), row.integer(1), row.integer(2) != 0});
        return found;
    };
    return database.read_now(db::Scope::server(), read);
}

Result<bool> is_older_copy(db::Database& database) {
    OURVIDZ_TRY(found, gaps(database));
    return std::any_of(found.begin(), found.end(), [](const Gap& gap) { return gap.older; });
}

Result<void> close_gap(db::Database& database, const Gap& gap) {
    auto write = [&gap](db::Connection& connection) -> Result<void> {
        OURVIDZ_CHECK(connection.execute("DELETE FROM store_gaps WHERE begins_at = $1 AND ends_at = $2",
                                         {gap.begins_at, gap.ends_at}));
        return {};
    };
    return database.write_now(db::Scope::server(), write);
}

Result<void> close_older_gaps(db::Database& database) {
    auto write = [](db::Connection& connection) {
        return connection.change("DELETE FROM store_gaps WHERE older = 1", {});
    };
    return database.write_now(db::Scope::server(), write);
}

Result<InGaps> in_gaps(const files::FileStore& files, const std::vector<Gap>& gaps,
                       const std::vector<std::string>& keys) {
    InGaps found;
    Keys left(keys.begin(), keys.end());
    for (const auto& gap : gaps) {
        if (left.empty()) {
            found.empty.push_back(gap);
            continue;
        }
        OURVIDZ_TRY(before, keys_before(files, gap.begins_at));
        OURVIDZ_TRY(until, keys_before(files, gap.ends_at));
        bool any = false;
        for (auto key = left.begin(); key != left.end();) {
            if (before.contains(*key) || !until.contains(*key)) {
                ++key;
                continue;
            }
            any = true;
            (gap.older ? found.older : found.perhaps).push_back(*key);
            key = left.erase(key);
        }
        if (!any) found.empty.push_back(gap);
    }
    return found;
}

}  // namespace ourvidz::store
