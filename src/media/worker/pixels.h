// Rgb8 seen by OpenCV without a copy.
#pragma once

#include <opencv2/core.hpp>

#include "media/picture.h"

namespace ourvidz::media {

[[nodiscard]] inline Rgb8 blank(int width, int height) {
    return {width, height,
            std::string(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, '\0')};
}

// The matrix borrows the pixels: it must not outlive or outgrow the picture.
[[nodiscard]] inline cv::Mat mat_of(Rgb8& picture) {
    return {picture.height, picture.width, CV_8UC3, picture.pixels.data()};
}
[[nodiscard]] inline cv::Mat mat_of(const Rgb8& picture) {
    return {picture.height, picture.width, CV_8UC3, const_cast<char*>(picture.pixels.data())};
}

}  // namespace ourvidz::media
