// What happens once when a server connects to PostgreSQL: checks, migrations, row-level security.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/spawn.hpp>

#include "db/database.h"

namespace ourvidz::db {

// Servers that start together do it one after the other, under an advisory lock. Errors: see open_postgres().
[[nodiscard]] Result<void> set_up_postgres(asio::io_context& io, const asio::yield_context& yield,
                                           const PostgresOptions& options,
                                           const std::filesystem::path& migrations,
                                           std::chrono::milliseconds connect_longest);

}  // namespace ourvidz::db
