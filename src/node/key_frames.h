// A clip from a model that only makes pictures: its key frames.
//
// The first picture is drawn as for a picture, and a motion says how the thing in it stands at each moment. A
// model that has learnt words for poses draws over it in some of these poses, told the nearest words, with
// one seed for all. The media worker does the rest of the way, since it knows both poses. Without such words
// the first picture itself moves: drawn over, it would become another thing, or go back to its old place.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/manifest.h"
#include "media/requests.h"
#include "node/clip_motions.h"
#include "safety/gate.h"

namespace ourvidz::node {

constexpr int key_frames_per_clip = 20;  // and the first once more at the end

struct KeyFrame {
    media::Pose pose;     // in which it is drawn
    std::string words;    // this pose in the model's words, for the end of the prompt; may be empty
    double strength = 0;  // of drawing over; 0: the first picture as it is, no engine run
};

struct ClipPlan {
    Motion motion = Motion::breathe;
    CameraPlan camera;
    std::vector<KeyFrame> frames;
    std::vector<media::Pose> path;  // of every frame of the clip
};

struct ClipWish {
    std::string_view prompt;
    std::int64_t seed = 0;
    int frames = 0;                                  // of the clip
    const catalog::PoseWords* pose_words = nullptr;  // null: the model has learnt none, or they do not fit
    bool plain_border = true;                        // whether the picture can go on outside of itself
};
// The same wish gives the same plan.
[[nodiscard]] ClipPlan plan_clip(const ClipWish& wish);

// Whether the words fit what the prompt says.
[[nodiscard]] bool poses_fit(const catalog::PoseWords& words, std::string_view prompt);

// Levels of red, green and blue, 0..255.
using Colour = std::array<double, 3>;
// The colour that the picture's outermost pixels mostly have, and whether hardly any of them differs from it.
[[nodiscard]] Colour border_colour(const safety::Picture& picture);
[[nodiscard]] bool has_plain_border(const safety::Picture& picture);
// The picture with its outermost pixels led over into the colour, so that it goes on outside without a seam.
[[nodiscard]] safety::Picture with_even_border(safety::Picture picture, const Colour& colour);

// The picture in that pose (stretch is left out); what comes in from outside continues the picture's border.
[[nodiscard]] safety::Picture posed(const safety::Picture& picture, const media::Pose& pose);

}  // namespace ourvidz::node
