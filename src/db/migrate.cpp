#include "db/migrate.h"

#include <fstream>
#include <map>
#include <sstream>

#include "base/sha256.h"

namespace ourvidz::db {
namespace {

struct Migration {
    std::string name;
    std::string sql;
    std::string sha256;
};

Result<std::map<std::int64_t, Migration>> read_folder(const std::filesystem::path& folder,
                                                      std::string_view suffix) {
    std::map<std::int64_t, Migration> migrations;
    std::map<std::int64_t, Migration> endings;  // what only this database needs, after the part for all
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
        if (entry.path().extension() != ".sql") continue;
        const auto only_for = entry.path().stem().extension().string();
        if (!only_for.empty() && only_for.substr(1) != suffix) continue;
        std::ifstream file(entry.path());
        std::stringstream text;
        text << file.rdbuf();
        const auto name = entry.path().filename().string();
        const auto number = std::strtoll(name.c_str(), nullptr, 10);
        auto& parts = only_for.empty() ? migrations : endings;
        if (number <= 0 || !parts.emplace(number, Migration{name, text.str(), ""}).second) {
            return Error{ErrorCode::internal,
                         "Migration file with a bad or repeated number: " + entry.path().string(), ""};
        }
    }
    for (auto& [number, ending] : endings) {
        const auto [found, alone] = migrations.emplace(number, ending);
        if (!alone) found->second.sql += ending.sql;
    }
    if (failure || migrations.empty()) {
        return Error{ErrorCode::unavailable, "No migrations found in " + folder.string() + ".", ""};
    }
    for (auto& [number, migration] : migrations) migration.sha256 = sha256_hex(migration.sql);
    return migrations;
}

Result<void> run(ScriptConnection& connection, const Dialect& dialect, std::int64_t number,
                 const Migration& migration) {
    OURVIDZ_CHECK(connection.script(std::string(dialect.begin)));
    OURVIDZ_CHECK(connection.script(migration.sql));
    if (!dialect.broken_references.empty()) {
        OURVIDZ_TRY(broken, connection.query(dialect.broken_references, {}));
        if (!broken.empty())
            return Error{ErrorCode::conflict,
                         "it would leave a reference from " + broken[0].text(0) + " that leads nowhere", ""};
    }
    OURVIDZ_CHECK(
        connection.execute("INSERT INTO schema_migrations (number, name, sha256) VALUES ($1, $2, $3)",
                           {number, migration.name, migration.sha256}));
    return connection.script("COMMIT");
}

Result<void> apply(ScriptConnection& connection, const Dialect& dialect, std::int64_t number,
                   const Migration& migration) {
    OURVIDZ_CHECK(connection.script(std::string(dialect.before)));
    const auto done = run(connection, dialect, number, migration);
    if (!done.ok()) (void)connection.script("ROLLBACK");
    OURVIDZ_CHECK(connection.script(std::string(dialect.after)));
    if (done.ok()) return {};
    return Error{done.error().code, "Migration " + migration.name + ": " + done.error().detail, ""};
}

}  // namespace

Result<bool> migrate(ScriptConnection& connection, const Dialect& dialect,
                     const std::filesystem::path& folder) {
    OURVIDZ_TRY(migrations, read_folder(folder, dialect.suffix));
    OURVIDZ_CHECK(
        connection.script("CREATE TABLE IF NOT EXISTS schema_migrations"
                          " (number BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL)"));
    OURVIDZ_TRY(applied,
                connection.query("SELECT number, name, sha256 FROM schema_migrations ORDER BY number", {}));
    for (const auto& row : applied) {
        const auto known = migrations.find(row.integer(0));
        if (known == migrations.end()) {
            return Error{
                ErrorCode::unavailable,
                "The data was written by a newer version of OurVidz (" + row.text(1) + "). Use that version.",
                ""};
        }
        if (known->second.sha256 != row.text(2)) {
            return Error{ErrorCode::unavailable,
                         "Migration " + row.text(1) + " has changed since it was applied.", ""};
        }
        migrations.erase(known);
    }
    for (const auto& [number, migration] : migrations) {
        OURVIDZ_CHECK(apply(connection, dialect, number, migration));
    }
    return !migrations.empty();
}

Result<std::int64_t> newest_migration(const std::filesystem::path& folder, std::string_view suffix) {
    OURVIDZ_TRY(migrations, read_folder(folder, suffix));
    return migrations.rbegin()->first;
}

}  // namespace ourvidz::db
