// The motions and camera moves of clips that a picture model makes: which one a prompt asks for, and where
// things are at each moment of it.
#pragma once

#include <cstdint>
#include <string_view>

#include "media/requests.h"

namespace ourvidz::node {

enum class Motion {
    sway,     // about its foot
    bounce,   // hops that squash it at the ground
    drift,    // floats to and fro
    pulse,    // grows and shrinks
    dance,    // tilts from one foot to the other
    spin,     // once around
    cross,    // leaves on one side and comes back from the other
    rise,     // leaves at the top and comes back from below
    breathe,  // hardly moves and never shows its border: for pictures that fill their frame
};
[[nodiscard]] std::string_view to_string(Motion motion);

// By what the prompt says that things do, else by what things usually do, else by the seed. Never `breathe`.
[[nodiscard]] Motion motion_for(std::string_view prompt, std::int64_t seed);

// `t` 0..1 over the clip, 1 being the first moment again. `direction` 1 or -1. No step of an 80th is larger
// than `motion_step_max` except where nothing is to be seen.
[[nodiscard]] media::Pose pose_at(Motion motion, double t, double direction);
constexpr double motion_step_max = 0.07;  // of the side, for any point of a thing

struct Camera {
    std::string_view name;
    media::CameraMove move;
};
// By the prompt ("zoom in", "pull out", "pan left", ...); else by the seed still, or there and back.
[[nodiscard]] Camera camera_for(std::string_view prompt, std::int64_t seed);

// How far a thing reaches from its middle at scale 1, as a part of the side.
constexpr double thing_reach = 0.445;

}  // namespace ourvidz::node
