// Judging again what was judged by earlier rules. Until then it is not shown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "safety/gate.h"

namespace ourvidz::assets {

struct Checked {
    std::int64_t assets = 0;
    std::vector<std::string> workspaces;  // in which something can be seen again; their event logs have grown
    bool more = false;
};
// Of all workspaces, some at a time: by what is known of where each comes from, for its pixels are not looked
// at. The new verdict stands beside the earlier ones, and whoever can see the asset again is told by an
// event.
[[nodiscard]] Result<Checked> check_again(db::Connection& connection, const safety::Gate& gate, UnixMs now);

}  // namespace ourvidz::assets
