// What is particular to a picture that is enlarged: its size follows from its source, which may still have to
// be made.
#pragma once

#include <string_view>

#include "generations/generations.h"

namespace ourvidz::generations {

// The size of what comes of enlarging a picture of this one. Errors: invalid_field "source_asset_id" where
// that is too much.
[[nodiscard]] Result<void> size_by_source(std::int64_t source_width, std::int64_t source_height,
                                          Settings& settings);

// For one that is about to be accepted. `scheduled`: its source may still have to be made. Errors:
// invalid_field.
[[nodiscard]] Result<void> complete_enlarging(db::Connection& connection, std::string_view workspace_id,
                                              bool scheduled, Settings& settings);

// `child` has waited for `parent`, which is done, and is queued: if it is to enlarge what has been made, it
// now knows what that is.
[[nodiscard]] Result<void> take_source(db::Connection& connection, std::string_view child,
                                       std::string_view parent);

}  // namespace ourvidz::generations
