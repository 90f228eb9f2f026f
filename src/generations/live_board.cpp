#include "generations/live_board.h"

#include <algorithm>

namespace ourvidz::generations {
namespace {

// A run without progress is late after so many of its longest steps, within these bounds.
constexpr std::int64_t late_steps = 5;
constexpr std::int64_t late_ms_min = 10'000;
constexpr std::int64_t late_ms_max = 60'000;

Estimate scaled(const Estimate& whole, double part) {
    const auto of = [part](std::int64_t ms) {
        return static_cast<std::int64_t>(static_cast<double>(ms) * part);
    };
    return {of(whole.low_ms), of(whole.median_ms), of(whole.high_ms)};
}

// Of what this attempt has to do.
std::optional<Estimate> left_of(const Live& live, UnixMs now) {
    const auto own = 1 - live.fraction_before;
    if (own <= 0) return std::nullopt;
    std::optional<Estimate> usual;
    if (live.estimate) usual = scaled(*live.estimate, own);
    const auto passed = live.work_began_at ? now - *live.work_began_at : 0;
    return schedule::time_left(usual, passed, (live.fraction - live.fraction_before) / own);
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
    live.started_at = live.advanced_at = clock_.now_ms();
    live.estimate = estimate;
}

void LiveBoard::end(std::string_view generation_id) {
    if (const auto found = live_.find(generation_id); found != live_.end()) live_.erase(found);
}

Live& LiveBoard::far(const std::string& generation_id, std::string workspace_id) {
    auto& live = live_[generation_id];
    live.far = true;
    live.advanced_at = clock_.now_ms();
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

json::value LiveBoard::trouble(const Live& live) const {
    // The attempt goes on if its machine does, and is given to another if not.
    if (!machines_.ask && !live.on_server) return "no_node";
    return is_late(live) ? json::value("late") : json::value(nullptr);
}

json::value LiveBoard::trouble_for(std::string_view model) const {
    if (model == kinds::server_model) return enlarges_ ? json::value(nullptr) : json::value("no_model");
    if (!machines_.ask) return "no_node";
    const bool there = !machines_.models || machines_.models->contains(model);
    return there ? json::value(nullptr) : json::value("no_model");
}

void LiveBoard::advance(std::string_view generation_id, const Step& step) {
    auto& live = *find(generation_id);
    const auto now = clock_.now_ms();
    const bool works = step.phase != "loading";
    if (works && live.work_began_at)
        live.longest_step_ms = std::max(live.longest_step_ms, now - live.advanced_at);
    if (works && !live.work_began_at) {
        live.work_began_at = now;
        live.fraction_before = step.fraction;
    }
    live.advanced_at = now;
    live.phase = step.phase;
    live.fraction = std::max(live.fraction, step.fraction);
    live.position = step.position;
    live.step = step.step;
    live.steps = step.steps;
}

bool LiveBoard::is_late(const Live& live) const {
    const auto now = clock_.now_ms();
    const auto patience = live.longest_step_ms == 0
                              ? late_ms_max
                              : std::clamp(live.longest_step_ms * late_steps, late_ms_min, late_ms_max);
    if (now - live.advanced_at > patience) return true;
    return live.estimate && live.work_began_at && now - *live.work_began_at > live.estimate->high_ms;
}

std::vector<std::string> LiveBoard::newly_late() {
    std::vector<std::string> ids;
    for (auto& [id, live] : live_) {
        if (live.far || live.told_late == is_late(live)) continue;
        live.told_late = !live.told_late;
        ids.push_back(id);
    }
    return ids;
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
    const auto left = left_of(live, clock_.now_ms());
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
        {"trouble", trouble(live)},
    };
}

json::object LiveBoard::waiting(std::string_view generation_id, std::string_view model,
                                const Standing* standing) const {
    auto trouble = trouble_for(model);
    const auto eta = standing != nullptr && trouble.is_null() ? standing->until_done : std::nullopt;
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
        {"trouble", std::move(trouble)},
    };
}

}  // namespace ourvidz::generations
