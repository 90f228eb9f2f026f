#include "engine/remote/patience.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ourvidz::engine {
namespace {

using testing::HasSubstr;
using testing::Optional;

constexpr std::int64_t second = 1'000;

// The pulse that a worker sends while its engine says nothing.
void pulses(Patience& patience, std::int64_t from, std::int64_t to) {
    for (auto now = from; now <= to; now += second) patience.pulse(now);
}

TEST(Patience, AProcessThatStandsStillIsNoticedWithinSeconds) {
    Patience patience({}, 0);
    patience.progress(2 * second);
    EXPECT_FALSE(patience.exhausted(16 * second));
    EXPECT_THAT(patience.exhausted(18 * second), Optional(HasSubstr("stood still")));
}

TEST(Patience, BeforeItsPaceIsKnownAnEngineHasLong) {
    Patience patience({}, 0);
    pulses(patience, 0, 299 * second);
    EXPECT_FALSE(patience.exhausted(299 * second));
    pulses(patience, 300 * second, 301 * second);
    EXPECT_THAT(patience.exhausted(301 * second), Optional(HasSubstr("no sign of life")));
}

TEST(Patience, AnEngineThatHangsBetweenStepsIsMeasuredByItsOwnSteps) {
    Patience patience({}, 0);
    for (int step = 1; step <= 5; ++step) patience.progress(step * 2 * second);  // 20 steps: 40 s
    pulses(patience, 10 * second, 52 * second);
    EXPECT_FALSE(patience.exhausted(49 * second));
    EXPECT_TRUE(patience.exhausted(51 * second));
}

TEST(Patience, QuickStepsLeaveTimeForWhatComesAfterThem) {
    Patience patience({}, 0);
    for (int step = 1; step <= 8; ++step) patience.progress(step * 100);
    pulses(patience, second, 32 * second);
    EXPECT_FALSE(patience.exhausted(30 * second));
    EXPECT_TRUE(patience.exhausted(32 * second));
}

// Loading and reading the prompt come before the first step and say nothing of its length.
TEST(Patience, TheFirstSignDoesNotMakeThePace) {
    Patience patience({}, 0);
    patience.progress(60 * second);
    patience.progress(61 * second);
    patience.progress(62 * second);
    pulses(patience, 62 * second, 93 * second);
    EXPECT_FALSE(patience.exhausted(91 * second));
    EXPECT_TRUE(patience.exhausted(93 * second));
}

TEST(Patience, SlowStepsNeverGetMoreThanTheBound) {
    Patience patience({}, 0);
    for (int step = 1; step <= 4; ++step) patience.progress(step * 60 * second);
    pulses(patience, 240 * second, 541 * second);
    EXPECT_FALSE(patience.exhausted(539 * second));
    EXPECT_TRUE(patience.exhausted(541 * second));
}

}  // namespace
}  // namespace ourvidz::engine
