// A clip from a model that only makes pictures: how its key frames differ from each other.
//
// All key frames come from the first one: it is moved a little (its pose) and then drawn over lightly by the
// model, with one seed for all and a strength that rises and falls over the clip. More strength would not
// move the picture but draw it anew in its old place, since a small model knows each thing in one position
// only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "media/requests.h"
#include "safety/gate.h"

namespace ourvidz::node {

constexpr int key_frames_per_clip = 12;

// Where the picture is at one moment, relative to the first key frame. Lengths are parts of the picture's
// side.
struct Pose {
    double shift_x = 0;  // to the right
    double shift_y = 0;  // down
    double turn = 0;     // radians, clockwise
    double scale = 1;    // larger than 1: nearer
};

struct KeyFrame {
    Pose pose;
    double strength = 0;  // of drawing over; 0: the first picture as it is, no engine run
};

struct ClipPlan {
    std::string motion;  // its name, for the recipe
    std::vector<KeyFrame> frames;
    media::CameraMove camera;
};

// The motion follows from words of the prompt ("spins", "jumps", ...), else from the seed. The same arguments
// give the same plan.
[[nodiscard]] ClipPlan plan_clip(std::string_view prompt, std::int64_t seed, int frames);

// The picture in that pose; what comes in from outside continues the picture's border.
[[nodiscard]] safety::Picture posed(const safety::Picture& picture, const Pose& pose);

}  // namespace ourvidz::node
