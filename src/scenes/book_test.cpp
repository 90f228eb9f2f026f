#include "scenes/book.h"

#include <gtest/gtest.h>

#include "scenes/random.h"
#include "scenes/test_book.h"

namespace ourvidz::scenes {
namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), by);
}

constexpr auto small =
    R"({"schema":1,"colours":["red"],"grounds":{"red":[220,40,45]},"colour_synonyms":{"scarlet":"red"},
    "sizes":{"big":1.3},"styles":["yc"],
    "times":{"day":{"phrases":["by day"],"multiply":[1,1,1],"towards":[255,255,255],"share":0,
                    "haze":[206,230,246],"shadow":0.24}},
    "weathers":{"clear":{"cover":0,"phrases":[]}},
    "when":{"outdoor":{"day clear":""},"indoor":{"day clear":"b"}},
    "places":{"field":{"code":"c","noun":"a field","phrases":["in a field"],"names":[],"habitats":["walk"],
                       "weathers":["clear"],"horizon":0.5,"floor":"grass"}},
    "things":{"fox":{"called":["fox"],"size":1,"where":"g","habitats":["walk"]}}})";

std::string fault_of(const std::string& text) {
    const auto book = parse_book(text);
    return book ? "" : book.error().field;
}

TEST(SceneBook, TheShippedOneHasPlacesThingsAndTheirWords) {
    const auto& book = testing::shipped();
    EXPECT_GE(book.places.size(), 40U);
    EXPECT_GE(book.things.size(), 600U);
    EXPECT_EQ(book.lights.size(), 4U);
    EXPECT_EQ(book.weathers.size(), 4U);
    ASSERT_NE(book.thing("fox"), nullptr);
    EXPECT_TRUE(book.thing("fox")->creature);
    EXPECT_EQ(book.colours.at("scarlet"), "red");
    EXPECT_EQ(book.thing("nobody"), nullptr);
}

TEST(SceneBook, AFaultIsNamedByItsPlace) {
    EXPECT_EQ(fault_of(small), "");
    EXPECT_EQ(fault_of(replaced(small, "\"schema\":1", "\"schema\":2")), "schema");
    EXPECT_EQ(fault_of(replaced(small, "\"size\":1,", "")), "things.fox.size");
    EXPECT_EQ(fault_of(replaced(small, "\"day clear\":\"b\"", "\"day clear\":7")), "when.indoor.day clear");
    EXPECT_EQ(fault_of(replaced(small, "\"where\":\"g\"", "\"where\":\"x\"")), "things.fox.where");
    EXPECT_EQ(fault_of(replaced(small, "\"horizon\":0.5", "\"horizon\":1.5")), "places.field.horizon");
    EXPECT_EQ(fault_of(replaced(small, "\"grass\"", "\"lava\"")), "places.field.floor");
    EXPECT_EQ(fault_of(replaced(small, "[206,230,246]", "[206,230]")), "times.day.haze");
    EXPECT_EQ(fault_of(replaced(small, "\"scarlet\":\"red\"", "\"scarlet\":\"mauve\"")),
              "colour_synonyms.scarlet");
    EXPECT_EQ(fault_of(replaced(small, "[220,40,45]", "[220,40,999]")), "grounds.red");
    EXPECT_EQ(fault_of(replaced(small, "\"big\":1.3", "\"big\":\"x\"")), "sizes.big");
    EXPECT_EQ(fault_of(replaced(small, "\"called\":[\"fox\"]", "\"called\":[1]")), "things.fox.called");
    EXPECT_EQ(fault_of(replaced(small, "\"fox\":{", "\"fox\":{\"wings\":2,")), "things.fox.wings");
    EXPECT_EQ(
        fault_of(replaced(small, "\"weathers\":{\"clear\":{\"cover\":0,\"phrases\":[]}}", "\"weathers\":{}")),
        "weathers");
}

TEST(SceneBook, NoDamageOfTheFileIsMoreThanAnError) {
    const std::string whole = small;
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(parse_book(whole.substr(0, size)));
    Random random(5);
    for (int i = 0; i < 2'000; ++i) {
        auto damaged = whole;
        for (int j = 0; j < 3; ++j)
            damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
        (void)parse_book(damaged);
    }
}

}  // namespace
}  // namespace ourvidz::scenes
