#include "media/worker/clip_frames.h"

#include <algorithm>
#include <cmath>

#include "media/worker/camera.h"
#include "media/worker/motion.h"
#include "media/worker/still.h"

namespace ourvidz::media {

ClipFrames::ClipFrames(const ClipRequest& request, SrvggUpscaler* network, Sink sink,
                       std::function<bool()> canceled)
    : request_(request),
      enlarging_{request.upscale, request.upscaler, network},
      sink_(std::move(sink)),
      canceled_(std::move(canceled)) {
    // Large enough for the closest view, so that a zoom never shows pixels larger than it has to.
    const double zoom = std::max(request.camera.zoom_from, request.camera.zoom_to);
    canvas_width_ = static_cast<int>(std::lround(request.width * zoom));
    canvas_height_ = static_cast<int>(std::lround(request.height * zoom));
}

Result<Rgb8> ClipFrames::prepare(const Rgb8& frame) {
    OURVIDZ_TRY(large, enlarge(frame, enlarging_, canceled_));
    return fit_cover(large, canvas_width_, canvas_height_);
}

Result<void> ClipFrames::emit(const Rgb8& canvas, const Pose& drawn) {
    if (canceled_()) return Error{ErrorCode::canceled, "Stopped while a clip was made.", ""};
    const int index = made_++;
    if (request_.camera.is_still() && !is_posed()) return sink_(index, canvas);
    const int whole = request_.camera.returns ? request_.frames_out() : request_.frames_out() - 1;
    const View view = view_at(request_.camera, static_cast<double>(index) / std::max(1, whole));
    const Move move = is_posed() ? Move{drawn, request_.path.at(static_cast<std::size_t>(index))} : Move{};
    return sink_(index, look(canvas, view, move, request_.width, request_.height));
}

Pose ClipFrames::drawn_pose(int number) const {
    return is_posed() ? request_.drawn.at(static_cast<std::size_t>(number)) : Pose{};
}

// Makes every frame from the keyframe before up to `next`, which is keyframe number taken_ - 1.
Result<void> ClipFrames::fill_up_to(Rgb8 next) {
    const Pose before = drawn_pose(taken_ - 2);
    const Rgb8 laid_over =
        is_posed() ? look(next, View{}, Move{drawn_pose(taken_ - 1), before}, next.width, next.height) : next;
    const MotionBetween motion(*previous_, laid_over);
    // A loop ends one frame before its first one comes again.
    const int whole = is_posed() ? request_.frames_out() : request_.frames_out() - 1;
    const double keyframes_per_frame = static_cast<double>(request_.frames_in - 1) / std::max(1, whole);
    const bool is_last = taken_ == request_.frames_in;
    while (!complete()) {
        const double t = made_ * keyframes_per_frame - (taken_ - 2);
        if (!is_last && t >= 1) break;
        OURVIDZ_CHECK(emit(motion.at(t), before));
    }
    previous_ = std::move(next);
    return {};
}

Result<void> ClipFrames::add(const Rgb8& frame) {
    if (complete()) return {};
    ++taken_;
    OURVIDZ_TRY(canvas, prepare(frame));
    if (request_.method == ClipMethod::frames) return emit(canvas, {});
    if (request_.frames_in == 1) {
        while (!complete()) OURVIDZ_CHECK(emit(canvas, drawn_pose(0)));
        return {};
    }
    if (taken_ > 1) return fill_up_to(std::move(canvas));
    previous_ = std::move(canvas);
    return {};
}

}  // namespace ourvidz::media
