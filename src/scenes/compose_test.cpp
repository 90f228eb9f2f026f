// Cutting out, drawing and putting together, on pictures made here.
#include "scenes/compose.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <cmath>

#include "scenes/cut_out.h"
#include "scenes/random.h"
#include "scenes/test_book.h"

namespace ourvidz::scenes {
namespace {

using testing::shipped;

constexpr int side = 128;
constexpr Colour key{255, 0, 255};
constexpr Colour gray{120, 130, 140};

std::string picture_of(const Canvas& canvas) {
    return canvas.rgb();
}

Colour pixel(const std::string& rgb, int width, int x, int y) {
    Colour colour;
    for (std::size_t c = 0; c < 3; ++c)
        colour[c] = static_cast<unsigned char>(rgb[(static_cast<std::size_t>(y) * width + x) * 3 + c]);
    return colour;
}

double apart(const Colour& one, const Colour& other) {
    return std::hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

CutOut disc(const Colour& colour, double radius = 40) {
    Canvas canvas(key, side, side, 1);
    canvas.oval({64, 64}, radius, radius, colour, 1);
    auto found = cut_out(picture_of(canvas), side, side);
    EXPECT_TRUE(found);
    return std::move(*found);
}

TEST(CutOut, HasTheShapeAndNothingOfTheGround) {
    for (const auto& colour :
         {Colour{250, 250, 250}, Colour{20, 20, 20}, Colour{245, 130, 185}, Colour{135, 70, 200}}) {
        const auto found = disc(colour);
        EXPECT_NEAR(found.width, 81, 2);
        EXPECT_NEAR(found.height, 81, 2);
        double area = 0;
        double worst = 0;
        for (std::size_t i = 0; i < found.pixels.size(); i += 4) {
            const double coverage = found.pixels[i + 3];
            area += coverage;
            if (coverage < 0.3) continue;
            worst = std::max(worst, apart({found.pixels[i] / coverage, found.pixels[i + 1] / coverage,
                                           found.pixels[i + 2] / coverage},
                                          colour));
        }
        EXPECT_NEAR(area, 3.1416 * 40 * 40, 90);
        EXPECT_LT(worst, 12) << "a rim in the colour of the ground";
    }
}

TEST(CutOut, AHoleIsAHole) {
    Canvas canvas(key, side, side, 1);
    canvas.oval({64, 64}, 40, 40, gray, 1);
    canvas.oval({64, 64}, 15, 15, key, 1);
    const auto found = cut_out(picture_of(canvas), side, side);
    ASSERT_TRUE(found);
    const auto middle = (static_cast<std::size_t>(found->height / 2) * found->width + found->width / 2) * 4;
    EXPECT_EQ(found->pixels[middle + 3], 0);
}

TEST(CutOut, WhatIsThinHasNothingOfTheGroundEither) {
    Canvas canvas(key, side, side, 1);
    canvas.oval({64, 90}, 25, 25, gray, 1);
    canvas.line({64, 70}, {50, 10}, 1.6, gray, 1);
    const auto found = cut_out(picture_of(canvas), side, side);
    ASSERT_TRUE(found);
    std::size_t thin = 0;
    for (int y = 0; y < found->height / 3; ++y) {
        for (int x = 0; x < found->width; ++x) {
            const auto at = (static_cast<std::size_t>(y) * found->width + x) * 4;
            const double coverage = found->pixels[at + 3];
            if (coverage < 0.3) continue;
            ++thin;
            EXPECT_LT((found->pixels[at] - found->pixels[at + 1]) / coverage, 25) << x << ", " << y;
        }
    }
    EXPECT_GT(thin, 20U);
}

TEST(CutOut, NothingIsTakenOffWhatIsNoPlainGroundAndNothingOffAnEmptyOne) {
    EXPECT_FALSE(cut_out(picture_of(Canvas(key, side, side, 1)), side, side));
    std::string noise(static_cast<std::size_t>(side) * side * 3, '\0');
    Random random(3);
    for (auto& byte : noise) byte = static_cast<char>(random.below(256));
    EXPECT_FALSE(cut_out(noise, side, side));
    EXPECT_FALSE(cut_out("", 0, 0));
    EXPECT_FALSE(cut_out("abc", side, side)) << "too few bytes";
}

TEST(CutOut, CrumbsBesideTheDrawingAreDropped) {
    Canvas canvas(key, side, side, 1);
    canvas.oval({64, 64}, 20, 20, gray, 1);
    canvas.oval({10, 10}, 1, 1, gray, 1);
    const auto found = cut_out(picture_of(canvas), side, side);
    ASSERT_TRUE(found);
    EXPECT_LT(found->width, 45);
}

TEST(Canvas, AShapeCoversItsArea) {
    Canvas canvas(Colour{0, 0, 0}, 100, 100, 2);
    canvas.oval({25, 25}, 10, 5, Colour{255, 255, 255}, 1);
    canvas.line({5, 40}, {45, 40}, 2, Colour{255, 255, 255}, 1);
    double light = 0;
    const auto rgb = canvas.rgb();
    for (std::size_t i = 0; i < rgb.size(); i += 3) light += static_cast<unsigned char>(rgb[i]) / 255.0;
    EXPECT_NEAR(light / 4, 3.1416 * 50 + 80 + 3.1416, 4) << "in units";
}

TEST(Canvas, ADrawingIsFlippedTintedAndCutAtTheWater) {
    Canvas drawn(key, side, side, 1);
    drawn.oval({64, 64}, 40, 40, Colour{200, 200, 200}, 1);
    drawn.oval({40, 64}, 10, 10, Colour{0, 0, 0}, 1);  // an eye on its left
    const auto cut = cut_out(drawn.rgb(), side, side);
    ASSERT_TRUE(cut);
    const auto shown = [&](bool flipped, double waterline) {
        Canvas canvas(Colour{0, 200, 0}, side, side, 1);
        canvas.cut_out(*cut, {{64, 100}, 80, 80, flipped, 0}, shipped().light("day"), waterline);
        return canvas.rgb();
    };
    EXPECT_LT(pixel(shown(false, 1e9), side, 40, 60)[0], 40);
    EXPECT_LT(pixel(shown(true, 1e9), side, 88, 60)[0], 40);
    EXPECT_GT(pixel(shown(false, 1e9), side, 88, 60)[0], 150);
    EXPECT_EQ(pixel(shown(false, 70), side, 64, 80), (Colour{0, 200, 0})) << "below the waterline";
    Canvas night(Colour{0, 200, 0}, side, side, 1);
    night.cut_out(*cut, {{64, 100}, 80, 80, false, 0}, shipped().light("night"));
    EXPECT_LT(pixel(night.rgb(), side, 80, 60)[0], 180);
}

std::string scene(const std::string& prompt, double time = 0) {
    const PromptReader reader(shipped());
    const auto plan = settled(shipped(), reader.read(prompt), 3);
    const auto red = drawn(disc(Colour{220, 60, 40}));
    const std::vector<const Drawn*> things(plan.asked.size(), &red);
    const Frame frame;
    Canvas canvas(gray, 192, 192, 1.5);
    compose(canvas, plan, things, lay_out(plan, std::vector<double>(things.size(), 1), frame, 3), frame, 3,
            {time});
    return canvas.rgb();
}

std::size_t different(const std::string& one, const std::string& other) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < one.size(); ++i) count += one[i] != other[i] ? 1 : 0;
    return count;
}

TEST(Compose, TheThingIsThereWithItsShadow) {
    const auto with = scene("a fox in the desert");
    const auto without = scene("the desert");
    std::size_t red = 0;
    std::size_t darker = 0;
    for (std::size_t i = 0; i < with.size(); i += 3) {
        const Colour now{static_cast<double>(static_cast<unsigned char>(with[i])),
                         static_cast<double>(static_cast<unsigned char>(with[i + 1])),
                         static_cast<double>(static_cast<unsigned char>(with[i + 2]))};
        red += apart(now, Colour{220, 60, 40}) < 12 ? 1 : 0;
        darker += now[0] < 115 && now[1] < 125 ? 1 : 0;
    }
    EXPECT_GT(red, 1'500U);
    EXPECT_GT(darker, 100U);
    EXPECT_GT(different(with, without), 10'000U);
}

// Where the thing of a prompt stands, is it there at this moment?
bool is_there(const std::string& prompt, std::size_t asked, const Moment& moment) {
    const PromptReader reader(shipped());
    const auto plan = settled(shipped(), reader.read(prompt), 3);
    const auto red = drawn(disc(Colour{220, 60, 40}));
    const std::vector<const Drawn*> things(plan.asked.size(), &red);
    const Frame frame;
    const auto placed = lay_out(plan, std::vector<double>(things.size(), 1), frame, 3);
    Canvas canvas(gray, 192, 192, 1.5);
    compose(canvas, plan, things, placed, frame, 3, moment);
    const auto one =
        std::find_if(placed.begin(), placed.end(), [&](const Placed& other) { return other.asked == asked; });
    const auto shown = pixel(canvas.rgb(), 192, static_cast<int>(one->x * 1.5),
                             static_cast<int>((one->y - one->height / 2) * 1.5));
    return shown[0] - shown[1] > 80;
}

TEST(Compose, WhatMovesIsTheFirstThingWithWhatBelongsToIt) {
    Moment away;
    away.shift_x = 400;
    for (const std::size_t asked : {0U, 1U}) {
        EXPECT_TRUE(is_there("a bee and a flower", asked, {}));
        EXPECT_EQ(is_there("a bee and a flower", asked, away), asked == 1)
            << "the flower stands where it stood";
        EXPECT_FALSE(is_there("two bees", asked, away));
        EXPECT_FALSE(is_there("a dog on a skateboard", asked, away)) << "they ride together";
    }
    Moment panned;
    panned.pan_x = 400;
    EXPECT_FALSE(is_there("a bee and a flower", 1, panned));
}

TEST(Compose, RainAndSnowMoveAndEndWhereTheyBegan) {
    for (const auto* prompt : {"a fox in the rain", "a fox in a snowstorm"}) {
        const auto first = scene(prompt);
        EXPECT_GT(different(first, scene("a fox in the forest")), 1'000U);
        EXPECT_GT(different(first, scene(prompt, 0.3)), 1'000U) << prompt;
        EXPECT_LT(different(first, scene(prompt, 1)), 200U) << prompt << ": a loop";
    }
}

}  // namespace
}  // namespace ourvidz::scenes
