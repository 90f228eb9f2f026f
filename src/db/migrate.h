// Applies the numbered SQL files of migrations/ to a database, each once, in order.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "db/database.h"

namespace ourvidz::db {

// What a driver's connection can do besides: several statements without parameters (BEGIN, a migration).
class ScriptConnection : public Connection {
  public:
    [[nodiscard]] virtual Result<void> script(const std::string& sql) = 0;
};

struct Dialect {
    // NNNN_name.sql is for all databases; NNNN_name.<suffix>.sql only for the one, where they must differ.
    // With one number they are one migration, the part for all first.
    std::string_view suffix;
    std::string_view begin;
    // Around each migration, outside its transaction: a table that is made anew, under its own name, must not
    // take those with it that refer to it. Before the commit `broken_references` then answers a row for each
    // reference that leads nowhere.
    std::string_view before = {};
    std::string_view after = {};
    std::string_view broken_references = {};
};

// Answers whether anything was applied. Errors: unavailable when the database has a migration that this
// program does not know (written by a newer version) or one whose file has changed since; internal when a
// file is wrong.
[[nodiscard]] Result<bool> migrate(ScriptConnection& connection, const Dialect& dialect,
                                   const std::filesystem::path& folder);

// The number of the newest migration in the folder. Errors: unavailable when it has none.
[[nodiscard]] Result<std::int64_t> newest_migration(const std::filesystem::path& folder,
                                                    std::string_view suffix);

}  // namespace ourvidz::db
