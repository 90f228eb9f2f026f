#include "node/picture_request.h"

#include <gtest/gtest.h>

namespace ourvidz::node {
namespace {

TEST(PictureRequest, TheSeedChoosesTheStyleAndNeighboursDiffer) {
    const std::vector<std::string> words = {"ya", "yb"};
    EXPECT_EQ(with_style("a fox", words, 6), "a fox ya");
    EXPECT_EQ(with_style("a fox", words, 7), "a fox yb");
    EXPECT_EQ(with_style("a fox", words, -1), "a fox yb");  // whatever a seed is, it has a style
}

TEST(PictureRequest, AStyleIsNotSaidTwiceAndNotWithoutNeed) {
    EXPECT_EQ(with_style("a fox", {}, 6), "a fox");
    EXPECT_EQ(with_style("", {"ya"}, 6), "");
    EXPECT_EQ(with_style("a yb fox", {"ya", "yb"}, 6), "a yb fox");
    EXPECT_EQ(with_style("a yby fox", {"ya", "yb"}, 6), "a yby fox ya");
}

TEST(PictureRequest, TakesOverWhateverSettingTheEngineHas) {
    kinds::Settings settings;
    settings.prompt = "a fox";
    settings.steps = 12;
    settings.sampler = "euler";
    settings.strength = 0.25;
    settings.fps = 16;
    catalog::KindSpec spec;
    spec.ranges = {{"steps", {1, 40, 8}}, {"guidance", {1, 8, 2.5}}};
    engine::ImageRequest request;
    take_over(settings, spec, request);
    EXPECT_EQ(request.prompt, "a fox");
    EXPECT_EQ(request.steps, 12);
    EXPECT_EQ(request.guidance, 2.5) << "nobody said it, so it is the model's";
    EXPECT_EQ(request.sampler, "euler");
    EXPECT_EQ(request.strength, 0.25);
    EXPECT_EQ(request.seed, 0);
    EXPECT_TRUE(request.preview);
}

}  // namespace
}  // namespace ourvidz::node
