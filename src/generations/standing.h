// Where waiting generations stand and when they will be done, as far as that is known.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "generations/generations.h"

namespace ourvidz::generations {

struct Standing {
    std::string model;
    std::int64_t place = 0;  // so many of everybody's go before it
    std::optional<Estimate> until_done;
};
// By generation, of those of the workspace that wait and are not paused.
using Standings = std::map<std::string, Standing, std::less<>>;
[[nodiscard]] Result<Standings> standings(db::Connection& connection, std::string_view workspace_id,
                                          UnixMs now);

}  // namespace ourvidz::generations
