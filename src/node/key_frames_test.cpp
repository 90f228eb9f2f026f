#include "node/key_frames.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ourvidz::node {
namespace {

// Where a pixel's bytes begin.
std::size_t offset_of(int side, int x, int y) {
    return 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(side) + static_cast<std::size_t>(x));
}

// A dark square on a light ground.
safety::Picture square(int side, int left, int top, int edge) {
    safety::Picture picture{side, side, std::string(offset_of(side, 0, side), '\xF0')};
    for (int y = top; y < top + edge; ++y) {
        for (int x = left; x < left + edge; ++x) {
            picture.rgb.replace(offset_of(side, x, y), 3, 3, '\x10');
        }
    }
    return picture;
}

// The middle of what is dark.
std::pair<double, double> middle(const safety::Picture& picture) {
    double sum = 0, sum_x = 0, sum_y = 0;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const double dark =
                0xF0 - static_cast<unsigned char>(picture.rgb[offset_of(picture.width, x, y)]);
            sum += dark;
            sum_x += dark * x;
            sum_y += dark * y;
        }
    }
    return {sum_x / sum, sum_y / sum};
}

TEST(KeyFrames, APoseAtRestChangesNothing) {
    const auto picture = square(64, 20, 30, 10);
    EXPECT_EQ(posed(picture, {}).rgb, picture.rgb);
}

TEST(KeyFrames, MovesRightAndDown) {
    const auto before = middle(square(64, 20, 30, 10));
    const auto after = middle(posed(square(64, 20, 30, 10), {0.125, 0.0625, 0, 1}));
    EXPECT_NEAR(after.first - before.first, 8, 0.1);
    EXPECT_NEAR(after.second - before.second, 4, 0.1);
}

TEST(KeyFrames, TurnsClockwise) {
    // What is to the right of the middle goes down.
    const auto after = middle(posed(square(65, 48, 28, 9), {0, 0, std::acos(0.0), 1}));
    EXPECT_NEAR(after.first, 32, 0.5);
    EXPECT_NEAR(after.second, 52, 0.5);
}

TEST(KeyFrames, BeginAndEndInTheFirstPictureAndNeverJump) {
    for (std::int64_t seed = 0; seed < 10; ++seed) {
        const ClipPlan plan = plan_clip("a red fox", seed, key_frames_per_clip);
        ASSERT_EQ(plan.frames.size(), static_cast<std::size_t>(key_frames_per_clip));
        EXPECT_EQ(plan.frames.front().strength, 0);
        EXPECT_EQ(plan.frames.back().strength, 0);
        for (const Pose& pose : {plan.frames.front().pose, plan.frames.back().pose}) {
            EXPECT_NEAR(pose.shift_x, 0, 1e-9);
            EXPECT_NEAR(pose.shift_y, 0, 1e-9);
            EXPECT_NEAR(pose.turn, 0, 1e-9);
            EXPECT_NEAR(pose.scale, 1, 1e-9);
        }
        bool moves = false;
        for (std::size_t i = 1; i < plan.frames.size(); ++i) {
            const Pose& a = plan.frames[i - 1].pose;
            const Pose& b = plan.frames[i].pose;
            EXPECT_LT(std::abs(a.shift_x - b.shift_x), 0.12) << plan.motion;
            EXPECT_LT(std::abs(a.shift_y - b.shift_y), 0.12) << plan.motion;
            EXPECT_LT(std::abs(a.turn - b.turn), 0.3) << plan.motion;
            moves = moves || std::abs(b.shift_x) + std::abs(b.shift_y) + std::abs(b.turn) > 0.01 ||
                    b.scale > 1.01;
        }
        EXPECT_TRUE(moves) << plan.motion;
    }
}

TEST(KeyFrames, TheMotionFollowsFromTheWords) {
    EXPECT_EQ(plan_clip("a star that spins", 0, 16).motion, "spin");
    EXPECT_EQ(plan_clip("a frog jumping", 0, 16).motion, "bounce");
    EXPECT_EQ(plan_clip("a red car driving", 0, 16).motion, "drift");
    EXPECT_NE(plan_clip("a red fox", 0, 16).motion, plan_clip("a red fox", 1, 16).motion);
}

}  // namespace
}  // namespace ourvidz::node
