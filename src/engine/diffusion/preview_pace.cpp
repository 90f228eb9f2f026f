#include "engine/diffusion/preview_pace.h"

#include <algorithm>

namespace ourvidz::engine {

bool PreviewPace::wanted_next(int step, int steps, std::int64_t now_ms) {
    const auto spent = now_ms - step_ms_;
    step_ms_ = now_ms;
    if (was_wanted_) {
        cost_ms_ = std::max<std::int64_t>(0, spent - plain_step_ms_);
    } else if (step > 0) {
        plain_step_ms_ = spent;
    }
    // The first step is all noise; the second shows the composition.
    const bool early = !first_shown_ && step >= 1;
    const bool due = first_shown_ && now_ms - last_ms_ >= std::max(gap_ms_min, gap_per_cost * cost_ms_);
    was_wanted_ = (early || due) && step + 1 < steps;
    return was_wanted_;
}

void PreviewPace::shown(std::int64_t now_ms) {
    first_shown_ = true;
    last_ms_ = now_ms;
}

}  // namespace ourvidz::engine
