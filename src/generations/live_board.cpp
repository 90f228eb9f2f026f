#include "generations/live_board.h"

#include <algorithm>

namespace ourvidz::generations {
namespace {

// Below this much progress an extrapolation would be noise.
constexpr double fraction_for_extrapolation = 0.15;
constexpr double extrapolation_low = 0.8;
constexpr double extrapolation_high = 1.4;

// Time left: what such runs took before, less what has passed; without experience, the run's own pace.
std::optional<Estimate> time_left(const Live& live, UnixMs now) {
    const auto passed = now - live.started_at;
    if (live.estimate) {
        const auto high = std::max<std::int64_t>(live.estimate->high_ms - passed, 1000);
        return Estimate{std::max<std::int64_t>(live.estimate->low_ms - passed, 0),
                        std::clamp<std::int64_t>(live.estimate->median_ms - passed, 0, high), high};
    }
    if (live.fraction < fraction_for_extrapolation) return std::nullopt;
    const auto left = static_cast<double>(passed) * (1 - live.fraction) / live.fraction;
    return Estimate{static_cast<std::int64_t>(left * extrapolation_low), static_cast<std::int64_t>(left),
                    static_cast<std::int64_t>(left * extrapolation_high) + 1000};
}

json::value eta_json(const std::optional<Estimate>& eta, std::int64_t Estimate::*part) {
    return eta ? json::value((*eta).*part) : json::value(nullptr);
}

}  // namespace

void LiveBoard::start(const std::string& generation_id, std::string workspace_id,
                      std::optional<Estimate> estimate) {
    auto& live = live_[generation_id];
    const auto version = live.preview_version;  // keeps counting, so that no browser shows a cached picture
    live = Live{};
    live.workspace_id = std::move(workspace_id);
    live.preview_version = version;
    live.started_at = clock_.now_ms();
    live.estimate = estimate;
}

void LiveBoard::end(std::string_view generation_id) {
    if (const auto found = live_.find(generation_id); found != live_.end()) live_.erase(found);
}

Live& LiveBoard::far(const std::string& generation_id, std::string workspace_id) {
    auto& live = live_[generation_id];
    live.far = true;
    live.workspace_id = std::move(workspace_id);
    return live;
}

void LiveBoard::forget_far() {
    std::erase_if(live_, [](const auto& entry) { return entry.second.far; });
}

Live* LiveBoard::find(std::string_view generation_id) {
    const auto found = live_.find(generation_id);
    return found == live_.end() ? nullptr : &found->second;
}

std::vector<std::string> LiveBoard::of_workspace(std::string_view workspace_id) const {
    std::vector<std::string> ids;
    for (const auto& [id, live] : live_) {
        if (live.workspace_id == workspace_id) ids.push_back(id);
    }
    return ids;
}

json::object LiveBoard::progress(std::string_view generation_id) const {
    const auto& live = live_.find(generation_id)->second;
    const auto left = time_left(live, clock_.now_ms());
    json::value preview = nullptr;
    if (live.preview) {
        preview = "/api/v1/generations/" + std::string(generation_id) +
                  "/preview?v=" + std::to_string(live.preview_version);
    }
    return json::object{
        {"generation_id", generation_id},
        {"queue_position", nullptr},
        {"phase", live.phase},
        {"fraction", live.fraction},
        {"position", live.position},
        {"step", or_null(live.step)},
        {"steps", or_null(live.steps)},
        {"eta_ms", eta_json(left, &Estimate::median_ms)},
        {"eta_low_ms", eta_json(left, &Estimate::low_ms)},
        {"eta_high_ms", eta_json(left, &Estimate::high_ms)},
        {"preview_url", std::move(preview)},
    };
}

json::object LiveBoard::waiting(std::string_view generation_id, const Standing* standing) {
    const auto eta = standing != nullptr ? standing->until_done : std::nullopt;
    return json::object{
        {"generation_id", generation_id},
        {"queue_position", standing != nullptr ? json::value(standing->place) : json::value(nullptr)},
        {"phase", "queued"},
        {"fraction", 0.0},
        {"position", 0},
        {"step", nullptr},
        {"steps", nullptr},
        {"eta_ms", eta_json(eta, &Estimate::median_ms)},
        {"eta_low_ms", eta_json(eta, &Estimate::low_ms)},
        {"eta_high_ms", eta_json(eta, &Estimate::high_ms)},
        {"preview_url", nullptr},
    };
}

}  // namespace ourvidz::generations
