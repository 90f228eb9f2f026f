#include "node/layered_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "scenes/canvas.h"

namespace ourvidz::node {
namespace {

const catalog::Layers& shipped() {
    static const auto catalog = catalog::Catalog::load({OURVIDZ_SOURCE_DIR "/models/catalog", {}, 0});
    EXPECT_TRUE(catalog);
    return *catalog->find("nano-scenes")->layers;
}

engine::ImageRequest wanted(const std::string& prompt, int width = 192, int height = 192) {
    engine::ImageRequest request;
    request.prompt = prompt;
    request.negative_prompt = "rain";
    request.width = width;
    request.height = height;
    request.steps = 8;
    request.seed = 4;
    return request;
}

// What a network would draw: a disc of the colour on the ground of things, or a place all in that colour.
safety::Picture drawn(const engine::ImageRequest& request, const scenes::Colour& colour) {
    const auto ground = request.second_network ? colour : scenes::Colour{255, 0, 255};
    scenes::Canvas canvas(ground, request.width, request.height, 1);
    if (!request.second_network) canvas.oval({request.width / 2.0, request.height / 2.0}, 40, 40, colour, 1);
    return {request.width, request.height, canvas.rgb()};
}

TEST(LayeredPicture, AsksForThePlaceAndForEachThingOnceInTheSizesOfTheNetworks) {
    const auto layered =
        LayeredPicture::read(shipped(), wanted("two red foxes and an owl in the snow at night", 256, 192));
    ASSERT_TRUE(layered);
    const auto& requests = layered->requests();
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_TRUE(requests[0].second_network);
    EXPECT_EQ(requests[0].width, 256) << "four thirds";
    EXPECT_EQ(requests[0].height, 192);
    EXPECT_FALSE(requests[1].second_network);
    EXPECT_EQ(requests[1].prompt, "red fox yc");
    EXPECT_EQ(requests[2].prompt, "owl yc");
    EXPECT_EQ(requests[1].width, 128);
    EXPECT_EQ(requests[1].negative_prompt, "") << "the networks know no other words";
    EXPECT_EQ(requests[1].seed, 4);
    EXPECT_EQ(requests[1].steps, 8);
    auto description = layered->description();
    std::vector<std::string> names;
    for (const auto& thing : description["things"].as_array())
        names.emplace_back(thing.at("name").as_string());
    EXPECT_THAT(names, testing::ElementsAre("red fox", "red fox", "owl"));
    description.erase("things");
    const json::object rest{
        {"relation", "beside"}, {"place", "snow_field"}, {"time", "night"}, {"weather", "clear"}};
    EXPECT_EQ(description, rest);
}

TEST(LayeredPicture, APlainBackgroundNeedsNoPlace) {
    auto layered = LayeredPicture::read(shipped(), wanted("a cat on a yellow background"));
    ASSERT_TRUE(layered);
    ASSERT_EQ(layered->requests().size(), 1U);
    ASSERT_TRUE(layered->take(0, drawn(layered->requests()[0], {200, 30, 30})));
    const auto scene = layered->scene();
    EXPECT_EQ(scene.width, 192);
    EXPECT_EQ(scene.rgb.size(), 192U * 192 * 3);
    EXPECT_EQ(static_cast<unsigned char>(scene.rgb[0]), 250) << "yellow";
    EXPECT_LT(static_cast<unsigned char>(scene.rgb[2]), 60);
}

TEST(LayeredPicture, TheRecipeSaysWhereAThingIs) {
    auto layered = LayeredPicture::read(shipped(), wanted("a cat on a yellow background"));
    ASSERT_TRUE(layered);
    ASSERT_TRUE(layered->take(0, drawn(layered->requests()[0], {200, 30, 30})));
    const auto scene = layered->scene();
    const auto box = layered->description().at("things").at(0).at("box").as_array();
    const auto side = [&](std::size_t i) { return static_cast<int>(box.at(i).as_int64()); };
    const auto is_red = [&](int x, int y) {
        const auto at = 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(scene.width) +
                             static_cast<std::size_t>(x));
        return static_cast<unsigned char>(scene.rgb.at(at + 1)) < 80;
    };
    const int middle_x = side(0) + side(2) / 2;
    const int middle_y = side(1) + side(3) / 2;
    for (const int in : {3, -3}) {  // pixels from each edge of the disc, inside and outside
        EXPECT_EQ(is_red(side(0) + in, middle_y), in > 0);
        EXPECT_EQ(is_red(side(0) + side(2) - in, middle_y), in > 0);
        EXPECT_EQ(is_red(middle_x, side(1) + in), in > 0);
        EXPECT_EQ(is_red(middle_x, side(1) + side(3) - in), in > 0);
    }
}

TEST(LayeredPicture, TheSceneGrowsLayerByLayer) {
    auto layered = LayeredPicture::read(shipped(), wanted("a fox in the desert"));
    ASSERT_TRUE(layered);
    ASSERT_EQ(layered->requests().size(), 2U);
    ASSERT_TRUE(layered->take(0, drawn(layered->requests()[0], {10, 200, 30})));
    const auto place = layered->scene();
    EXPECT_EQ(static_cast<unsigned char>(place.rgb[1]), 200);
    ASSERT_TRUE(layered->take(1, drawn(layered->requests()[1], {200, 30, 30})));
    EXPECT_NE(layered->scene().rgb, place.rgb);
}

TEST(LayeredPicture, ADrawingThatCannotBeTakenOffItsGroundIsAskedForAgain) {
    auto layered = LayeredPicture::read(shipped(), wanted("a fox in the desert"));
    ASSERT_TRUE(layered);
    const scenes::Canvas nothing(scenes::Colour{255, 0, 255}, 128, 128, 1);
    EXPECT_FALSE(layered->take(1, {128, 128, nothing.rgb()}));
    EXPECT_TRUE(layered->take(1, drawn(layered->requests()[1], {200, 30, 30})));
}

TEST(LayeredPicture, NothingThatCanBeDrawnIsAnErrorOfThePrompt) {
    const auto layered = LayeredPicture::read(shipped(), wanted("quarks of entropy"));
    ASSERT_FALSE(layered);
    EXPECT_EQ(layered.error().field, "prompt");
}

TEST(LayeredPicture, WhatIsSaidToTheCameraIsNoThing) {
    const auto layered = LayeredPicture::read(shipped(), wanted("a bee in a flower garden, Pan left"));
    ASSERT_TRUE(layered);
    ASSERT_EQ(layered->plan().asked.size(), 1U);
    EXPECT_EQ(layered->plan().asked.front().thing->name, "bee");
}

TEST(LayeredPicture, TimeOrWeatherAloneIsAPlaceInIt) {
    const auto layered = LayeredPicture::read(shipped(), wanted("a rainy night"));
    ASSERT_TRUE(layered);
    ASSERT_EQ(layered->requests().size(), 1U);
    EXPECT_TRUE(layered->requests()[0].second_network);
}

}  // namespace
}  // namespace ourvidz::node
