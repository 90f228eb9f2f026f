// When a preview is worth its price. The engine decodes one for every step if it is allowed to, which can
// cost more than the steps themselves.
#pragma once

#include <cstdint>

namespace ourvidz::engine {

class PreviewPace {
  public:
    static constexpr std::int64_t gap_ms_min = 300;
    // Decoding may take at most a quarter of the time.
    static constexpr std::int64_t gap_per_cost = 3;

    // Times are milliseconds of any steady clock.
    explicit PreviewPace(std::int64_t now_ms) : last_ms_(now_ms), step_ms_(now_ms) {}

    // After `step` of `steps` is done (0: before the first): whether the next one should be shown. There is
    // always one early preview; the last step needs none, the picture itself follows.
    [[nodiscard]] bool wanted_next(int step, int steps, std::int64_t now_ms);
    // A preview arrived.
    void shown(std::int64_t now_ms);

  private:
    bool first_shown_ = false;
    bool was_wanted_ = false;
    std::int64_t last_ms_;
    std::int64_t step_ms_;            // when the last step ended
    std::int64_t plain_step_ms_ = 0;  // how long a step without a preview takes
    std::int64_t cost_ms_ = 0;        // what the last preview cost
};

}  // namespace ourvidz::engine
