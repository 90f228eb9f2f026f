#include "node/key_frames.h"

#include <gtest/gtest.h>

#include <array>
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
    const auto after = middle(posed(square(64, 20, 30, 10), {0.125, 0.0625, 0, 1, 1}));
    EXPECT_NEAR(after.first - before.first, 8, 0.1);
    EXPECT_NEAR(after.second - before.second, 4, 0.1);
}

TEST(KeyFrames, TurnsClockwise) {
    // What is to the right of the middle goes down.
    const auto after = middle(posed(square(65, 48, 28, 9), {0, 0, std::acos(0.0), 1, 1}));
    EXPECT_NEAR(after.first, 32, 0.5);
    EXPECT_NEAR(after.second, 52, 0.5);
}

const catalog::PoseWords words{{"xa", "xb", "xc", "xd", "xe", "xf", "xl", "xm", "xn"},
                               {"wa", "wb", "wc", "wd", "wf", "wg", "wh", "wk", "wl"},
                               {"rb", "rc", "rd", "rf", "rg", "rh", "rk", "rl", "rm"},
                               {"za", "zb", "zd", "zf", "zg", "zh", "zk", "zm", "zn"},
                               {"two", "left"}};
constexpr int clip_frames = 80;
constexpr std::array all_motions{Motion::sway, Motion::bounce, Motion::drift, Motion::pulse,  Motion::dance,
                                 Motion::spin, Motion::cross,  Motion::rise,  Motion::breathe};

// Where the thing's point (x, y), in sides from its middle, is in that pose.
std::pair<double, double> point_at(const media::Pose& pose, double x, double y) {
    const double wide = x * pose.scale / pose.stretch;
    const double tall = y * pose.scale * pose.stretch;
    return {pose.shift_x + std::cos(pose.turn) * wide - std::sin(pose.turn) * tall,
            pose.shift_y + std::sin(pose.turn) * wide + std::cos(pose.turn) * tall};
}

bool out_of_sight(const media::Pose& pose) {
    const double edge = 0.5 + thing_reach * pose.scale;
    return std::abs(pose.shift_x) >= edge || std::abs(pose.shift_y) >= edge;
}

TEST(ClipMotions, MoveWithoutAJumpAndComeBackToWhereTheyBegan) {
    for (const auto motion : all_motions) {
        double path = 0;
        for (int i = 0; i < clip_frames; ++i) {
            // The step behind the last frame is the one back to the first.
            const auto from = pose_at(motion, static_cast<double>(i) / clip_frames, 1);
            const auto to = pose_at(motion, static_cast<double>((i + 1) % clip_frames) / clip_frames, 1);
            if (out_of_sight(from) && out_of_sight(to)) continue;
            for (const double x : {-thing_reach, thing_reach}) {
                for (const double y : {-thing_reach, thing_reach}) {
                    const auto before = point_at(from, x, y);
                    const auto after = point_at(to, x, y);
                    const double step = std::hypot(after.first - before.first, after.second - before.second);
                    EXPECT_LT(step, motion_step_max) << to_string(motion) << " at " << i;
                    path += step / 4;
                }
            }
        }
        EXPECT_GT(path, motion == Motion::breathe ? 0.1 : 0.5) << to_string(motion);
    }
}

TEST(ClipMotions, APictureThatFillsItsFrameNeverShowsItsBorder) {
    for (int i = 0; i < clip_frames; ++i) {
        const auto pose = pose_at(Motion::breathe, static_cast<double>(i) / clip_frames, -1);
        // The frame's corners, seen from the picture: all inside.
        for (const double x : {-0.5, 0.5}) {
            for (const double y : {-0.5, 0.5}) {
                const double dx = x - pose.shift_x;
                const double dy = y - pose.shift_y;
                EXPECT_LT(std::abs(std::cos(pose.turn) * dx + std::sin(pose.turn) * dy) / pose.scale, 0.5);
                EXPECT_LT(std::abs(std::cos(pose.turn) * dy - std::sin(pose.turn) * dx) / pose.scale, 0.5);
            }
        }
    }
}

TEST(ClipMotions, TheCameraFollowsFromTheWordsElseFromTheSeed) {
    EXPECT_EQ(camera_plan("a fox, zoom in", 0).name, "push in");
    EXPECT_GT(camera_plan("a fox, zoom in", 0).move.zoom_to, 1.2);
    EXPECT_LT(camera_plan("a fox, the camera pans left", 0).move.pan_x, 0);
    EXPECT_EQ(camera_plan("a fox", 0).name, "still");
    EXPECT_TRUE(camera_plan("a fox", 5).move.returns);
}

TEST(KeyFrames, AreToldTheNearestWordsAndDrawnWholly) {
    for (std::int64_t seed = 0; seed < 10; ++seed) {
        const auto plan = plan_clip({"a red fox", seed, clip_frames, &words, true});
        ASSERT_EQ(std::ssize(plan.frames), key_frames_per_clip + 1);
        ASSERT_EQ(std::ssize(plan.path), clip_frames);
        for (std::size_t i = 0; i < plan.frames.size(); ++i) {
            const auto& frame = plan.frames[i];
            EXPECT_EQ(frame.words.size(), 11U) << frame.words;
            const auto& wanted = plan.path.at(i * clip_frames / key_frames_per_clip % clip_frames);
            EXPECT_NEAR(frame.pose.scale, std::max(wanted.scale, 0.82), 0.031) << "never tiny";
            EXPECT_NEAR(frame.pose.turn, wanted.turn, 0.066);
            const double reach = std::max(std::abs(frame.pose.shift_x), std::abs(frame.pose.shift_y));
            EXPECT_LE(reach + thing_reach * frame.pose.scale, 0.5001) << to_string(plan.motion);
        }
    }
    const auto plan = plan_clip({"a bouncing fox", 0, clip_frames, &words, true});
    EXPECT_EQ(plan.frames.front().words, plan.frames.back().words) << "a loop";
    EXPECT_EQ(plan.frames[1].words.substr(0, 3), "xe ");
    EXPECT_NEAR(plan.frames[1].pose.scale, 0.82, 1e-9);
    EXPECT_EQ(plan.frames[1].words.substr(9), "zh");
}

TEST(KeyFrames, WithoutWordsTheFirstPictureMovesAlone) {
    auto unused = words;
    unused.strength = 0;
    const std::array<const catalog::PoseWords*, 2> none_or_unused{nullptr, &unused};
    for (const auto* known : none_or_unused) {
        const auto plan = plan_clip({"a dancing fox", 3, clip_frames, known, true});
        EXPECT_EQ(plan.motion, Motion::dance);
        ASSERT_EQ(plan.frames.size(), 2U);
        EXPECT_EQ(plan.frames[1].strength, 0);
        EXPECT_EQ(std::ssize(plan.path), clip_frames);
    }
    const auto filling = plan_clip({"a dancing fox", 3, clip_frames, &words, false});
    EXPECT_EQ(filling.motion, Motion::breathe);
    EXPECT_EQ(filling.frames.size(), 2U);
}

TEST(KeyFrames, WordsThatArrangeThingsThemselvesLeaveNoRoomForPoses) {
    EXPECT_TRUE(poses_fit(words, "a red fox on a leftover pizza"));
    EXPECT_FALSE(poses_fit(words, "Two foxes"));
    EXPECT_FALSE(poses_fit(words, "a fox on the left"));
}

TEST(KeyFrames, ABorderIsPlainOrNot) {
    EXPECT_TRUE(has_plain_border(square(64, 20, 30, 10)));
    EXPECT_FALSE(has_plain_border(square(64, 0, 0, 40)));
}

TEST(KeyFrames, AnEvenBorderLeavesTheMiddleAsItIs) {
    const auto picture = square(64, 20, 30, 10);
    EXPECT_EQ(with_even_border(picture, border_colour(picture)).rgb, picture.rgb);
    const auto tinted = with_even_border(picture, {16, 32, 48});
    EXPECT_EQ(static_cast<int>(tinted.rgb[2]), 48);
    EXPECT_EQ(tinted.rgb[offset_of(64, 6, 6)], picture.rgb[offset_of(64, 6, 6)]);
    EXPECT_LT(static_cast<unsigned char>(tinted.rgb[offset_of(64, 3, 30)]), 0xF0);
}

}  // namespace
}  // namespace ourvidz::node
