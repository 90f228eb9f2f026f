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

// All in milliseconds. Nine of ten are meant to lie between low and high.
struct Estimate {
    std::int64_t low_ms = 0;
    std::int64_t median_ms = 0;
    std::int64_t high_ms = 0;
};

// Of one more run like these, at most the runs_max first are looked at; nullopt for fewer than runs_min.
// Few runs give a wide range: the next one may lie beyond all that were seen.
[[nodiscard]] std::optional<Estimate> estimate_from(const std::vector<std::int64_t>& runs_ms);

// What stands between a waiting job and its end.
struct Ahead {
    std::int64_t jobs = 0;             // that go before it
    std::int64_t work_ms = 0;          // what those are expected to take of a place, all together
    int places = 1;                    // that work on the line at once, >= 1
    std::int64_t running = 0;          // jobs that run now
    std::int64_t running_left_ms = 0;  // what those are expected to still take, all together
};

// Until it is done. `own` is of the job itself; those before it are taken to vary as much as it does.
[[nodiscard]] Estimate until_done(const Ahead& ahead, const Estimate& own);

}  // namespace ourvidz::schedule
