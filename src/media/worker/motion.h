// The time between two keyframes, filled by motion interpolation.
//
// Optical flow says where things go; pictures in between are both ends moved along it and dissolved into each
// other. Where the two directions of the flow contradict each other (a cut, a thing that appears) nothing is
// moved, so that the worst case is a soft dissolve and never a torn picture.
#pragma once

#include <opencv2/core.hpp>

#include "media/picture.h"

namespace ourvidz::media {

class MotionBetween {
  public:
    // Both of the same size; both must outlive this object.
    MotionBetween(const Rgb8& from, const Rgb8& to);

    // `t` 0..1; 0 is exactly `from` and 1 exactly `to`.
    [[nodiscard]] Rgb8 at(double t) const;

  private:
    [[nodiscard]] cv::Mat field_at(double t) const;
    [[nodiscard]] cv::Mat share_of_end(const cv::Mat& field, double t) const;

    const Rgb8& from_;
    const Rgb8& to_;
    // At the size where the flow is measured: moves in pixels (x, y), and how far each is to be trusted
    // (0..1).
    cv::Mat forward_, backward_;
    cv::Mat forward_trust_, backward_trust_;
    float calm_ = 1;  // 1: move things; 0: only dissolve
};

}  // namespace ourvidz::media
