// A slow camera move over a picture: where the view is at each moment, and what it sees.
#pragma once

#include "media/picture.h"
#include "media/requests.h"

namespace ourvidz::media {

// The view, in parts of the picture's width and height; always wholly inside the picture.
struct View {
    double zoom = 1;  // 1: everything; 2: half the width and height
    double x = 0.5;   // the middle of the view
    double y = 0.5;
};

// `t` 0..1 over the clip; eased, so that the camera starts and stops gently.
[[nodiscard]] View view_at(const CameraMove& move, double t);

// What the view shows, as a picture of width x height, placed to a thirty-second of a pixel. `picture` should
// have the same proportions and be at least as large as width * zoom, else details are soft.
[[nodiscard]] Rgb8 look(const Rgb8& picture, const View& view, int width, int height);

// The same of a picture whose content, drawn in one pose, is first moved into another; all in one step, so
// that it stays as sharp. What comes in from outside continues the picture's border.
struct Move {
    Pose from;
    Pose to;
};
[[nodiscard]] Rgb8 look(const Rgb8& picture, const View& view, const Move& move, int width, int height);

}  // namespace ourvidz::media
