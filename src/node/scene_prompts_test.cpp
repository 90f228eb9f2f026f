#include "node/scene_prompts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ourvidz::node {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Lease asking(std::string kind) {
    Lease lease;
    lease.kind = std::move(kind);
    return lease;
}

TEST(Persona, IsReadFromTheSystemWords) {
    const auto persona = persona_of("Be kind. You are Pixel, a small blue robot. Call the user friend.");
    EXPECT_EQ(persona.name, "Pixel");
    EXPECT_EQ(persona.look, "Pixel, a small blue robot");
    EXPECT_EQ(persona_of("You are a helpful assistant.").name, "");
    EXPECT_EQ(persona_of("").name, "");
}

TEST(Picturable, IsWhatCanBeSeenNewestFirst) {
    EXPECT_THAT(picturable({{"user", "Hello! How are you?"},
                            {"assistant", "Thank you. The owl sits on a branch."},
                            {"user", "I see a red fox under the tree. I like it."}}),
                ElementsAre("a red fox under the tree", "The owl sits on a branch"));
}

TEST(Picturable, TellsThePersonaByItsLook) {
    EXPECT_THAT(picturable({{"system", "You are Pixel, a small blue robot."},
                            {"assistant", "I am sitting on a rock by the sea."}}),
                ElementsAre("Pixel, a small blue robot, sitting on a rock by the sea"));
}

TEST(Picturable, SmallTalkIsNothingToSee) {
    EXPECT_TRUE(picturable({{"user", "Hello. Thank you. What is your name?"}}).empty());
}

TEST(ScenePrompts, TheModelMayOnlyChooseWhatWasSaid) {
    auto lease = asking("chat_scene");
    lease.messages = {{"user", "Look at the \"old\" lighthouse on the cliff."}};
    const auto order = chat_order(lease, {});
    ASSERT_TRUE(order.ok());
    EXPECT_THAT(order->request.grammar, HasSubstr(R"(choice ::= "the \"old\" lighthouse on the cliff")"));
    lease.messages = {{"user", "Hello."}};
    EXPECT_EQ(chat_order(lease, {}).error().field, "messages");
}

TEST(ScenePrompts, AStoryBecomesOneSceneForEachStep) {
    auto lease = asking("chat_scenes");
    lease.settings.prompt = "A fox wakes. It says \"hello\" to the owl.";
    const catalog::ChatSpec spec;
    const auto order = chat_order(lease, spec);
    ASSERT_TRUE(order.ok());
    EXPECT_THAT(order->request.grammar, HasSubstr("\"A fox wakes\" slots"));
    EXPECT_THAT(order->request.grammar, HasSubstr(R"("a fox says \\\"hello\\\" to the owl" slots)"));
    EXPECT_THAT(order->request.grammar, Not(HasSubstr("scene-2")));
    lease.settings.prompt = " . ";
    EXPECT_EQ(chat_order(lease, spec).error().field, "prompt");
}

TEST(ScenePrompts, APersonaIsShownByOneExample) {
    Lease lease;
    lease.kind = "chat_conversation";
    lease.messages = {{"system", "You are Pixel, a small blue robot."}, {"user", "Hello"}};
    ASSERT_EQ(chat_order(lease, {})->request.turns.size(), 2U) << "a large model needs no example";
    catalog::ChatSpec spec;
    spec.needs_example = true;
    const auto order = chat_order(lease, spec);
    ASSERT_TRUE(order.ok());
    ASSERT_EQ(order->request.turns.size(), 4U);
    EXPECT_THAT(order->request.turns[2].text, HasSubstr("I am Pixel, a small blue robot."));
    EXPECT_EQ(order->request.turns[3].text, "Hello");
}

}  // namespace
}  // namespace ourvidz::node
