#include "media/worker/camera.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "media/worker/pixels.h"

namespace ourvidz::media {

View view_at(const CameraMove& move, double t) {
    const double eased = t * t * (3 - 2 * t);
    // Equal steps in the logarithm look like an even speed.
    const double zoom = move.zoom_from * std::pow(move.zoom_to / move.zoom_from, eased);
    const double room = (1 - 1 / zoom) / 2;
    const double travel = 2 * eased - 1;
    return {zoom, 0.5 + move.pan_x * room * travel, 0.5 + move.pan_y * room * travel};
}

Rgb8 look(const Rgb8& picture, const View& view, int width, int height) {
    Rgb8 out = blank(width, height);
    // For each output pixel the place that it shows: pixel centres are at halves.
    const double step_x = picture.width / view.zoom / width;
    const double step_y = picture.height / view.zoom / height;
    const double left = view.x * picture.width - picture.width / view.zoom / 2;
    const double top = view.y * picture.height - picture.height / view.zoom / 2;
    const cv::Matx23d places(step_x, 0, left + (step_x - 1) / 2, 0, step_y, top + (step_y - 1) / 2);
    cv::Mat target = mat_of(out);
    cv::warpAffine(mat_of(picture), target, places, target.size(), cv::INTER_CUBIC | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REPLICATE);
    return out;
}

}  // namespace ourvidz::media
