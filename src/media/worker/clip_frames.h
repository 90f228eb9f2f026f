// From the frames that come in to the frames of the clip: enlarged, interpolated, seen through the moving
// camera. Holds two frames at most, however long the clip is.
#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "media/picture.h"
#include "media/requests.h"
#include "media/worker/enlarge.h"

namespace ourvidz::media {

class ClipFrames {
  public:
    // Takes each finished frame in order, `index` from 0. An error stops the work and is handed on.
    using Sink = std::function<Result<void>(int index, const Rgb8& frame)>;

    ClipFrames(const ClipRequest& request, SrvggUpscaler* network, Sink sink, std::function<bool()> canceled);

    // The next frame that came in, of the size that the request names.
    [[nodiscard]] Result<void> add(const Rgb8& frame);
    // True once all frames of the clip have been made.
    [[nodiscard]] bool complete() const { return made_ == request_.frames_out(); }

  private:
    [[nodiscard]] Result<Rgb8> prepare(const Rgb8& frame);
    // `drawn`: the pose of what the canvas shows; only where the clip has a path.
    [[nodiscard]] Result<void> emit(const Rgb8& canvas, const Pose& drawn);
    [[nodiscard]] Result<void> fill_up_to(Rgb8 next);
    [[nodiscard]] bool is_posed() const { return !request_.path.empty(); }
    // Of keyframe `number`, from 0.
    [[nodiscard]] Pose drawn_pose(int number) const;

    ClipRequest request_;
    Enlarging enlarging_;
    Sink sink_;
    std::function<bool()> canceled_;
    int canvas_width_;
    int canvas_height_;
    int taken_ = 0;
    int made_ = 0;
    std::optional<Rgb8> previous_;
};

}  // namespace ourvidz::media
