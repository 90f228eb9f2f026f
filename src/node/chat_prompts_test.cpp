#include "node/chat_prompts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/engine_door.h"

namespace ourvidz::node {
namespace {

Lease enhance(std::string prompt) {
    Lease lease;
    lease.kind = "chat_enhance";
    lease.settings.prompt = std::move(prompt);
    return lease;
}

TEST(ChatPrompts, TheEnrichedPromptBeginsWithTheUsersWords) {
    const auto order = chat_order(enhance("  A red fox, in the snow. \n"), {});
    ASSERT_TRUE(order.ok());
    EXPECT_EQ(order->head, "A red fox, in the snow, ");
    EXPECT_EQ(order->request.turns.back().text, "A red fox, in the snow");
    EXPECT_FALSE(order->request.grammar.empty());
}

TEST(ChatPrompts, ALongPromptIsCutBetweenCharacters) {
    std::string prompt;
    while (prompt.size() < enhance_head_bytes_max + 10) prompt += "\xC3\xA4";
    const auto order = chat_order(enhance("x" + prompt), {});
    ASSERT_TRUE(order.ok());
    const std::string& cut = order->request.turns.back().text;
    EXPECT_LE(cut.size(), enhance_head_bytes_max);
    EXPECT_EQ(cut.size() % 2, 1U) << "x and whole characters of two bytes";
}

TEST(ChatPrompts, NothingToEnrichIsAnError) {
    const auto order = chat_order(enhance(" . "), {});
    ASSERT_FALSE(order.ok());
    EXPECT_EQ(order.error().field, "prompt");
}

TEST(ChatPrompts, AConversationKeepsItsOwnSystemWords) {
    Lease lease;
    lease.kind = "chat_conversation";
    lease.messages = {{"system", "You are a lighthouse."}, {"user", "Hello"}};
    auto order = chat_order(lease, {});
    ASSERT_TRUE(order.ok());
    EXPECT_EQ(order->request.turns.size(), 2U);
    lease.messages = {{"user", "Hello"}};
    order = chat_order(lease, {});
    ASSERT_TRUE(order.ok());
    ASSERT_EQ(order->request.turns.size(), 2U);
    EXPECT_EQ(order->request.turns[0].role, "system");
    EXPECT_THAT(order->request.turns[0].text, testing::HasSubstr("AI"));
    EXPECT_TRUE(order->head.empty());
}

// For whatever it is asked: no word reaches the engine that the gate is not shown as it is.
TEST(ChatPrompts, AreShownToTheGateByteForByte) {
    Lease lease = enhance("A fox wakes. It says \"hello\" to the owl, {tea|cake} and (all:1.2).");
    lease.messages = {{"system", "You are Pixel, a small blue robot."},
                      {"user", "The old lighthouse\nstands on a cliff."}};
    for (const auto* purpose : {"prompt", "scene", "scenes", ""}) {
        lease.settings.purpose = purpose;
        lease.kind = *purpose == '\0' ? "chat_conversation" : "chat_enhance";
        const auto order = chat_order(lease, {});
        ASSERT_TRUE(order.ok()) << purpose;
        EXPECT_THAT(engine::testing::unjudged(to_json(order->request), text_to_check(order->request)),
                    testing::IsEmpty())
            << purpose;
    }
}

TEST(ChatPrompts, TakesTheModelsNumbers) {
    catalog::ChatSpec spec;
    spec.tokens.preset = 77;
    spec.temperature = 0.3;
    Lease lease = enhance("a boat");
    lease.settings.seed = 9;
    const auto order = chat_order(lease, spec);
    ASSERT_TRUE(order.ok());
    EXPECT_EQ(order->request.tokens_max, 77);
    EXPECT_DOUBLE_EQ(order->request.temperature, 0.3);
    EXPECT_EQ(order->request.seed, 9);
}

}  // namespace
}  // namespace ourvidz::node
