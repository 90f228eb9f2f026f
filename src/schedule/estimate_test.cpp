#include "schedule/estimate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <random>

namespace ourvidz::schedule {
namespace {

std::int64_t run(std::mt19937& random, double median, double spread) {
    return static_cast<std::int64_t>(std::lognormal_distribution<>(std::log(median), spread)(random));
}

TEST(Estimate, SaysNothingBeforeTheThirdRun) {
    EXPECT_FALSE(estimate_from({}));
    EXPECT_FALSE(estimate_from({1'000, 1'100}));
    EXPECT_TRUE(estimate_from({1'000, 1'100, 900}));
}

TEST(Estimate, IsInOrderAndAroundTheMedian) {
    const auto estimate = estimate_from({1'000, 1'200, 900, 1'100, 1'050});
    ASSERT_TRUE(estimate);
    EXPECT_EQ(estimate->median_ms, 1'050);
    EXPECT_LT(estimate->low_ms, 900);
    EXPECT_GT(estimate->high_ms, 1'200);
}

TEST(Estimate, LooksAtTheNewestOnly) {
    std::vector<std::int64_t> runs(runs_max, 100);
    runs.insert(runs.end(), 500, 9'000);
    EXPECT_LT(estimate_from(runs)->high_ms, 200);
}

// The range holds what it says: of many next runs, nine of ten lie in it, however few it was learned from.
TEST(Estimate, NineOfTenLieInTheRange) {
    std::mt19937 random(11);
    for (const std::size_t known : {3U, 5U, 10U, 19U, 20U, 40U}) {
        int inside = 0;
        constexpr int rounds = 4'000;
        for (int i = 0; i < rounds; ++i) {
            std::vector<std::int64_t> runs;
            for (std::size_t k = 0; k < known; ++k) runs.push_back(run(random, 4'000, 0.3));
            const auto estimate = estimate_from(runs);
            const auto next = run(random, 4'000, 0.3);
            inside += next >= estimate->low_ms && next <= estimate->high_ms ? 1 : 0;
        }
        EXPECT_GE(inside, rounds * 86 / 100) << known;
        EXPECT_LE(inside, rounds * 96 / 100) << known;
    }
}

// A line of several places is played out; the estimate made at its beginning holds for every place in it.
TEST(Estimate, NineOfTenWaitsLieInTheRange) {
    std::mt19937 random(5);
    std::vector<std::int64_t> learned;
    for (int i = 0; i < 40; ++i) learned.push_back(run(random, 10'000, 0.25));
    const auto own = *estimate_from(learned);
    for (const int places : {1, 2, 4}) {
        int inside = 0;
        int all = 0;
        for (int round = 0; round < 400; ++round) {
            // Places are in the middle of something, as a server finds them.
            std::vector<std::int64_t> free_at;
            std::int64_t left = 0;
            for (int i = 0; i < places; ++i) {
                const auto length = run(random, 10'000, 0.25);
                const auto done = static_cast<std::int64_t>(random() % static_cast<std::uint32_t>(length));
                free_at.push_back(length - done);
                left += std::max<std::int64_t>(own.median_ms - done, own.median_ms / 10);
            }
            for (std::int64_t before = 0; before < 20; ++before) {
                const auto first = std::min_element(free_at.begin(), free_at.end());
                *first += run(random, 10'000, 0.25);
                const auto told = until_done({before, before * own.median_ms, places, places, left}, own);
                EXPECT_LE(told.low_ms, told.median_ms);
                EXPECT_LE(told.median_ms, told.high_ms);
                inside += *first >= told.low_ms && *first <= told.high_ms ? 1 : 0;
                ++all;
            }
        }
        EXPECT_GE(inside, all * 85 / 100) << places << " places";
        EXPECT_LE(inside, all * 98 / 100) << places << " places";
    }
}

TEST(Estimate, AFreePlaceIsNotWaitedFor) {
    const Estimate own{900, 1'000, 1'200};
    const auto told = until_done({0, 0, 2, 1, 700}, own);
    EXPECT_EQ(told.median_ms, 1'000);
    EXPECT_EQ(told.high_ms, 1'200);
}

}  // namespace
}  // namespace ourvidz::schedule
