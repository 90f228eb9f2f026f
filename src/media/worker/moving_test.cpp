// Motion interpolation, camera and upscaler: pictures in, pictures out.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "media/worker/camera.h"
#include "media/worker/motion.h"
#include "media/worker/pixels.h"
#include "media/worker/still.h"
#include "media/worker/test_pictures.h"
#include "media/worker/upscaler.h"

namespace ourvidz::media {
namespace {

using testing::disk;

const auto never = [] { return false; };

TEST(MotionTest, TheEndsAreTheKeyframesThemselves) {
    const Rgb8 from = disk(256, 256, 90, 120, 50);
    const Rgb8 to = disk(256, 256, 130, 130, 50);
    const MotionBetween motion(from, to);
    EXPECT_EQ(motion.at(0).pixels, from.pixels);
    EXPECT_EQ(motion.at(1).pixels, to.pixels);
}

TEST(MotionTest, ThingsMoveEvenlyInsteadOfFading) {
    const Rgb8 from = disk(256, 256, 90, 120, 50);
    const Rgb8 to = disk(256, 256, 130, 130, 50);
    const MotionBetween motion(from, to);
    for (const double t : {0.25, 0.5, 0.75}) {
        const Rgb8 made = motion.at(t);
        const auto centre = testing::disk_centre(made);
        EXPECT_NEAR(centre.x, 90 + 40 * t, 2) << t;
        EXPECT_NEAR(centre.y, 120 + 10 * t, 2) << t;
        EXPECT_LT(testing::difference(made, disk(256, 256, 90 + 40 * t, 120 + 10 * t, 50)), 2) << t;
    }
}

// A model draws the background a little differently in every keyframe; the thing in front must still move,
// not fade.
TEST(MotionTest, BlotchesInTheBackgroundDoNotStopTheMotion) {
    Rgb8 from = disk(256, 256, 90, 120, 50);
    Rgb8 to = disk(256, 256, 120, 130, 50);
    std::mt19937 random(5);
    for (auto* picture : {&from, &to}) {
        Rgb8 blotches{16, 16, std::string(16 * 16 * 3, '\0')};
        for (auto& byte : blotches.pixels) byte = static_cast<char>(random() % 20);
        blotches = resize(blotches, 256, 256);
        for (std::size_t i = 0; i < picture->pixels.size(); ++i) {
            const int sum = static_cast<unsigned char>(picture->pixels[i]) +
                            static_cast<unsigned char>(blotches.pixels[i]) - 10;
            picture->pixels[i] = static_cast<char>(std::clamp(sum, 0, 255));
        }
    }
    const auto centre = testing::disk_centre(MotionBetween(from, to).at(0.3));
    EXPECT_NEAR(centre.x, 99, 2);
    EXPECT_NEAR(centre.y, 123, 2);
}

TEST(MotionTest, AChangeOfSceneDissolvesEvenly) {
    const Rgb8 from = disk(128, 128, 60, 60, 40);
    Rgb8 to = from;
    std::mt19937 random(7);
    for (auto& byte : to.pixels) byte = static_cast<char>(random());
    const MotionBetween motion(from, to);
    const double whole = testing::difference(from, to);
    EXPECT_NEAR(testing::difference(motion.at(0.5), from), whole / 2, whole / 8);
    EXPECT_NEAR(testing::difference(motion.at(0.5), to), whole / 2, whole / 8);
}

TEST(CameraTest, TheViewStaysInsideAndMovesGently) {
    const CameraMove move{1.0, 1.3, 1.0, -1.0};
    View last = view_at(move, 0);
    EXPECT_DOUBLE_EQ(last.zoom, 1);
    EXPECT_DOUBLE_EQ(view_at(move, 1).zoom, 1.3);
    for (int i = 1; i < 80; ++i) {
        const View view = view_at(move, i / 79.0);
        const double half = 0.5 / view.zoom;
        EXPECT_GE(view.x - half, -1e-9);
        EXPECT_LE(view.x + half, 1 + 1e-9);
        EXPECT_GE(view.y - half, -1e-9);
        EXPECT_LE(view.y + half, 1 + 1e-9);
        EXPECT_GE(view.zoom, last.zoom);
        EXPECT_LT(std::abs(view.x - last.x), 0.01);
        last = view;
    }
}

TEST(CameraTest, ThereAndBackIsALoop) {
    const CameraMove move{1, 1.2, 0.5, 0, true};
    EXPECT_DOUBLE_EQ(view_at(move, 0).zoom, 1);
    EXPECT_DOUBLE_EQ(view_at(move, 0.5).zoom, 1.2);
    EXPECT_NEAR(view_at(move, 1).zoom, 1, 1e-9);
    EXPECT_NEAR(view_at(move, 0.2).x, view_at(move, 0.8).x, 1e-9);
}

TEST(CameraTest, MovesWhatWasDrawnInOnePoseIntoAnother) {
    const Pose drawn{0.1, 0, 0, 0.8, 1};
    const Pose wanted{-0.1, 0.05, std::acos(0.0), 0.8, 1};
    // A disk to the right of the thing's middle; turned by a quarter it is below.
    const Rgb8 picture = disk(200, 200, 99.5 + 20 + 0.8 * 40, 99.5, 20);
    const Rgb8 made = look(picture, View{}, Move{drawn, wanted}, 200, 200);
    const auto centre = testing::disk_centre(made);
    EXPECT_NEAR(centre.x, 99.5 - 20, 0.5);
    EXPECT_NEAR(centre.y, 99.5 + 10 + 0.8 * 40, 0.5);
    EXPECT_EQ(look(picture, View{}, Move{drawn, drawn}, 200, 200).pixels, picture.pixels);
}

TEST(CameraTest, StretchesUpwardsAndNarrowsInProportion) {
    Rgb8 square = blank(101, 101);
    for (int y = 30; y <= 70; ++y)
        square.pixels.replace(static_cast<std::size_t>(y * 101 + 30) * 3, 41 * 3, 41 * 3, '\xFF');
    const Rgb8 tall = look(square, View{}, Move{{}, {0, 0, 0, 1, 1.25}}, 101, 101);
    const auto is_light = [&](int x, int y) {
        return tall.pixels.at(static_cast<std::size_t>(y * 101 + x) * 3) != '\0';
    };
    EXPECT_TRUE(is_light(50, 50 + 24));
    EXPECT_FALSE(is_light(50, 50 + 27));
    EXPECT_TRUE(is_light(50 + 15, 50));
    EXPECT_FALSE(is_light(50 + 18, 50));
}

TEST(CameraTest, AMoveOfAPartOfAPixelIsSeen) {
    const Rgb8 picture = disk(200, 200, 100, 100, 60);
    const auto middle = testing::disk_centre(look(picture, {1.25, 0.5, 0.5}, 160, 160));
    const auto moved = testing::disk_centre(look(picture, {1.25, 0.5 + 0.25 / 200, 0.5}, 160, 160));
    const Rgb8 a = look(picture, {1.25, 0.5, 0.5}, 160, 160);
    const Rgb8 b = look(picture, {1.25, 0.5 + 0.25 / 200, 0.5}, 160, 160);
    EXPECT_GT(testing::difference(a, b), 0.05);
    EXPECT_LT(testing::difference(a, b), 1);
    EXPECT_NEAR(middle.x, 79.5, 1);
    EXPECT_LE(moved.x, middle.x);
}

TEST(CameraTest, TheWholePictureAtItsOwnSizeIsThePicture) {
    const Rgb8 picture = disk(120, 90, 60, 45, 30);
    EXPECT_LT(testing::difference(look(picture, {}, 120, 90), picture), 0.01);
}

// The largest difference of neighbours in one row, red channel.
int steepest_step(const Rgb8& picture, int row) {
    int steepest = 0;
    for (int x = 1; x < picture.width; ++x) {
        const auto at = (static_cast<std::size_t>(row) * picture.width + x) * 3;
        const int step = static_cast<unsigned char>(picture.pixels[at]) -
                         static_cast<unsigned char>(picture.pixels[at - 3]);
        steepest = std::max(steepest, std::abs(step));
    }
    return steepest;
}

class UpscalerTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto opened = SrvggUpscaler::open(testing::content_of(testing::upscaler_path()));
        ASSERT_TRUE(opened.ok()) << opened.error().detail;
        upscaler_ = std::move(*opened);
    }
    std::unique_ptr<SrvggUpscaler> upscaler_;
};

TEST_F(UpscalerTest, EnlargesFourTimesAndKeepsTheDrawing) {
    const Rgb8 small = disk(128, 96, 60, 50, 30);
    const auto large = upscaler_->enlarge(small, never);
    ASSERT_TRUE(large.ok()) << large.error().detail;
    EXPECT_EQ(large->width, 512);
    EXPECT_EQ(large->height, 384);
    EXPECT_LT(testing::difference(shrink_to(*large, 128), small), 5);
    const auto centre = testing::disk_centre(*large);
    EXPECT_NEAR(centre.x, 60 * 4 + 1.5, 3);
    // What the network is for: edges sharper than Lanczos makes them. The row goes through the dark eyes.
    const int row = 170;
    EXPECT_GT(steepest_step(*large, row), 1.3 * steepest_step(resize(small, 512, 384), row));
}

TEST_F(UpscalerTest, TilesLeaveNoSeams) {
    Rgb8 wide = disk(260, 48, 192, 24, 20);
    std::mt19937 random(11);
    for (auto& byte : wide.pixels)
        byte = static_cast<char>(static_cast<unsigned char>(byte) / 2 + random() % 64);
    // The same place, once across the border of two tiles and once in the middle of one.
    const int left = 100;
    Rgb8 part{160, 48, {}};
    for (int y = 0; y < 48; ++y) {
        part.pixels += wide.pixels.substr((static_cast<std::size_t>(y) * 260 + left) * 3, 160 * 3);
    }
    const auto whole = upscaler_->enlarge(wide, never);
    const auto cut = upscaler_->enlarge(part, never);
    ASSERT_TRUE(whole.ok() && cut.ok());
    for (int y = 0; y < 48 * 4; ++y) {
        for (int x = 150 * 4 * 3; x < 230 * 4 * 3; ++x) {
            const auto a =
                static_cast<unsigned char>(whole->pixels[static_cast<std::size_t>(y) * 260 * 12 + x]);
            const auto b = static_cast<unsigned char>(
                cut->pixels[static_cast<std::size_t>(y) * 160 * 12 + x - left * 12]);
            ASSERT_NEAR(a, b, 1) << x << " " << y;
        }
    }
}

TEST_F(UpscalerTest, StopsWhenItIsAskedTo) {
    const auto result = upscaler_->enlarge(disk(64, 64, 32, 32, 20), [] { return true; });
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::canceled);
}

TEST(UpscalerFileTest, AnotherFileIsRefused) {
    const auto opened = SrvggUpscaler::open("this is not a network");
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace ourvidz::media
