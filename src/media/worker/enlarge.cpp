#include "media/worker/enlarge.h"

#include "media/worker/still.h"

namespace ourvidz::media {

Upscaler Enlarging::used() const {
    return network == nullptr ? Upscaler::lanczos : upscaler;
}

Result<Rgb8> enlarge(const Rgb8& picture, const Enlarging& how, const std::function<bool()>& canceled) {
    const int width = picture.width * how.factor;
    const int height = picture.height * how.factor;
    const bool by_network =
        how.factor > 1 && how.used() == Upscaler::srvgg &&
        is_work_size(picture.width * SrvggUpscaler::factor, picture.height * SrvggUpscaler::factor);
    if (!by_network) return resize(picture, width, height);
    OURVIDZ_TRY(large, how.network->enlarge(picture, canceled, how.made));
    return resize(large, width, height);
}

}  // namespace ourvidz::media
