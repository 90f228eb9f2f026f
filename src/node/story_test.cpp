#include "node/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ourvidz::node {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(std::string_view prose) {
    std::vector<std::string> all;
    for (const auto& sentence : sentences_of(prose)) all.push_back(sentence.text);
    return all;
}

TEST(Sentences, EndAtStopsAndLineBreaks) {
    EXPECT_THAT(texts("A fox wakes. It runs! Where to?\nHome"),
                ElementsAre("A fox wakes", "It runs", "Where to", "Home"));
    EXPECT_TRUE(sentences_of("Where to?")[0].question);
    EXPECT_FALSE(sentences_of("Home.")[0].question);
}

TEST(Sentences, NumbersDoNotEndThem) {
    EXPECT_THAT(texts("It is 3.5 meters high."), ElementsAre("It is 3.5 meters high"));
}

TEST(Sentences, NothingHasNone) {
    EXPECT_TRUE(sentences_of(" \n. ! ").empty());
}

TEST(Subject, IsWhatStandsBeforeTheVerb) {
    EXPECT_EQ(subject_of("A red fox wakes up in the snow"), "a red fox");
    EXPECT_EQ(subject_of("An old lighthouse keeper lights the lamp"), "an old lighthouse keeper");
    EXPECT_EQ(subject_of("Mia the otter finds a shell"), "Mia the otter");
    EXPECT_EQ(subject_of("One day, a small robot built a kite"), "a small robot");
    EXPECT_EQ(subject_of("Then the glass castle is lit"), "the glass castle");
}

TEST(Subject, CannotBeToldFromPronounsAndFragments) {
    EXPECT_EQ(subject_of("It runs"), "");
    EXPECT_EQ(subject_of("That sounds nice"), "");
    EXPECT_EQ(subject_of("Nobody sleeps"), "");
    EXPECT_EQ(subject_of("We walk along the beach"), "");
    EXPECT_EQ(subject_of("Snow everywhere"), "");
    EXPECT_EQ(subject_of("The is"), "");
    EXPECT_EQ(subject_of(""), "");
}

TEST(WithSubject, ReplacesTheFirstPronounNearTheStart) {
    EXPECT_EQ(with_subject("Then it finds a key", "a red fox"), "Then a red fox finds a key");
    EXPECT_EQ(with_subject("It, too, is cold", "a red fox"), "a red fox, too, is cold");
    EXPECT_EQ(with_subject("The owl sits on the branch above it", "a red fox"),
              "The owl sits on the branch above it");
    EXPECT_EQ(with_subject("It runs", ""), "It runs");
}

TEST(WithSubject, NobodyActsOnItself) {
    EXPECT_EQ(with_subject("A frog finds it", "the moon"), "A frog finds the moon");
    EXPECT_EQ(with_subject("The frog throws it back", "a frog"), "The frog throws it back");
}

TEST(Things, AreNamedWithAnArticle) {
    EXPECT_THAT(things_in("The hare sleeps under a tall tree, near the river"),
                ElementsAre("the hare", "a tall tree", "the river"));
    EXPECT_TRUE(things_in("Snow falls").empty());
}

TEST(Steps, TheyAreTheSubjectAndWhomItMet) {
    EXPECT_THAT(steps_of("A red fox meets a friendly owl. They walk home.", 6),
                ElementsAre("A red fox meets a friendly owl", "a red fox and a friendly owl walk home"));
}

TEST(Steps, NameWhoTheyAreAbout) {
    EXPECT_THAT(
        steps_of("A red fox wakes in the snow. It meets an owl. The owl shows a path. It leads home.", 6),
        ElementsAre("A red fox wakes in the snow", "a red fox meets an owl", "The owl shows a path",
                    "the owl leads home"));
}

TEST(Steps, AreJoinedWhenThereAreTooMany) {
    EXPECT_THAT(steps_of("Sun. Rain. Wind. Snow. Fog.", 2), ElementsAre("Sun, Rain, Wind", "Snow, Fog"));
    EXPECT_TRUE(steps_of("", 3).empty());
}

TEST(CutAtWord, KeepsWholeWordsAndCharacters) {
    EXPECT_EQ(cut_at_word("a red fox", 20), "a red fox");
    EXPECT_EQ(cut_at_word("a red fox in the snow", 8), "a red");
    EXPECT_EQ(cut_at_word("\xC3\xA4\xC3\xA4\xC3\xA4", 3), "\xC3\xA4");
}

}  // namespace
}  // namespace ourvidz::node
