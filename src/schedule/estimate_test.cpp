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

// Clips of which some were drawn and some only moved: the button once read "about 1-5883 h".
TEST(Estimate, FewWildRunsGiveARangeThatIsWideAndSane) {
    const auto estimate = estimate_from({18'000, 1, 21'000});
    ASSERT_TRUE(estimate);
    EXPECT_LE(estimate->high_ms, 63'000);
    EXPECT_EQ(estimate->median_ms, 18'000);
}

TEST(Estimate, AStrayAmongManyDoesNotCount) {
    std::vector<std::int64_t> runs(19, 10'000);
    runs.push_back(3'600'000);  // the machine slept
    EXPECT_LE(estimate_from(runs)->high_ms, 12'000);
    runs[3] = 1;
    EXPECT_GE(estimate_from(runs)->low_ms, 8'000);
}

// Whatever was seen, what is said is in order, bounded by it, and never a number that nobody could mean.
TEST(Estimate, AnyHistoryGivesARangeWithinItsReach) {
    std::mt19937 random(20'261'126);
    const std::vector<double> spreads{0.0, 0.1, 0.7, 2.0, 5.0};
    for (int round = 0; round < 20'000; ++round) {
        const auto spread = spreads[random() % spreads.size()];
        std::vector<std::int64_t> runs;
        for (std::size_t i = 0; i < runs_min + random() % runs_max; ++i)
            runs.push_back(random() % 9 == 0 ? 0 : run(random, 8'000, spread));
        const auto seen = std::minmax_element(
            runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(std::min(runs.size(), runs_max)));
        const auto estimate = estimate_from(runs);
        ASSERT_TRUE(estimate);
        ASSERT_GE(estimate->low_ms, *seen.first / reach_max);
        ASSERT_LE(estimate->low_ms, estimate->median_ms);
        ASSERT_LE(estimate->median_ms, estimate->high_ms);
        ASSERT_LE(estimate->high_ms, std::max<std::int64_t>(*seen.second, 1) * reach_max);
        const auto passed = static_cast<std::int64_t>(random() % 100'000);
        const auto fraction = static_cast<double>(random() % 101) / 100;
        const auto left = time_left(estimate, passed, fraction);
        if (!left) continue;
        ASSERT_GE(left->low_ms, 0);
        ASSERT_LE(left->low_ms, left->median_ms);
        ASSERT_LE(left->median_ms, left->high_ms);
        ASSERT_LE(left->high_ms, std::max({estimate->high_ms, passed * 10}));
    }
}

// A run that keeps its pace is told an ever shorter time, and in the end the right one.
TEST(Estimate, TimeLeftGoesDownWithSteadyProgress) {
    const Estimate usual{8'000, 10'000, 15'000};
    for (const std::int64_t truth : {9'000, 10'000, 14'000, 40'000}) {
        std::int64_t last = usual.high_ms;
        for (int percent = 20; percent <= 100; ++percent) {
            const auto passed = truth * percent / 100;
            const auto left = time_left(usual, passed, percent / 100.0);
            ASSERT_TRUE(left);
            if (truth <= usual.high_ms) {
                EXPECT_LE(left->median_ms, last) << truth << " at " << percent;
            }
            last = left->median_ms;
            if (percent >= 90) {
                EXPECT_NEAR(static_cast<double>(left->median_ms), static_cast<double>(truth - passed),
                            400.0 + 0.05 * static_cast<double>(truth));
            }
        }
    }
}

// A number that stands still while the time goes on is worse than none.
TEST(Estimate, SaysNothingOfARunThatOutlastsAllExperienceWithoutAPace) {
    const Estimate usual{8'000, 10'000, 15'000};
    EXPECT_TRUE(time_left(usual, 14'000, 0));
    EXPECT_FALSE(time_left(usual, 15'000, 0));
    EXPECT_FALSE(time_left(std::nullopt, 15'000, 0.1));
    EXPECT_GE(time_left(usual, 60'000, 0.5)->median_ms, 20'000);
}

TEST(Estimate, AFreePlaceIsNotWaitedFor) {
    const Estimate own{900, 1'000, 1'200};
    const auto told = until_done({0, 0, 2, 1, 700}, own);
    EXPECT_EQ(told.median_ms, 1'000);
    EXPECT_EQ(told.high_ms, 1'200);
}

}  // namespace
}  // namespace ourvidz::schedule
