// Applies the numbered SQL files of migrations/ to a database, each once, in order.
#pragma once

#include <filesystem>

#include "db/sqlite_connection.h"

namespace ourvidz::db {

// Errors: unavailable when the database has a migration that this program does not know (written by a newer
// version) or one whose file has changed since; internal when a file is wrong.
[[nodiscard]] Result<void> migrate(SqliteConnection& connection, const std::filesystem::path& folder);

}  // namespace ourvidz::db
