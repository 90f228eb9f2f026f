// Secrets that all servers of one store have in common and that nobody else is told: they are rows of its
// database, so a backup carries them along.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "db/database.h"

namespace ourvidz::store {

// 64 hex digits, the same for every server and every start; made at random when it is asked for the first
// time. Blocks: at a start only. Errors: unavailable.
[[nodiscard]] Result<std::string> secret(db::Database& database, std::string_view name);

}  // namespace ourvidz::store
