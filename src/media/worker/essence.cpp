#include "media/worker/essence.h"

#include "media/picture.h"
#include "media/worker/essence_formats.h"
#include "media/worker/refusals.h"

namespace ourvidz::media {

Result<Essence> essence_of(std::string_view file, FileType type) {
    if (type == FileType::png) return essence_of_png(file);
    if (type == FileType::jpeg) return essence_of_jpeg(file);
    if (type == FileType::webp) return essence_of_webp(file);
    return unsupported(type);
}

Result<void> take_size(Essence& essence, long long width, long long height, FileType type) {
    if (width == 0 || height == 0) return damaged(type);
    if (width > side_max || height > side_max || width * height > upload_pixels_max)
        return too_many_pixels(width, height);
    essence.width = static_cast<int>(width);
    essence.height = static_cast<int>(height);
    return {};
}

}  // namespace ourvidz::media
