#include "store/secret.h"

#include "base/id.h"

namespace ourvidz::store {
namespace {

constexpr int secret_bytes = 32;

}  // namespace

Result<std::string> secret(db::Database& database, std::string_view name) {
    auto write = [name = std::string(name)](db::Connection& connection) -> Result<std::string> {
        // Of servers that start together, one is first, and its secret stays.
        OURVIDZ_CHECK(
            connection.execute("INSERT INTO server_secrets (name, value) VALUES ($1, $2)"
                               " ON CONFLICT (name) DO NOTHING",
                               {name, random_hex(secret_bytes)}));
        OURVIDZ_TRY(rows, connection.query("SELECT value FROM server_secrets WHERE name = $1", {name}));
        return rows.at(0).text(0);
    };
    return database.write_now(db::Scope::server(), std::move(write));
}

}  // namespace ourvidz::store
