// A clip from a model that only makes pictures: how its key frames differ from each other.
//
// All key frames come from the first one. Each is the first picture moved a little (the move) and then drawn
// over by the model at a strength that rises and falls over the clip (a path through noise, with one seed for
// all) while the prompt's main words gain and lose weight (a path through the prompt). The first picture
// itself begins the clip.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "media/requests.h"
#include "safety/gate.h"

namespace ourvidz::node {

constexpr int key_frames_per_clip = 16;

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
    double strength = 0;       // of drawing over; 0: the first picture as it is, no engine run
    double prompt_weight = 1;  // of the prompt's words
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

// The prompt with all its words at this weight, in the engine's notation. A prompt that uses the notation's
// signs itself stays as it is.
[[nodiscard]] std::string weighted(const std::string& prompt, double weight);

}  // namespace ourvidz::node
