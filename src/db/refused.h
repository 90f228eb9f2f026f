// What a constraint of the database refused.
#pragma once

#include <string_view>

#include "base/result.h"

namespace ourvidz::db {

// A conflict, in words for whoever asked. The database's own `reason` names tables and columns: it goes into
// the log.
[[nodiscard]] Error refused(std::string_view reason);

}  // namespace ourvidz::db
