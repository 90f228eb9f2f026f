#include "scenes/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "scenes/test_book.h"

namespace ourvidz::scenes {
namespace {

using testing::shipped;

// "place | time weather | relation | things", what was not said as "-".
std::string read(const std::string& prompt) {
    const PromptReader reader(shipped());
    const auto plan = reader.read(prompt);
    std::string text = plan.place != nullptr ? plan.place->name
                       : plan.ground.empty() ? "-"
                                             : "on " + plan.ground;
    text += plan.light != nullptr ? " | " + plan.light->name : " | -";
    text += plan.weather != nullptr ? " " + plan.weather->name : " -";
    if (plan.asked.size() > 1) text.append(" | ").append(to_string(plan.relation));
    text += " |";
    for (const auto& asked : plan.asked)
        text += " [" + (asked.colour.empty() ? "" : asked.colour + " ") + asked.thing->name + "]";
    return text;
}

TEST(ScenePrompts, ThingPlaceTimeAndWeatherAreFoundAsPeopleTypeThem) {
    EXPECT_EQ(read("a red fox in the snow"), "snow_field | - - | [red fox]");
    EXPECT_EQ(read("Fox, snow field, NIGHT"), "snow_field | night - | [fox]");
    EXPECT_EQ(read("a lighthouse at night, stormy sea"), "stormy_sea | night - | [lighthouse]");
    EXPECT_EQ(read("a deer in a forest in the fog"), "forest | - fog | [deer]");
    EXPECT_EQ(read("a pirate ship in the harbor at sunset"), "harbor | dusk - | [pirate ship]");
    EXPECT_EQ(read("a blue car in the city in the rain"), "city | - rain | [blue car]");
    EXPECT_EQ(read("a fire truck in the city"), "city | - - | [fire engine]") << "the longer name";
    EXPECT_EQ(read("a snowy forest"), "winter_forest | - - |");
    EXPECT_EQ(read("mountains at dawn"), "mountains | morning - |");
    EXPECT_EQ(read("a cat on a yellow background"), "on yellow | - - | [cat]");
    EXPECT_EQ(read("a cat on a light blue background"), "on light blue | - - | [cat]");
    EXPECT_EQ(read("a cat on a scarlet background"), "on red | - - | [cat]");
}

TEST(ScenePrompts, ANameThatAThingHasIsAPlaceOnlyWhereItIsSaidAsOne) {
    EXPECT_EQ(read("a cat on the moon"), "moon_surface | - - | [cat]");
    EXPECT_EQ(read("the moon"), "- | - - | [moon]");
    EXPECT_EQ(read("a frog inside a castle"), "castle_hall | - - | [frog]");
    EXPECT_EQ(read("a dragon over a castle"), "- | - - | over | [green dragon] [castle]");
}

TEST(ScenePrompts, RelationsAreThoseThatTheThingsCanHave) {
    EXPECT_EQ(read("a panda riding a bicycle"), "- | - - | on | [panda] [bicycle]");
    EXPECT_EQ(read("a dog in a canoe on a lake"), "lake | - - | inside | [dog] [canoe]");
    EXPECT_EQ(read("a bear holding a red balloon"), "- | - - | holding | [bear] [red balloon]");
    EXPECT_EQ(read("a fox with a book"), "- | - - | holding | [fox] [book]");
    EXPECT_EQ(read("a pig with a crown"), "- | - - | wearing | [pig] [crown]") << "what is worn";
    EXPECT_EQ(read("a house with a tree"), "- | - - | beside | [house] [tree]") << "a house holds nothing";
    EXPECT_EQ(read("a mouse under a mushroom"), "- | - - | under | [mouse] [mushroom]");
    EXPECT_EQ(read("a cat behind a tree"), "- | - - | behind | [cat] [tree]");
    EXPECT_EQ(read("a cat in front of a tree"), "- | - - | in_front | [cat] [tree]");
    EXPECT_EQ(read("an airplane flying over a castle"), "- | - - | over | [airplane] [castle]");
    EXPECT_EQ(read("a green dragon and a red rabbit"), "- | - - | beside | [green dragon] [red rabbit]")
        << "colours stay with their thing";
}

TEST(ScenePrompts, NumbersAndTheirLimit) {
    EXPECT_EQ(read("three ducks on a lake"), "lake | - - | beside | [duck] [duck] [duck]");
    EXPECT_EQ(read("two cats and a dog"), "- | - - | beside | [cat] [cat] [dog]");
    EXPECT_EQ(read("five wolves and five foxes"), "- | - - | beside | [wolf] [wolf] [wolf] [wolf] [fox]");
}

TEST(ScenePrompts, WhatIsNotKnownIsNothing) {
    EXPECT_EQ(read("a quark of utmost entropy"), "- | - - |");
    EXPECT_EQ(read(""), "- | - - |");
    EXPECT_EQ(read(",,, , "), "- | - - |");
    EXPECT_EQ(read("\xE7\x8C\xAB \xF0\x9F\x90\xB1"), "- | - - |");
}

TEST(ScenePrompts, APlaceIsChosenWhereTheThingIsAtHomeAndTheSameSeedChoosesTheSame) {
    const PromptReader reader(shipped());
    std::set<std::string> places;
    for (std::int64_t seed = 0; seed < 40; ++seed) {
        const auto plan = settled(shipped(), reader.read("a shark"), seed);
        ASSERT_NE(plan.place, nullptr);
        EXPECT_EQ(plan.place, settled(shipped(), reader.read("a shark"), seed).place);
        EXPECT_EQ(plan.place->name, "underwater") << "nowhere else";
        places.insert(settled(shipped(), reader.read("a fox"), seed).place->name);
    }
    EXPECT_GT(places.size(), 4U) << "a fox lives in many";
    EXPECT_FALSE(places.contains("underwater"));
}

TEST(ScenePrompts, WeatherAndTimeAreChosenAwayWhereAPlaceHasNone) {
    const PromptReader reader(shipped());
    const auto cave = settled(shipped(), reader.read("a bat in space at night in the rain"), 1);
    EXPECT_EQ(cave.light->name, "day");
    EXPECT_EQ(cave.weather->name, "clear");
    const auto rainy = settled(shipped(), reader.read("a fox in the rain"), 1);
    EXPECT_EQ(rainy.weather->name, "rain") << "only places that have it are chosen";
}

TEST(ScenePrompts, WhatIsTooMuchIsNamed) {
    const PromptReader reader(shipped());
    const auto left_out = [&](std::string_view prompt) {
        std::vector<std::string> names;
        for (const auto* thing : reader.read(prompt).left_out) names.push_back(thing->name);
        return names;
    };
    EXPECT_THAT(left_out("a fox, a cat, a dog, a bear and a duck"), ::testing::IsEmpty());
    EXPECT_THAT(left_out("a fox, a cat, a dog, a bear, a duck, a car and a tree"),
                ::testing::ElementsAre("car", "tree"));
    EXPECT_THAT(left_out("five ducks, a fox, a dog and a cat"), ::testing::ElementsAre("dog", "cat"));
    std::string again = "a red fox";
    for (int i = 0; i < 100; ++i) again += " and a red fox, a car and a tree";
    EXPECT_THAT(left_out(again), ::testing::IsEmpty()) << "all three are there";
    EXPECT_THAT(left_out("a fox, a cat, a dog, a bear, a duck, a car and a car"),
                ::testing::ElementsAre("car"))
        << "once";
    EXPECT_THAT(left_out("a cat riding a bicycle, a dog and a bear"), ::testing::ElementsAre("bear"));
}

TEST(ScenePrompts, WeatherIsNoThing) {
    EXPECT_EQ(read("a red car at night, rain"), "- | night rain | [red car]");
    EXPECT_EQ(read("a lighthouse in a storm"), "- | - rain | [lighthouse]");
    EXPECT_EQ(read("a bear behind a tree, heavy snow"), "- | - snowfall | behind | [bear] [tree]");
    EXPECT_EQ(read("a ship on a stormy sea"), "stormy_sea | - - | [ship]");
    EXPECT_EQ(read("a rain cloud"), "- | - - | [rain]");
}

TEST(ScenePrompts, WhatIsDeniedIsNotThere) {
    EXPECT_EQ(read("no dogs, only a cat"), "- | - - | [cat]");
    EXPECT_EQ(read("an apple without a worm"), "- | - - | [apple]");
    EXPECT_EQ(read("a cat not on a sofa"), "- | - - | [cat]");
    EXPECT_EQ(read("a fox in the forest, no rain"), "forest | - - | [fox]");
    EXPECT_EQ(read("a not so small dog"), "- | - - | [dog]") << "not a denial of the dog";
    EXPECT_EQ(read("not happy, a dog"), "- | - - | [dog]");
}

TEST(ScenePrompts, NumbersAndPlurals) {
    EXPECT_EQ(read("bats"), "- | - - | beside | [bat] [bat] [bat]");
    EXPECT_EQ(read("a dog and cats"), "- | - - | beside | [dog] [cat] [cat] [cat]");
    EXPECT_EQ(read("2 cats"), "- | - - | beside | [cat] [cat]");
    EXPECT_EQ(read("mountains"), "mountains | - - |") << "a place";
    EXPECT_EQ(read("a train"), "- | - - | [train]");
    EXPECT_EQ(read("0 cats and a dog"), read("a dog"));
    EXPECT_EQ(read("zero cats and a dog"), read("a dog"));
    EXPECT_EQ(read("a dog:0.5 cat"), read("a dog:1.5 cat")) << "a weight is no count of nothing";
    EXPECT_EQ(read("2.5 cats"), read("cats"));
    EXPECT_EQ(read("2, 3 cats"), read("3 cats"));
    EXPECT_EQ(read("a 1950 car"), read("a car"));
    EXPECT_FALSE(PromptReader(shipped()).read("no foxes").says_something());
    EXPECT_EQ(read("a \u201cdog\u201d\u2014and\u00a0a\u3000\u201acat\u2018"), read("a dog and a cat"));
    EXPECT_EQ(read("a \u2018dog\u2019 and a 'cat'"), read("a dog and a cat"));
    EXPECT_EQ(read("five ducks and a fox"), "- | - - | beside | [duck] [duck] [duck] [duck] [fox]");
    const PromptReader reader(shipped());
    for (const auto* many : {"20 penguins", "a dozen eggs", "a hundred bats", "seven ducks", "seventeen owls",
                             "99999999999 cats", "thousands of bats", "1,000 foxes", "1000 foxes"}) {
        EXPECT_EQ(reader.read(many).asked.size(), things_max) << many;
        EXPECT_TRUE(reader.read(many).fewer) << many;
    }
    EXPECT_FALSE(reader.read("five ducks").fewer);
    EXPECT_TRUE(reader.read("five ducks and a fox").fewer);
}

TEST(ScenePrompts, WhatTheNetworksAreTold) {
    const PromptReader reader(shipped());
    const auto plan = settled(shipped(), reader.read("a red fox and a lighthouse in the snow at night"), 1);
    const auto& book = shipped();
    EXPECT_EQ(place_words(book, plan),
              book.place("snow_field")->code + " " + book.outdoors.at("night clear"));
    EXPECT_EQ(place_words(book, settled(book, reader.read("a snowy field"), 1)),
              book.place("snow_field")->code)
        << "of a clear day nothing is said";
    ASSERT_EQ(plan.asked.size(), 2U);
    EXPECT_EQ(thing_words(plan.asked[0], "yg"), "red fox yg");
    EXPECT_EQ(thing_words(plan.asked[0], "other"), "red fox yc") << "a set that has it";
    EXPECT_EQ(thing_words(plan.asked[1], "yg"), "lighthouse") << "our own drawing is of no set";
}

// "fox, book" and so on, sorted.
std::multiset<std::string> names_in(std::string_view list) {
    std::multiset<std::string> names;
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        const auto from = list.find_first_not_of(' ');
        if (from < end) names.emplace(list.substr(from, list.find_last_not_of(' ', end - 1) + 1 - from));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return names;
}

// The prompts that were written by hand before any training: prompt | things | place | colour | remark.
TEST(ScenePrompts, TheEvaluationsPromptsAreUnderstood) {
    const PromptReader reader(shipped());
    std::ifstream file(OURVIDZ_SOURCE_DIR "/models/nano/recipe/scenes/evaluation.txt");
    int count = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::vector<std::string> columns;
        std::istringstream parts(line);
        for (std::string part; std::getline(parts, part, '|');) columns.push_back(part);
        ASSERT_GE(columns.size(), 4U) << line;
        const auto plan = reader.read(columns[0]);
        std::multiset<std::string> things;
        std::multiset<std::string> colours;
        for (const auto& asked : plan.asked) {
            things.insert(asked.thing->name);
            if (asked.thing->colours.empty() && !asked.colour.empty()) colours.insert(asked.colour);
        }
        EXPECT_EQ(things, names_in(columns[1])) << line;
        const auto place = names_in(columns[2]);
        EXPECT_EQ(plan.place != nullptr ? plan.place->name : "", place.empty() ? "" : *place.begin()) << line;
        EXPECT_EQ(colours, names_in(columns[3])) << line;
        ++count;
    }
    EXPECT_EQ(count, 64);
}

}  // namespace
}  // namespace ourvidz::scenes
