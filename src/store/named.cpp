#include "store/named.h"

#include <algorithm>
#include <utility>

namespace ourvidz::store {
namespace {

// Looked up in one transaction, so that a hundred thousand of them do not hold a reader for seconds.
constexpr std::size_t piece_keys = 1'000;

struct Sorted {
    std::vector<std::string> named;
    std::vector<std::string> unnamed;
};

Result<Sorted> sort_piece(db::Connection& connection, const std::vector<std::string>& keys, std::size_t begin,
                          std::size_t end) {
    Sorted sorted;
    for (std::size_t i = begin; i < end; ++i) {
        OURVIDZ_TRY(rows, connection.query("SELECT 1 FROM asset_files WHERE file_key = $1"
                                           " UNION ALL SELECT 1 FROM purged_files WHERE file_key = $1",
                                           {keys[i]}));
        (rows.empty() ? sorted.unnamed : sorted.named).push_back(keys[i]);
    }
    return sorted;
}

Result<Sorted> sort(db::Database& database, const std::vector<std::string>& keys) {
    Sorted all;
    for (std::size_t begin = 0; begin < keys.size(); begin += piece_keys) {
        const auto end = std::min(begin + piece_keys, keys.size());
        auto read = [&](db::Connection& connection) { return sort_piece(connection, keys, begin, end); };
        OURVIDZ_TRY(piece, database.read_now(db::Scope::server(), read));
        all.named.insert(all.named.end(), piece.named.begin(), piece.named.end());
        all.unnamed.insert(all.unnamed.end(), piece.unnamed.begin(), piece.unnamed.end());
    }
    return all;
}

}  // namespace

Result<std::vector<std::string>> named_files(db::Database& database, std::size_t most) {
    auto read = [most](db::Connection& connection) -> Result<std::vector<std::string>> {
        // Keys are random, so the first in their order are of all ages.
        OURVIDZ_TRY(rows, connection.query("SELECT file_key FROM asset_files ORDER BY file_key LIMIT $1",
                                           {static_cast<std::int64_t>(most)}));
        std::vector<std::string> keys;
        keys.reserve(rows.size());
        for (const auto& row : rows) keys.push_back(row.text(0));
        return keys;
    };
    return database.read_now(db::Scope::server(), read);
}

Result<std::uint64_t> named_count(db::Database& database) {
    auto read = [](db::Connection& connection) -> Result<std::uint64_t> {
        OURVIDZ_TRY(rows, connection.query("SELECT COUNT(*) FROM asset_files", {}));
        return static_cast<std::uint64_t>(rows[0].integer(0));
    };
    return database.read_now(db::Scope::server(), read);
}

Result<std::vector<std::string>> named_of(db::Database& database, const std::vector<std::string>& keys) {
    OURVIDZ_TRY(sorted, sort(database, keys));
    return std::move(sorted.named);
}

Result<std::vector<std::string>> unnamed_of(db::Database& database, const std::vector<std::string>& keys) {
    OURVIDZ_TRY(sorted, sort(database, keys));
    return std::move(sorted.unnamed);
}

}  // namespace ourvidz::store
