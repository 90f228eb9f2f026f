// Slips of the pen in names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ourvidz::config {

// The one of `known` that `name` differs from by the fewest slips (a character left out, added or changed),
// if these are at most two and it is not the same; else empty.
[[nodiscard]] std::string closest(std::string_view name, const std::vector<std::string>& known);

}  // namespace ourvidz::config
