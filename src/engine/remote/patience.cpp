#include "engine/remote/patience.h"

#include <algorithm>

namespace ourvidz::engine {
namespace {

constexpr int signs_for_a_pace = 3;

}  // namespace

void Patience::progress(std::int64_t now_ms) {
    if (signs_ > 0) longest_ms_ = std::max(longest_ms_, now_ms - progress_at_);
    ++signs_;
    progress_at_ = now_ms;
    pulse_at_ = now_ms;
}

std::int64_t Patience::silence_ms() const {
    if (signs_ < signs_for_a_pace) return options_.silence_max_ms;
    const auto by_pace = std::max(longest_ms_ * options_.steps_of_silence, options_.silence_min_ms);
    return std::min(by_pace, options_.silence_max_ms);
}

std::optional<std::string> Patience::exhausted(std::int64_t now_ms) const {
    if (now_ms - pulse_at_ > options_.pulse_max_ms) {
        return "stood still for " + std::to_string(options_.pulse_max_ms) + " ms, and was ended";
    }
    if (now_ms - progress_at_ > silence_ms()) {
        return "gave no sign of life for " + std::to_string(silence_ms()) + " ms, and was ended";
    }
    return std::nullopt;
}

}  // namespace ourvidz::engine
