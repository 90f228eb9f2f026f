// How a scene of layers moves: the things before their place, which moves less, since it is farther away.
#pragma once

#include "media/requests.h"
#include "node/clip_motions.h"
#include "scenes/compose.h"

namespace ourvidz::node {

struct SceneMoment {
    scenes::Moment things;
    scenes::View place;
};

// `t`: 0..1 over the clip; 1 is the first moment again where the camera returns. `direction`: 1 or -1.
[[nodiscard]] SceneMoment scene_moment(Motion motion, const media::CameraMove& camera, double t,
                                       double direction, const scenes::Frame& frame);

// The motion of a scene: as the prompt says, else as its first thing usually moves; towers and hills stand
// still.
[[nodiscard]] Motion motion_of(const scenes::Plan& plan, std::string_view prompt, std::int64_t seed);

}  // namespace ourvidz::node
