// Where the things of a scene are. Lengths are units (book.h), x to the right and y down from the picture's
// upper left.
#pragma once

#include <cstdint>
#include <vector>

#include "scenes/plan.h"

namespace ourvidz::scenes {

struct Placed {
    std::size_t asked = 0;  // which of the plan's things
    double x = 0;           // the middle of its foot
    double y = 0;
    double height = 0;  // of what is to be seen of it
    double width = 0;
    bool flipped = false;
    double turn = 0;  // radians, clockwise, about the foot
    Where where = Where::ground;
    bool loose = false;  // held, worn or ridden: no shadow of its own, nothing before its feet
};

struct Frame {
    double width = 128;
    double height = 128;
};

// In the order in which they are drawn. `aspects`: width by height of each of the plan's things as it was
// drawn. The plan is settled. The same seed gives the same.
[[nodiscard]] std::vector<Placed> lay_out(const Plan& plan, const std::vector<double>& aspects,
                                          const Frame& frame, std::int64_t seed);

}  // namespace ourvidz::scenes
