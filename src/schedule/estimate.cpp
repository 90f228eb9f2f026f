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

}  // namespace

std::optional<Estimate> estimate_from(const std::vector<std::int64_t>& runs_ms) {
    auto sorted = std::vector(
        runs_ms.begin(), runs_ms.begin() + static_cast<std::ptrdiff_t>(std::min(runs_ms.size(), runs_max)));
    if (sorted.size() < runs_min) return std::nullopt;
    std::sort(sorted.begin(), sorted.end());
    Estimate estimate;
    estimate.median_ms = whole(quantile(sorted, 0.5));
    if (sorted.size() >= runs_for_quantiles) {
        estimate.low_ms = whole(quantile(sorted, 0.05));
        estimate.high_ms = whole(quantile(sorted, 0.95));
        return estimate;
    }
    // Times spread by factors: a prediction interval for the next, of their logarithms.
    const auto count = static_cast<double>(sorted.size());
    double mean = 0;
    for (const auto ms : sorted) mean += std::log(static_cast<double>(std::max<std::int64_t>(ms, 1))) / count;
    double squares = 0;
    for (const auto ms : sorted) {
        const auto off = std::log(static_cast<double>(std::max<std::int64_t>(ms, 1))) - mean;
        squares += off * off;
    }
    const auto spread = std::max(std::sqrt(squares / (count - 1)), spread_min);
    const auto reach = t95.at(sorted.size() - 2) * spread * std::sqrt(1 + 1 / count);
    estimate.low_ms = std::min(whole(std::exp(mean - reach)), estimate.median_ms);
    estimate.high_ms = std::max(whole(std::exp(mean + reach)), estimate.median_ms);
    return estimate;
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
