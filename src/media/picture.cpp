#include "media/picture.h"

namespace ourvidz::media {

bool is_work_size(int width, int height) {
    return width >= 1 && height >= 1 && width <= work_side_max && height <= work_side_max &&
           static_cast<long long>(width) * height <= work_pixels_max;
}

bool Rgb8::is_valid() const {
    return is_work_size(width, height) &&
           pixels.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
}

}  // namespace ourvidz::media
