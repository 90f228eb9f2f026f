// Enlarging by a whole factor, by the network where it is there and by Lanczos where it is not.
#pragma once

#include <functional>

#include "base/result.h"
#include "media/picture.h"
#include "media/requests.h"
#include "media/worker/upscaler.h"

namespace ourvidz::media {

struct Enlarging {
    int factor = 1;  // 1, 2 or 4
    Upscaler upscaler = Upscaler::lanczos;
    SrvggUpscaler* network = nullptr;                  // null: Lanczos whatever `upscaler` says
    std::function<void(int done, int all)> made = {};  // parts of it, by the network; may be empty

    // The one that will really be used.
    [[nodiscard]] Upscaler used() const;
};

// Error canceled, as soon as `canceled` says so.
[[nodiscard]] Result<Rgb8> enlarge(const Rgb8& picture, const Enlarging& how,
                                   const std::function<bool()>& canceled);

}  // namespace ourvidz::media
