// How long things take, from how long they took. Pure. Nothing is invented: without enough runs there is no
// estimate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ourvidz::schedule {

constexpr std::size_t runs_min = 3;
constexpr std::size_t runs_max = 40;  // older ones say less about now

// What was seen bounds what is said: no end of a range is further than this factor from the shortest or the
// longest of the runs that it was learnt from, however wildly few runs scatter.
constexpr std::int64_t reach_max = 3;

// All in milliseconds. Nine of ten are meant to lie between low and high.
struct Estimate {
    std::int64_t low_ms = 0;
    std::int64_t median_ms = 0;
    std::int64_t high_ms = 0;
};

// Of one more run like these, at most the runs_max first are looked at; nullopt for fewer than runs_min.
// Few runs give a wide range: the next one may lie beyond all that were seen, though not by more than
// reach_max. Single runs far from all others (a machine that slept, a run that was handed over at once) are
// left out.
[[nodiscard]] std::optional<Estimate> estimate_from(const std::vector<std::int64_t>& runs_ms);

// What stands between a waiting job and its end.
struct Ahead {
    std::int64_t jobs = 0;             // that go before it
    std::int64_t work_ms = 0;          // what those are expected to take of a place, all together
    int places = 1;                    // that work on the line at once, >= 1
    std::int64_t running = 0;          // jobs that run now
    std::int64_t running_left_ms = 0;  // what those are expected to still take, all together
};

// Of a run that has been at work for `passed_ms` and has done `fraction` (0..1) of it. Where it began,
// experience counts; the further it is, the more its own pace does. nullopt: nothing can be said, since it
// takes longer than such runs ever took and shows no pace of its own, or is too young and nothing like it was
// measured. With `usual` no part is beyond usual->high_ms as long as the run is not.
[[nodiscard]] std::optional<Estimate> time_left(const std::optional<Estimate>& usual, std::int64_t passed_ms,
                                                double fraction);

// Until it is done. `own` is of the job itself; those before it are taken to vary as much as it does.
[[nodiscard]] Estimate until_done(const Ahead& ahead, const Estimate& own);

}  // namespace ourvidz::schedule
