// The number that a picture grows from.
#pragma once

#include <cstdint>
#include <limits>

namespace ourvidz::prompts {

constexpr std::int64_t seed_max = std::numeric_limits<std::int64_t>::max();

// Of the picture at this position of a batch, whose first has `first`: one more for each, and 0 comes after
// seed_max. `first` is at least 0, and so is `position`.
[[nodiscard]] constexpr std::int64_t seed_at(std::int64_t first, std::int64_t position) {
    return first <= seed_max - position ? first + position : position - (seed_max - first) - 1;
}

}  // namespace ourvidz::prompts
