#include "engine/llama/utf8.h"

#include <gtest/gtest.h>

namespace ourvidz::engine {
namespace {

constexpr std::string_view bad = "\xEF\xBF\xBD";

TEST(WholeCharactersTest, WaitsForTheRestOfACharacter) {
    WholeCharacters characters;
    const std::string fox = "\xF0\x9F\xA6\x8A";
    EXPECT_EQ(characters.take("a" + fox.substr(0, 1)), "a");
    EXPECT_EQ(characters.take(fox.substr(1, 2)), "");
    EXPECT_EQ(characters.take(fox.substr(3) + "b"), fox + "b");
    EXPECT_EQ(characters.finish(), "");
}

TEST(WholeCharactersTest, GivesTheSameTextHoweverItIsCut) {
    const std::string text = "Füchse 🦊 und 狐, \xC3\xA9t\xC3\xA9";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        WholeCharacters characters;
        std::string joined;
        for (std::size_t at = 0; at < text.size(); at += piece) {
            joined += characters.take(std::string_view(text).substr(at, piece));
        }
        EXPECT_EQ(joined + characters.finish(), text) << piece;
    }
}

TEST(WholeCharactersTest, ReplacesWhatIsNoCharacter) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"\x80", std::string(bad)},                                                // a rest without a start
        {"\xFF", std::string(bad)},                                                // never a byte of UTF-8
        {"\xC0\xAF", std::string(bad) + std::string(bad)},                         // overlong
        {"\xED\xA0\x80", std::string(bad) + std::string(bad) + std::string(bad)},  // surrogate
        {"\xE2\x82"
         "a",
         std::string(bad) + "a"},  // cut off
    };
    for (const auto& [bytes, text] : cases) {
        WholeCharacters characters;
        EXPECT_EQ(characters.take(bytes) + characters.finish(), text);
    }
}

TEST(WholeCharactersTest, EndsAnUnfinishedCharacter) {
    WholeCharacters characters;
    EXPECT_EQ(characters.take("ok\xE2\x82"), "ok");
    EXPECT_EQ(characters.finish(), bad);
    EXPECT_EQ(characters.finish(), "");
}

}  // namespace
}  // namespace ourvidz::engine
