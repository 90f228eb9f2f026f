#include "media/worker/camera.h"

#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "media/worker/pixels.h"

namespace ourvidz::media {

View view_at(const CameraMove& move, double t) {
    const double half_turn = std::sin(std::numbers::pi * t);
    const double eased = move.returns ? half_turn * half_turn : t * t * (3 - 2 * t);
    // Equal steps in the logarithm look like an even speed.
    const double zoom = move.zoom_from * std::pow(move.zoom_to / move.zoom_from, eased);
    const double room = (1 - 1 / zoom) / 2;
    const double travel = 2 * eased - 1;
    return {zoom, 0.5 + move.pan_x * room * travel, 0.5 + move.pan_y * room * travel};
}

namespace {

// From the upright middle to the pose, in pixels of a picture of that size.
cv::Matx33d matrix_of(const Pose& pose, int width, int height) {
    const double x = (width - 1) / 2.0;
    const double y = (height - 1) / 2.0;
    const double cosine = std::cos(pose.turn);
    const double sine = std::sin(pose.turn);
    const double wide = pose.scale / pose.stretch;
    const double tall = pose.scale * pose.stretch;
    const cv::Matx33d to_middle(1, 0, -x, 0, 1, -y, 0, 0, 1);
    const cv::Matx33d turned(cosine * wide, -sine * tall, x + pose.shift_x * width,  //
                             sine * wide, cosine * tall, y + pose.shift_y * height,  //
                             0, 0, 1);
    return turned * to_middle;
}

}  // namespace

Rgb8 look(const Rgb8& picture, const View& view, int width, int height) {
    return look(picture, view, Move{}, width, height);
}

Rgb8 look(const Rgb8& picture, const View& view, const Move& move, int width, int height) {
    Rgb8 out = blank(width, height);
    // For each output pixel the place that it shows: pixel centres are at halves.
    const double step_x = picture.width / view.zoom / width;
    const double step_y = picture.height / view.zoom / height;
    const double left = view.x * picture.width - picture.width / view.zoom / 2;
    const double top = view.y * picture.height - picture.height / view.zoom / 2;
    const cv::Matx33d seen(step_x, 0, left + (step_x - 1) / 2, 0, step_y, top + (step_y - 1) / 2, 0, 0, 1);
    const cv::Matx33d back = matrix_of(move.from, picture.width, picture.height) *
                             matrix_of(move.to, picture.width, picture.height).inv() * seen;
    const cv::Matx23d places = back.get_minor<2, 3>(0, 0);
    cv::Mat target = mat_of(out);
    cv::warpAffine(mat_of(picture), target, places, target.size(), cv::INTER_CUBIC | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REPLICATE);
    return out;
}

}  // namespace ourvidz::media
