// A clip from a model that only makes pictures: its key frames.
//
// The first picture is drawn as for a picture. A motion says how the thing in it stands at each moment of the
// clip. Each key frame is the first picture in one of these poses, drawn over by the model with one seed for
// all: a model that has learnt words for poses is told the nearest of them and may draw much anew, any other
// only mends what the move has blurred. The media worker does the rest of the way, since it knows both poses.
#pragma once

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
    Camera camera;
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

// Whether the border of the picture has one colour throughout.
[[nodiscard]] bool has_plain_border(const safety::Picture& picture);

// The picture in that pose (stretch is left out); what comes in from outside continues the picture's border.
[[nodiscard]] safety::Picture posed(const safety::Picture& picture, const media::Pose& pose);

}  // namespace ourvidz::node
