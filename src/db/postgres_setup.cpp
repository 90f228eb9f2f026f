#include "db/postgres_setup.h"

#include <fstream>
#include <sstream>

#include "base/sha256.h"
#include "db/migrate.h"
#include "db/postgres_connection.h"

namespace ourvidz::db {
namespace {

// "ourvidz" in ASCII; any number would do that no other program locks in the same database.
constexpr std::int64_t set_up_lock = 0x6f75727669647a;
constexpr std::int64_t version_min = 150'000;

Error unusable(std::string why) {
    return Error{ErrorCode::unavailable, "This PostgreSQL database cannot be used: " + std::move(why), ""};
}

Result<void> check_server(PostgresConnection& server) {
    OURVIDZ_TRY(rows, server.query("SELECT current_setting('server_version_num')::bigint,"
                                   " current_setting('server_encoding'), 'B' < 'a',"
                                   " current_setting('synchronous_commit')",
                                   {}));
    const auto& row = rows[0];
    if (row.integer(0) < version_min) return unusable("version 15 or newer is needed.");
    if (row.text(1) != "UTF8") return unusable("its encoding must be UTF8.");
    // Lists in pages compare texts, and must do so as SQLite does.
    if (row.integer(2) == 0) return unusable("create it with LC_COLLATE 'C'.");
    if (row.text(3) == "off")
        return unusable("synchronous_commit is off, so that accepted work could be lost.");
    return {};
}

// The limits of a workspace hold only for a login that cannot step over them.
Result<void> check_tenant(PostgresConnection& tenant, const std::string& server_login) {
    OURVIDZ_TRY(
        rows, tenant.query("SELECT COUNT(*) FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER')"
                           " AND (r.rolsuper OR r.rolbypassrls OR r.rolname = $1)",
                           {server_login}));
    if (rows[0].integer(0) == 0) return {};
    return unusable(
        "the login of database_url is a superuser, can bypass row-level security, or is a member of the "
        "login of"
        " database_server_url. Give it one that is none of these.");
}

Result<std::string> login_of(PostgresConnection& connection) {
    OURVIDZ_TRY(rows, connection.query("SELECT current_user::text", {}));
    return rows[0].text(0);
}

// Applied again whenever it, a migration or the tenant's login is new.
Result<void> secure_rows(PostgresConnection& server, const std::filesystem::path& file,
                         const std::string& tenant_login, bool migrated) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    if (!in || text.str().empty()) return Error{ErrorCode::unavailable, "Not found: " + file.string(), ""};
    const auto wanted = sha256_hex(text.str() + tenant_login);
    OURVIDZ_CHECK(
        server.script("CREATE TABLE IF NOT EXISTS row_security (only_row BOOLEAN PRIMARY KEY DEFAULT true"
                      " CHECK (only_row), sha256 TEXT NOT NULL)"));
    OURVIDZ_TRY(known, server.query("SELECT sha256 FROM row_security", {}));
    if (!migrated && !known.empty() && known[0].text(0) == wanted) return {};
    OURVIDZ_CHECK(server.query("SELECT set_config('ourvidz.tenant_login', $1, false)", {tenant_login}));
    OURVIDZ_CHECK(server.script("BEGIN"));
    auto done = server.script(text.str());
    if (done.ok()) {
        auto noted = server.execute(
            "INSERT INTO row_security (sha256) VALUES ($1)"
            " ON CONFLICT (only_row) DO UPDATE SET sha256 = excluded.sha256",
            {wanted});
        done = noted.ok() ? server.script("COMMIT") : Result<void>(noted.error());
    }
    if (done.ok()) return {};
    (void)server.script("ROLLBACK");
    return Error{done.error().code, file.filename().string() + ": " + done.error().detail, ""};
}

}  // namespace

Result<void> set_up_postgres(asio::io_context& io, const asio::yield_context& yield,
                             const PostgresOptions& options, const std::filesystem::path& migrations,
                             std::chrono::milliseconds connect_longest) {
    PostgresConnection server(io, yield);
    OURVIDZ_CHECK(server.connect(options.server_url, connect_longest));
    PostgresConnection tenant(io, yield);
    OURVIDZ_CHECK(tenant.connect(options.tenant_url, connect_longest));
    OURVIDZ_CHECK(check_server(server));
    OURVIDZ_TRY(server_login, login_of(server));
    OURVIDZ_TRY(tenant_login, login_of(tenant));
    OURVIDZ_CHECK(check_tenant(tenant, server_login));
    // A migration may take as long as it takes, and so may waiting for one. The lock ends with the
    // connection.
    OURVIDZ_CHECK(server.script("SET statement_timeout = 0"));
    OURVIDZ_CHECK(server.query("SELECT pg_advisory_lock($1)", {set_up_lock}));
    OURVIDZ_TRY(migrated, migrate(server, {"postgres", "BEGIN"}, migrations));
    return secure_rows(server, migrations / "postgres" / "row_security.sql", tenant_login, migrated);
}

}  // namespace ourvidz::db
