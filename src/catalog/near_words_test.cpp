#include "catalog/near_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "catalog/test_files.h"

namespace ourvidz::catalog {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Catalog shipped() {
    auto catalog = Catalog::load(Places{std::filesystem::path(OURVIDZ_SOURCE_DIR) / "models/catalog", {}, 0});
    EXPECT_TRUE(catalog) << catalog.error().detail;
    return std::move(*catalog);
}

std::string manifest(const std::string& fields) {
    return R"({"schema":1,"name":"one","title":"T","family":"llama","engine":"llama","licence":"MIT",
        "memory_mb":100,"files":[{"role":"model","names":["*.gguf"]}],)" +
           fields + R"("kinds":{"chat_enhance":{"chat":{"tokens":{"min":1,"max":10,"default":5}}}}})";
}

// What the built-in model is sent for a prompt.
std::string nearest(const Entry& entry, const std::string& prompt) {
    return with_near_words(entry, prompt, [](std::string_view word) { return word == "rushing"; }).text;
}

TEST(NearWords, AnUnknownThingIsDrawnAsTheNearestKnownOneAndTheSentenceStaysRight) {
    const auto catalog = shipped();
    const auto& nano = *catalog.find("nano");
    EXPECT_EQ(nearest(nano, "a galleon at the harbor"), "a ship at the harbor");
    EXPECT_EQ(nearest(nano, "Galleons, and two caterpillars!"), "ships, and two butterflies!");
    EXPECT_EQ(nearest(nano, "A mammoth and an otter"), "An elephant and a bear") << "the article";
    EXPECT_EQ(nearest(nano, "a toque on a blue background"), "a hat on a blue background");
    EXPECT_EQ(nearest(nano, "a bagel"), "bread") << "what is not counted has no article";
    EXPECT_EQ(nearest(nano, "a red fox on a light blue background"), "a red fox on a light blue background");
    EXPECT_EQ(nearest(nano, "a stone house"), "a stone house") << "it says of which kind the house is";
    EXPECT_EQ(nearest(nano, "the galleon towers"), "the ship towers") << "a verb";
    EXPECT_EQ(nearest(nano, "a wizard, a human, füchse"), "a wizard, a human, füchse");
    EXPECT_EQ(nearest(*catalog.find("sdxl-base-1.0"), "a galleon"), "a galleon");
}

TEST(NearWords, AMisspeltNameIsTheThing) {
    const auto catalog = shipped();
    const auto& scenes = *catalog.find("nano-scenes");
    EXPECT_EQ(nearest(scenes, "a purple elefant"), "a purple elephant") << "another letter";
    EXPECT_EQ(nearest(scenes, "a girafe and two elephnats"), "a giraffe and two elephants");
    EXPECT_EQ(nearest(scenes, "a pinguin"), "a penguin");
    EXPECT_EQ(nearest(scenes, "a crcodile"), "a crocodile");
    EXPECT_EQ(nearest(scenes, "a short story"), "a short story") << "too short to be told from other words";
    EXPECT_EQ(nearest(scenes, "an efant"), "an efant") << "more than one slip";
    EXPECT_EQ(nearest(scenes, "masterpiece, best quality, 8k, a cat"),
              "masterpiece, best quality, 8k, a cat");
}

TEST(NearWords, SaysWhatWasReplacedAndWhatElseIsNear) {
    const auto catalog = shipped();
    const auto near = with_near_words(*catalog.find("nano"), "galleons, a falcon and galleons",
                                      [](std::string_view word) { return word == "falcon"; });
    EXPECT_EQ(near.text, "ships, a falcon and ships") << "a word that stays";
    ASSERT_THAT(near.replaced, SizeIs(1));
    EXPECT_EQ(near.replaced[0].word, "galleons");
    EXPECT_EQ(near.replaced[0].by, "ships");
    EXPECT_THAT(near.replaced[0].others, ElementsAre("boats", "scooters", "rockets"));
    EXPECT_EQ(sentence_about(near.replaced[0]),
              "For \"galleons\" it draws ships: the word is not known to this model.");
}

TEST(NearWords, ATableWithAMistakeIsRefusedByThePlaceOfIt) {
    const Vocabulary words{{"big", "cat", "ship"}, {}, {"a"}, {"cat", "ship"}, {"big"}};
    const auto row = [](const std::string& things, const std::string& near) {
        return R"({"schema":1,"near":[{"things":[)" + things + R"(],"words":")" + near + R"("}]})";
    };
    const auto field = [&](const std::string& text) { return parse_near_words(text, words).error().field; };
    ASSERT_TRUE(parse_near_words(row(R"("cat","ship")", "tomcat kitten"), words));
    EXPECT_EQ(field(row(R"("dog")", "puppy")), "near[0].things") << "the model does not know it";
    EXPECT_EQ(field(row("", "puppy")), "near[0].things");
    EXPECT_EQ(field(row(R"("cat")", "ships")), "near[0].words") << "the model knows it";
    EXPECT_EQ(field(row(R"("cat")", "puppy puppy")), "near[0].words");
    EXPECT_EQ(field(R"({"schema":2,"near":[]})"), "schema");
    EXPECT_EQ(field(R"({"schema":1,"plurals":{"cat":3}})"), "plurals.cat");
    EXPECT_EQ(field(R"({"schema":1,"uncounted":["dog"]})"), "uncounted");
    EXPECT_EQ(field(R"({"schema":1,"more":1})"), "more");
}

TEST(NearWords, AnEntryWhoseTableIsMissingOrWrongStopsTheStartWithItsName) {
    const TemporaryFolder folder;
    const std::string fields = R"("vocabulary":{"known":["cat"]},"near_words":"near/one.json",)";
    folder.write("one.json", manifest(fields));
    const auto detail = [&] { return Catalog::load(Places{folder.path(), {}, 0}).error().detail; };
    EXPECT_THAT(detail(), HasSubstr("near_words (near/one.json) cannot be read"));
    folder.write("near/one.json", R"({"schema":1,"near":[{"things":["dog"],"words":"puppy"}]})");
    EXPECT_THAT(detail(), HasSubstr("near_words (near/one.json) near[0].things must be names"));
    folder.write("near/one.json", R"({"schema":1,"near":[{"things":["cat"],"words":"tomcat"}]})");
    EXPECT_TRUE(Catalog::load(Places{folder.path(), {}, 0}));
    EXPECT_EQ(parse_manifest(manifest(R"("near_words":"a.json",)")).error().field, "near_words");
    EXPECT_EQ(
        parse_manifest(manifest(R"("vocabulary":{"known":["cat"]},"near_words":"../a",)")).error().field,
        "near_words");
}

TEST(Vocabulary, TellsAPromptThatNamesAThingFromOneThatOnlyDescribes) {
    const auto catalog = shipped();
    const auto& nano = *catalog.find("nano");
    for (const auto* prompt :
         {"a fox", "two cats", "Kittens", "a mouse and mice", "a red traffic light, a polar bear"})
        EXPECT_TRUE(names_something(nano, prompt)) << prompt;
    for (const auto* prompt :
         {"a blue background", "two big red", "a wizard", "", "füchse", "a picture of a"})
        EXPECT_FALSE(names_something(nano, prompt)) << prompt;
    for (const auto& thing : nano.vocabulary->things) EXPECT_TRUE(names_something(nano, thing)) << thing;
    EXPECT_TRUE(names_something(*catalog.find("sdxl-base-1.0"), "a wizard"));
}

}  // namespace
}  // namespace ourvidz::catalog
