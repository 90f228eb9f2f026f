#include "node/chat_prompts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "catalog/catalog.h"
#include "engine/testing/engine_door.h"
#include "prompts/tokens.h"

namespace ourvidz::node {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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

TEST(ChatPrompts, AConversationIsRunAsItWasSent) {
    Lease lease;
    lease.kind = "chat_conversation";
    lease.messages = {{"system", "You are a lighthouse."}, {"user", "Hello"}};
    auto order = chat_order(lease, {});
    ASSERT_TRUE(order.ok());
    EXPECT_EQ(order->request.turns.size(), 2U);
    EXPECT_TRUE(order->head.empty());
    lease.messages = {{"user", "Hello"}, {"assistant", "Hi, I am"}};
    order = chat_order(lease, {});
    ASSERT_TRUE(order.ok());
    EXPECT_EQ(order->request.turns.size(), 2U);
    EXPECT_EQ(order->head, "Hi, I am");
}

// What may come out: the head and every choice of the rules thing and ground, where the grammar has them.
std::vector<std::string> all_suggestions(const ChatOrder& order) {
    const auto choices = [&](const std::string& rule) {
        std::vector<std::string> found;
        const auto begin = order.request.grammar.find("\n" + rule + " ::= ");
        if (begin == std::string::npos) return std::vector<std::string>{""};
        std::istringstream line(order.request.grammar.substr(begin + 1));
        std::string text;
        std::getline(line, text);
        for (std::size_t at = text.find('"'); at != std::string::npos;) {
            const auto end = text.find('"', at + 1);
            found.push_back(text.substr(at + 1, end - at - 1));
            at = text.find('"', end + 1);
        }
        return found;
    };
    std::vector<std::string> all;
    for (const auto& thing : choices("thing")) {
        for (const auto& ground : choices("ground")) {
            all.push_back(order.head + (thing.empty() ? "" : "and" + thing + " ") +
                          (ground.empty() ? "" : "on" + ground + " background"));
        }
    }
    return all;
}

class Suggestions : public ::testing::Test {
  protected:
    const catalog::Catalog catalog_ =
        std::move(*catalog::Catalog::load({OURVIDZ_SOURCE_DIR "/models/catalog", {}, 0}));
    const catalog::Entry& nano_ = *catalog_.find("nano");
};

TEST_F(Suggestions, AreInWordsThatThePainterKnowsAndWithinWhatItFollows) {
    const auto limit = prompts::token_limit(nano_.family, nano_.prompt_tokens_max);
    for (const auto* prompt : {"a fox", "a fox in the forest", "a red fox, tree", "two penguins",
                               "a cat and a dog", "a fox on a yellow background", "a big blue robot.",
                               "a wizard rides through the old town at night"}) {
        const auto order = chat_order(enhance(prompt), {}, &nano_);
        ASSERT_TRUE(order.ok()) << prompt;
        EXPECT_TRUE(order->head.starts_with(std::string(prompt).substr(0, 5))) << order->head;
        const auto all = all_suggestions(*order);
        EXPECT_GT(all.size(), 5U) << prompt;
        for (const auto& one : all) {
            EXPECT_EQ(catalog::unknown_words(nano_, one), catalog::unknown_words(nano_, prompt)) << one;
            EXPECT_LE(prompts::estimated_tokens(one, limit->reader), limit->tokens) << one;
            EXPECT_THAT(one, Not(HasSubstr("a orange")));
        }
        // The examples are of the form that is asked for.
        for (const auto& turn : order->request.turns) {
            if (turn.role == "assistant") {
                EXPECT_THAT(catalog::unknown_words(nano_, turn.text), IsEmpty());
            }
        }
    }
}

TEST_F(Suggestions, AddNothingTwice) {
    const auto order = chat_order(enhance("a green fox under a tree"), {}, &nano_);
    ASSERT_TRUE(order.ok());
    EXPECT_THAT(order->request.grammar, Not(HasSubstr("tree")));
    EXPECT_THAT(order->request.grammar, Not(HasSubstr("a green")));
    EXPECT_THAT(chat_order(enhance("a cat and a dog"), {}, &nano_)->request.grammar, Not(HasSubstr("thing")));
    EXPECT_THAT(chat_order(enhance("a cat on a red background"), {}, &nano_)->request.grammar,
                Not(HasSubstr("ground ::=")));
}

TEST_F(Suggestions, WhereNothingFitsItIsSaid) {
    for (const auto* full :
         {"a cat and a dog on a red background",
          "a fox that walks through the forest and meets a badger who has a hat with a bell"}) {
        const auto order = chat_order(enhance(full), {}, &nano_);
        ASSERT_FALSE(order.ok()) << order->request.grammar;
        EXPECT_EQ(order.error().field, "prompt");
        EXPECT_THAT(order.error().detail, HasSubstr(nano_.title));
    }
}

TEST_F(Suggestions, OfScenesKeepToThemToo) {
    auto lease = enhance("A fox wakes. It flies over the sea.");
    lease.messages = {{"user", "The old lighthouse stands on a cliff."}};
    for (const auto* kind : {"chat_scene", "chat_scenes"}) {
        lease.kind = kind;
        const auto order = chat_order(lease, {}, &nano_);
        ASSERT_TRUE(order.ok());
        EXPECT_THAT(order->request.grammar, HasSubstr("a light blue"));
        EXPECT_THAT(order->request.grammar, Not(HasSubstr("mood")));
        for (const auto& turn : order->request.turns) {
            if (turn.role == "assistant") {
                EXPECT_THAT(turn.text, Not(HasSubstr("mood")));
            }
        }
    }
    const auto* other = catalog_.find("sdxl-base-1.0");
    EXPECT_THAT(chat_order(lease, {}, other)->request.grammar, HasSubstr("mood"));
}

// For whatever it is asked: no word reaches the engine that the gate is not shown as it is.
TEST(ChatPrompts, AreShownToTheGateByteForByte) {
    Lease lease = enhance("A fox wakes. It says \"hello\" to the owl, {tea|cake} and (all:1.2).");
    lease.messages = {{"system", "You are Pixel, a small blue robot."},
                      {"user", "The old lighthouse\nstands on a cliff."}};
    for (const auto& kind : kinds::all) {
        if (kind.medium() != kinds::Medium::chat) continue;
        lease.kind = kind.name;
        const auto order = chat_order(lease, {});
        ASSERT_TRUE(order.ok()) << kind.name;
        EXPECT_THAT(engine::testing::unjudged(to_json(order->request), text_to_check(order->request)),
                    IsEmpty())
            << kind.name;
    }
}

TEST(ChatPrompts, AreNotMadeForWhatIsNoKindOfThem) {
    Lease lease = enhance("a boat");
    for (const auto* kind : {"chat_sing", "image_fast", ""}) {
        lease.kind = kind;
        EXPECT_EQ(chat_order(lease, {}).error().field, "kind") << kind;
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
