#include "engine/diffusion/preview_pace.h"

#include <gtest/gtest.h>

#include <vector>

namespace ourvidz::engine {
namespace {

// The steps at which a run with these times shows a preview.
std::vector<int> shown_steps(int steps, std::int64_t step_ms, std::int64_t preview_ms) {
    std::int64_t now = 1000;
    PreviewPace pace(now);
    std::vector<int> shown;
    bool wanted = pace.wanted_next(0, steps, now);
    for (int step = 1; step <= steps; ++step) {
        now += step_ms;
        if (wanted) {
            now += preview_ms;
            pace.shown(now);
            shown.push_back(step);
        }
        wanted = pace.wanted_next(step, steps, now);
    }
    return shown;
}

TEST(PreviewPaceTest, ShowsOneEarlyEvenWhenTheRunIsShort) {
    EXPECT_EQ(shown_steps(8, 25, 40), std::vector<int>{2});
}

TEST(PreviewPaceTest, ShowsNoneForTheLastStepSinceThePictureFollows) {
    EXPECT_TRUE(shown_steps(1, 25, 40).empty());
    EXPECT_TRUE(shown_steps(2, 25, 40).empty());
    EXPECT_EQ(shown_steps(3, 25, 40), std::vector<int>{2});
}

TEST(PreviewPaceTest, LeavesTheLeastGapBetweenTwo) {
    // Steps of 100 ms: after step 2 at 300 ms (with 0 for the preview) comes step 5 or later.
    EXPECT_EQ(shown_steps(12, 100, 0), (std::vector<int>{2, 6, 10}));
}

TEST(PreviewPaceTest, ShowsCostlyOnesMoreSeldom) {
    // A preview of 1000 ms may come every 3000 ms, that is after 30 steps.
    EXPECT_EQ(shown_steps(40, 100, 1000), (std::vector<int>{2, 33}));
}

}  // namespace
}  // namespace ourvidz::engine
