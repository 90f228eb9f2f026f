// Puts the drawn layers together: things before their place, with shadow, with what covers their feet, in the
// light of the time of day, and the weather before it all.
#pragma once

#include <cstdint>
#include <vector>

#include "scenes/canvas.h"
#include "scenes/layout.h"
#include "scenes/plan.h"

namespace ourvidz::scenes {

// A moment of a clip; without anything, the scene as a still.
struct Moment {
    double time = 0;  // of what falls: 0..1, 1 being the first moment again
    // How what moves stands, compared with the still: the first thing, all like it, and what is related to
    // it.
    double shift_x = 0;               // units, backwards: to the right for what looks to the left
    double shift_y = 0;               // units, down; shadows stay on the ground
    double turn = 0;                  // radians, clockwise
    bool turns_about_middle = false;  // else about the foot
    double scale = 1;
    double stretch = 1;  // larger than 1: so much taller, and narrower in proportion
    // Of the camera, for all things; their place has a View of its own.
    double zoom = 1;
    double pan_x = 0;  // units, by which things come to the right
};

// A thing as it was drawn.
struct Drawn {
    CutOut drawing;
    bool pale = false;  // it can hardly be seen before something white
};
[[nodiscard]] Drawn drawn(CutOut drawing);

// `canvas` shows the place or the plain ground; `things`: of the plan's things, none of them null; two may be
// the same. The plan is settled.
void compose(Canvas& canvas, const Plan& plan, const std::vector<const Drawn*>& things,
             const std::vector<Placed>& placed, const Frame& frame, std::int64_t seed,
             const Moment& moment = {});

}  // namespace ourvidz::scenes
