// The motions and camera moves of clips that a picture model makes: where things are at each moment.
#pragma once

#include <cstdint>
#include <string_view>

#include "media/requests.h"
#include "prompts/motion.h"

namespace ourvidz::node {

using prompts::Motion;

// `t` 0..1 over the clip, 1 being the first moment again. `direction` 1 or -1. No step of an 80th is larger
// than `motion_step_max` except where nothing is to be seen.
[[nodiscard]] media::Pose pose_at(Motion motion, double t, double direction);
constexpr double motion_step_max = 0.07;  // of the side, for any point of a thing

// Out of the picture and in again from the other side; -0.5..0.5 of the way, 0 in the middle. `t` as above.
[[nodiscard]] double way_at(double t);
// 1 or -1.
[[nodiscard]] double direction_for(std::int64_t seed);

struct CameraPlan {
    std::string_view name;
    media::CameraMove move;
};
// By the prompt ("zoom in", "pull out", "pan left", ...); else by the seed still, or there and back.
[[nodiscard]] CameraPlan camera_plan(std::string_view prompt, std::int64_t seed);

// How far a thing reaches from its middle at scale 1, as a part of the side.
constexpr double thing_reach = 0.445;

}  // namespace ourvidz::node
