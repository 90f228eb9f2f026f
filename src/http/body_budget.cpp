#include "http/body_budget.h"

#include <algorithm>
#include <utility>

namespace ourvidz::http {

BodyBudget::Share::Share(BodyBudget& budget, std::int64_t now_ms, std::function<void()> on_lost)
    : budget_(budget), since_ms_(now_ms), on_lost_(std::move(on_lost)) {
    budget_.arriving_.push_back(*this);
}

bool BodyBudget::Share::extend_to(std::uint64_t bytes, std::int64_t now_ms) {
    if (lost_) return false;
    if (bytes <= free_bytes || bytes <= held_) return true;
    const auto more = bytes - held_;
    while (more > (budget_.bytes_max_ - budget_.held_) / 2) {
        auto* slow = budget_.slowest(now_ms, *this);
        if (slow == nullptr) return false;
        budget_.take_away(*slow);
    }
    held_ += more;
    budget_.held_ += more;
    return true;
}

void BodyBudget::Share::keep() {
    unlink();
}

void BodyBudget::Share::give_back() {
    unlink();
    budget_.held_ -= std::exchange(held_, 0);
}

BodyBudget::Share* BodyBudget::slowest(std::int64_t now_ms, const Share& asking) {
    Share* found = nullptr;
    std::int64_t rate = bytes_per_second_min;
    for (auto& share : arriving_) {
        const auto age_ms = std::max<std::int64_t>(now_ms - share.since_ms_, 1);
        if (&share == &asking || share.held_ == 0 || age_ms < patience_ms_) continue;
        const auto its_rate = static_cast<std::int64_t>(share.received_) * 1000 / age_ms;
        if (its_rate >= rate) continue;
        rate = its_rate;
        found = &share;
    }
    return found;
}

void BodyBudget::take_away(Share& share) {
    share.lost_ = true;
    share.give_back();
    share.on_lost_();
}

}  // namespace ourvidz::http
