// Changing what waits: kind and batch stay as they are, and with them the price and the hold. And putting
// away what has failed.
#pragma once

#include <string_view>

#include "generations/prepare.h"

namespace ourvidz::generations {

// What would ask for it once more: the body of POST /api/v1/generations.
[[nodiscard]] json::object asked_again(const Generation& stored);

// The body of PATCH /api/v1/generations/{id} laid over the stored request; null takes a value back to the
// model's preset. Errors: invalid_field; conflict when it does not wait any more.
[[nodiscard]] Result<NewGeneration> edited(const Generation& stored, const json::object& body);

// Stores it, if it still waits and is still what was read as `before`. Errors: conflict, and those of
// submit() about the source.
[[nodiscard]] Result<Generation> store_edit(db::Connection& connection, const Generation& before,
                                            const Prepared& prepared, UnixMs now);

// Whether somebody wants to see it still. Errors: not_found; conflict unless it has failed.
[[nodiscard]] Result<Generation> put_away(db::Connection& connection, const std::string& workspace_id,
                                          const std::string& id, bool away, UnixMs now);

// New settings of something that is queued or scheduled, its job's needs with them. Errors: conflict, and
// those of submit() about the source.
[[nodiscard]] Result<void> store_settings(db::Connection& connection, const Generation& before,
                                          const Prepared& prepared, UnixMs now);

}  // namespace ourvidz::generations
