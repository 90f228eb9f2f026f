#include "schedule/estimate.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ourvidz::schedule {
namespace {

// So many runs say by themselves where nine of ten lie.
constexpr std::size_t runs_for_quantiles = 20;
// Student's t, 95 % one-sided, for 2 to 19 runs (1 to 18 degrees of freedom).
constexpr std::array t95{6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833,
                         1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.740, 1.734};
constexpr double z95 = 1.645;
// Equal runs do not mean that the next one is equal to the millisecond.
constexpr double spread_min = 0.03;
// Below this much progress a run's own pace would be noise.
constexpr double fraction_for_pace = 0.15;
// What a run without experience is given around its own pace.
constexpr double pace_low = 0.8;
constexpr double pace_high = 1.4;
constexpr std::int64_t pace_slack_ms = 1'000;

// Between the values where it does not fall on one.
double quantile(const std::vector<std::int64_t>& sorted, double share) {
    const auto at = std::clamp(share * static_cast<double>(sorted.size() + 1) - 1, 0.0,
                               static_cast<double>(sorted.size() - 1));
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, sorted.size() - 1);
    const auto part = at - static_cast<double>(below);
    return static_cast<double>(sorted[below]) * (1 - part) + static_cast<double>(sorted[above]) * part;
}

std::int64_t whole(double ms) {
    return static_cast<std::int64_t>(std::llround(ms));
}

double log_of(std::int64_t ms) {
    return std::log(static_cast<double>(std::max<std::int64_t>(ms, 1)));
}

// Runs that are further from the middle than chance explains. Times spread by factors, so all of this is
// about their logarithms.
constexpr double stray_deviations = 6;
constexpr double deviation_min = 0.15;
constexpr double mad_to_deviation = 1.4826;  // of a normal distribution
constexpr std::size_t runs_for_strays = 5;   // among fewer nobody knows which is the stray

void leave_out_strays(std::vector<std::int64_t>& sorted) {
    if (sorted.size() < runs_for_strays) return;
    const auto middle = std::log(std::max(quantile(sorted, 0.5), 1.0));
    std::vector<double> off;
    for (const auto ms : sorted) off.push_back(std::abs(log_of(ms) - middle));
    const auto half = off.begin() + static_cast<std::ptrdiff_t>(off.size() / 2);
    std::nth_element(off.begin(), half, off.end());
    const auto far = stray_deviations * std::max(*half * mad_to_deviation, deviation_min);
    std::erase_if(sorted, [&](auto ms) { return std::abs(log_of(ms) - middle) > far; });
}

// The range of one more like these few: a prediction interval of their logarithms.
Estimate from_few(const std::vector<std::int64_t>& sorted) {
    const auto count = static_cast<double>(sorted.size());
    double mean = 0;
    for (const auto ms : sorted) mean += log_of(ms) / count;
    double squares = 0;
    for (const auto ms : sorted) squares += std::pow(log_of(ms) - mean, 2);
    const auto spread = std::max(std::sqrt(squares / (count - 1)), spread_min);
    const auto reach = t95.at(sorted.size() - 2) * spread * std::sqrt(1 + 1 / count);
    // Before the exponential, which would not fit into a whole number.
    const auto low = std::max(mean - reach, log_of(sorted.front()) - std::log(reach_max));
    const auto high = std::min(mean + reach, log_of(sorted.back()) + std::log(reach_max));
    Estimate estimate;
    estimate.median_ms = whole(quantile(sorted, 0.5));
    estimate.low_ms = std::min(whole(std::exp(low)), estimate.median_ms);
    estimate.high_ms = std::max(whole(std::exp(high)), estimate.median_ms);
    return estimate;
}

}  // namespace

std::optional<Estimate> estimate_from(const std::vector<std::int64_t>& runs_ms) {
    auto sorted = std::vector(
        runs_ms.begin(), runs_ms.begin() + static_cast<std::ptrdiff_t>(std::min(runs_ms.size(), runs_max)));
    if (sorted.size() < runs_min) return std::nullopt;
    std::sort(sorted.begin(), sorted.end());
    leave_out_strays(sorted);
    if (sorted.size() < runs_for_quantiles) return from_few(sorted);
    return Estimate{whole(quantile(sorted, 0.05)), whole(quantile(sorted, 0.5)),
                    whole(quantile(sorted, 0.95))};
}

std::optional<Estimate> time_left(const std::optional<Estimate>& usual, std::int64_t passed_ms,
                                  double fraction) {
    const auto passed = static_cast<double>(std::max<std::int64_t>(passed_ms, 0));
    fraction = std::clamp(fraction, 0.0, 1.0);
    const bool has_pace = fraction >= fraction_for_pace;
    const auto by_pace = has_pace ? passed * (1 - fraction) / fraction : 0.0;
    if (!usual) {
        if (!has_pace) return std::nullopt;
        return Estimate{whole(by_pace * pace_low), whole(by_pace),
                        whole(by_pace * pace_high) + pace_slack_ms};
    }
    const auto left_of = [&](std::int64_t whole_ms) {
        return std::max(static_cast<double>(whole_ms) - passed, 0.0);
    };
    if (!has_pace) {
        if (passed_ms >= usual->high_ms) return std::nullopt;
        return Estimate{whole(left_of(usual->low_ms)), whole(left_of(usual->median_ms)),
                        whole(left_of(usual->high_ms))};
    }
    // A run that outlasts experience has only its pace left.
    const auto own = std::clamp(
        std::max(fraction, passed / static_cast<double>(std::max<std::int64_t>(usual->high_ms, 1))), 0.0,
        1.0);
    const auto blend = [&](std::int64_t whole_ms, double factor) {
        return (1 - own) * left_of(whole_ms) + own * by_pace * factor;
    };
    const auto low = blend(usual->low_ms, pace_low);
    const auto middle = std::max(blend(usual->median_ms, 1), low);
    const auto high = std::max(blend(usual->high_ms, pace_high), middle);
    if (passed_ms >= usual->high_ms) return Estimate{whole(low), whole(middle), whole(high)};
    const auto bound = static_cast<double>(usual->high_ms);
    return Estimate{whole(std::min(low, bound)), whole(std::min(middle, bound)),
                    whole(std::min(high, bound))};
}

Estimate until_done(const Ahead& ahead, const Estimate& own) {
    const auto places = static_cast<double>(std::max(ahead.places, 1));
    const auto median = static_cast<double>(std::max<std::int64_t>(own.median_ms, 1));
    const bool waits = ahead.jobs > 0 || ahead.running >= ahead.places;
    const auto queue = waits ? static_cast<double>(ahead.work_ms + ahead.running_left_ms) : 0.0;
    const auto before = waits ? static_cast<double>(ahead.jobs + ahead.running) : 0.0;
    const auto each = before > 0 ? queue / before : 0.0;
    // It starts when the first place is free; the others are then, on average, in the middle of something.
    const auto others = (places - 1) / places * each / 2;
    const auto wait = std::max(queue / places - others, queue / places / places);
    // Of independent times the squares of the deviations add up.
    const auto deviation = static_cast<double>(own.high_ms - own.low_ms) / (2 * z95) / median;
    const auto wait_deviation = deviation * each * std::sqrt(before) / places;
    // Which place becomes free first is chance as well.
    const auto chance = places > 1 ? each / 2 : 0.0;
    const auto middle = wait + median;
    const auto down =
        std::hypot(z95 * wait_deviation, static_cast<double>(own.median_ms - own.low_ms), chance);
    const auto up =
        std::hypot(z95 * wait_deviation, static_cast<double>(own.high_ms - own.median_ms), chance);
    return {whole(std::max(middle - down, static_cast<double>(own.low_ms))), whole(middle),
            whole(middle + up)};
}

}  // namespace ourvidz::schedule
