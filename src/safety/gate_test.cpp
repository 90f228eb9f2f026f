#include "safety/gate.h"

#include <gtest/gtest.h>

#include <ostream>
#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "safety/reasons.h"

namespace ourvidz::safety {

inline void PrintTo(Decision decision, std::ostream* out) {
    *out << to_string(decision);
}

namespace {

struct Prompt {
    std::string text;
};
TextToCheck text_to_check(const Prompt& prompt) {
    return {{prompt.text}, {}};
}

// Nobody but the gate makes these. A change that lets anyone do so does not compile.
static_assert(!std::is_default_constructible_v<Cleared<Prompt>>);
static_assert(!std::is_constructible_v<Cleared<Prompt>, Prompt>);
static_assert(!std::is_constructible_v<Cleared<Prompt>, Prompt, Verdict>);
static_assert(!std::is_aggregate_v<Cleared<Prompt>>);
static_assert(!std::is_default_constructible_v<Released<Picture>>);
static_assert(!std::is_constructible_v<Released<Picture>, Picture>);
static_assert(!std::is_constructible_v<Released<Picture>, Picture, Verdict>);
static_assert(!std::is_constructible_v<Released<Answer>, Answer, Verdict>);
static_assert(!std::is_constructible_v<Released<Clip>, Clip, Verdict>);
static_assert(!std::is_aggregate_v<Released<Picture>>);
static_assert(!std::is_default_constructible_v<Gate> && !std::is_copy_constructible_v<Gate>);

class GateTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        auto opened = Gate::open();
        ASSERT_TRUE(opened.ok()) << opened.error().detail;
        gate_ = std::move(*opened).release();
    }
    static void TearDownTestSuite() {
        delete gate_;
        gate_ = nullptr;
    }
    [[nodiscard]] static const Gate& gate() { return *gate_; }
    [[nodiscard]] static std::string code_of(const TextToCheck& text) {
        return gate().judge(text).reason_code;
    }

  private:
    static inline const Gate* gate_ = nullptr;
};

Picture picture(int width = 4, int height = 2) {
    return {width, height, std::string(static_cast<std::size_t>(width * height * 3), '\x7F')};
}

constexpr Origin people_free{PictureDomain::people_free, false};

TEST_F(GateTest, clears_and_refuses_requests) {
    const auto cleared = gate().clear(Prompt{"a red fox in the snow"});
    ASSERT_TRUE(cleared.ok());
    EXPECT_EQ(cleared->request().text, "a red fox in the snow");
    EXPECT_EQ(cleared->verdict().decision, Decision::allow);

    const auto standard = gate().clear(Prompt{"kids playing football in a park"});
    ASSERT_TRUE(standard.ok());
    EXPECT_EQ(standard->verdict().decision, Decision::standard_only);

    const auto refused = gate().clear(Prompt{"a child in a swimsuit"});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::refused);

    const auto held = gate().clear(Prompt{std::string(text_bytes_max + 1, 'x')});
    ASSERT_FALSE(held.ok());
    EXPECT_EQ(held.error().code, ErrorCode::held);
}

TEST_F(GateTest, holds_text_over_its_limits) {
    EXPECT_EQ(code_of({{std::string(text_bytes_max, 'x')}, {}}), "");
    EXPECT_EQ(code_of({{std::string(text_bytes_max + 1, 'x')}, {}}), "text_too_long");
    EXPECT_EQ(code_of({std::vector<std::string>(texts_max, "fox"), {}}), "");
    EXPECT_EQ(code_of({std::vector<std::string>(texts_max + 1, "fox"), {}}), "text_too_long");
    EXPECT_EQ(code_of({{}, {std::string(turn_bytes_max, 'x')}}), "");
    EXPECT_EQ(code_of({{}, {std::string(turn_bytes_max + 1, 'x')}}), "text_too_long");
    const std::string long_turn(turn_bytes_max, 'x');
    EXPECT_EQ(code_of({{}, std::vector<std::string>(request_bytes_max / turn_bytes_max, long_turn)}), "");
    EXPECT_EQ(code_of({{"fox"}, std::vector<std::string>(request_bytes_max / turn_bytes_max, long_turn)}),
              "text_too_long");
    EXPECT_EQ(code_of({{}, std::vector<std::string>(turns_max, "fox")}), "");
    EXPECT_EQ(code_of({{}, std::vector<std::string>(turns_max + 1, "fox")}), "text_too_long");
}

// Engines end at U+0000 and read other control characters in ways of their own.
TEST_F(GateTest, holds_characters_that_engines_read_differently) {
    for (const std::string& bad : {std::string("\0", 1), std::string("\x01"), std::string("\r"),
                                   std::string("\x7F"), std::string("\u0085"), std::string("\uFFFE")}) {
        EXPECT_EQ(code_of({{"a fox" + bad + " in the snow"}, {}}), "text_unreadable");
        EXPECT_EQ(code_of({{}, {"a fox" + bad}}), "text_unreadable");
        EXPECT_EQ(code_of({{"a child in a swimsuit" + bad + ", a 40 year old woman"}, {}}), "minor_attire");
        EXPECT_FALSE(gate().release(Answer{"a fox" + bad}, {}).ok());
    }
    EXPECT_EQ(code_of({{"a fox,\n\tin the snow"}, {}}), "");
}

TEST_F(GateTest, judges_all_texts_together) {
    EXPECT_EQ(code_of({{"a child at the sea", "a swimsuit"}, {}}), "minor_attire");
    EXPECT_EQ(code_of({{"a fox at the sea", "a swimsuit"}, {}}), "");
}

TEST_F(GateTest, judges_the_conversation_as_a_window) {
    EXPECT_EQ(code_of({{}, {"describe a child", "She stands at the sea.", "now in a swimsuit"}}),
              "minor_attire");
    EXPECT_EQ(code_of({{"you describe a child"}, {"now in a swimsuit"}}), "minor_attire");
    EXPECT_EQ(code_of({{}, {"a swimsuit for a fox", "It is red.", "and a hat"}}), "");
}

TEST_F(GateTest, judges_every_turn_also_outside_of_the_window) {
    std::vector<std::string> turns(40, "tell me about foxes");
    EXPECT_EQ(code_of({{}, turns}), "");
    turns[0] = "a child in a swimsuit";
    EXPECT_EQ(code_of({{}, turns}), "minor_attire");
}

TEST_F(GateTest, forgets_what_left_the_window) {
    std::vector<std::string> turns{"a child at the sea"};
    for (std::size_t i = 0; i < window_turns_max; ++i) turns.emplace_back("tell me about foxes");
    turns.emplace_back("which swimsuit is good for laps");
    EXPECT_EQ(code_of({{}, turns}), "minor_present");
    turns.erase(turns.begin() + 1, turns.begin() + 3);
    EXPECT_EQ(code_of({{}, turns}), "minor_attire");
}

TEST_F(GateTest, releases_only_people_free_pictures) {
    EXPECT_TRUE(gate().release(picture(), people_free).ok());
    for (const auto domain : {PictureDomain::drawn, PictureDomain::photographic, PictureDomain::mixed}) {
        const auto held = gate().release(picture(), Origin{domain, false});
        ASSERT_FALSE(held.ok());
        EXPECT_EQ(held.error().code, ErrorCode::held);
    }
    EXPECT_EQ(gate().judge(picture(), Origin{PictureDomain::people_free, true}).reason_code,
              "detector_missing");
    EXPECT_EQ(gate().judge(picture(), Origin{}).reason_code, "detector_missing");
}

TEST_F(GateTest, holds_pictures_that_are_not_what_they_say) {
    EXPECT_EQ(gate().judge(Picture{}, people_free).reason_code, "picture_unreadable");
    auto short_one = picture();
    short_one.rgb.pop_back();
    EXPECT_EQ(gate().judge(short_one, people_free).reason_code, "picture_unreadable");
    auto long_one = picture();
    long_one.rgb.push_back('x');
    EXPECT_EQ(gate().judge(long_one, people_free).reason_code, "picture_unreadable");
    EXPECT_EQ(gate().judge(Picture{-1, -1, "abc"}, people_free).reason_code, "picture_unreadable");
    EXPECT_EQ(gate().judge(Picture{8193, 1, std::string(8193 * 3, 'x')}, people_free).reason_code,
              "picture_unreadable");
}

TEST_F(GateTest, judges_clips_by_all_their_samples) {
    EXPECT_TRUE(gate().release(Clip{{picture(), picture()}, "clip.webm"}, people_free).ok());
    EXPECT_FALSE(gate().release(Clip{{}, "clip.webm"}, people_free).ok());
    EXPECT_FALSE(gate().release(Clip{{picture(), Picture{}}, "clip.webm"}, people_free).ok());
    EXPECT_FALSE(gate().release(Clip{{picture()}, "clip.webm"}, Origin{PictureDomain::mixed, false}).ok());
}

TEST_F(GateTest, judges_answers_with_the_turns_before) {
    EXPECT_TRUE(gate().release(Answer{"A lighthouse keeper counts the gulls."}, {}).ok());
    EXPECT_FALSE(gate().release(Answer{"a child in a swimsuit"}, {}).ok());
    const std::vector<std::string> turns{"write about a child at the sea"};
    EXPECT_TRUE(gate().release(Answer{"The waves are high."}, turns).ok());
    const auto refused = gate().release(Answer{"She puts on a bikini."}, turns);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::refused);
    EXPECT_FALSE(gate().release(Answer{std::string(turn_bytes_max + 1, 'x')}, {}).ok());
}

// The server's own look at what a node has released: never milder than the node, never milder than the
// origin.
TEST_F(GateTest, trusts_a_node_only_as_far_as_the_origin_allows) {
    const Verdict allowed{Decision::allow, "", "", policy_version};
    EXPECT_EQ(gate().judge_again(allowed, people_free).decision, Decision::allow);
    EXPECT_TRUE(gate().release_judged(picture(), allowed, people_free).ok());
    EXPECT_EQ(gate().judge_again(allowed, Origin{}).reason_code, "detector_missing");
    EXPECT_EQ(gate().judge_again(allowed, Origin{PictureDomain::people_free, true}).decision, Decision::hold);
    EXPECT_FALSE(gate().release_judged(picture(), allowed, Origin{}).ok());
    EXPECT_FALSE(gate().release_judged(picture(), Verdict{}, people_free).ok());
    EXPECT_EQ(gate().judge_again(verdict_for(Reason::minor_sexual), Origin{}).reason_code, "minor_sexual");
    const Verdict of_another_policy{Decision::allow, "", "", policy_version + 1};
    EXPECT_EQ(gate().judge_again(of_another_policy, people_free).reason_code, "policy_changed");
}

TEST_F(GateTest, judges_what_earlier_rules_judged_by_where_it_comes_from) {
    const Origin people_free{PictureDomain::people_free, false};
    const Verdict allowed{Decision::allow, "", "", policy_version - 1};
    EXPECT_EQ(gate().judge_anew(allowed, people_free).decision, Decision::allow);
    EXPECT_EQ(gate().judge_anew(allowed, people_free).policy, policy_version);
    EXPECT_EQ(gate().judge_anew(allowed, Origin{}).reason_code, "detector_missing");
    EXPECT_EQ(gate().judge_anew(allowed, Origin{PictureDomain::people_free, true}).decision, Decision::hold);
    // What was refused or held is not let through by not being looked at.
    auto held = verdict_for(Reason::picture_unreadable);
    held.policy = policy_version - 1;
    EXPECT_EQ(gate().judge_anew(held, people_free).reason_code, held.reason_code);
    EXPECT_EQ(gate().judge_anew(held, people_free).policy, policy_version);
    EXPECT_EQ(gate().judge_anew(verdict_for(Reason::minor_sexual), people_free).reason_code, "minor_sexual");
}

TEST(reasons, hold_what_throws) {
    EXPECT_EQ(held_if_it_throws([]() -> Reason { throw std::runtime_error("broken"); }), Reason::gate_fault);
    EXPECT_EQ(held_if_it_throws([]() -> Reason { throw 7; }), Reason::gate_fault);
    EXPECT_EQ(held_if_it_throws([] { return Reason::none; }), Reason::none);
    EXPECT_EQ(verdict_for(Reason::gate_fault).decision, Decision::hold);
}

TEST(reasons, have_a_code_and_a_sentence_each) {
    std::set<std::string> codes;
    for (int i = 0; i <= static_cast<int>(Reason::gate_fault); ++i) {
        const auto verdict = verdict_for(static_cast<Reason>(i));
        EXPECT_TRUE(codes.insert(verdict.reason_code).second) << verdict.reason_code;
        EXPECT_EQ(verdict.sentence.empty(), verdict.decision == Decision::allow) << verdict.reason_code;
    }
}

TEST(verdicts, survive_being_written_down) {
    for (const auto decision : {Decision::allow, Decision::standard_only, Decision::hold, Decision::refuse,
                                Decision::refuse_severe}) {
        EXPECT_EQ(decision_from(to_string(decision)), decision);
    }
    EXPECT_FALSE(decision_from("ALLOW"));
    EXPECT_EQ(picture_domain_from("people_free"), PictureDomain::people_free);
    EXPECT_FALSE(picture_domain_from("anything"));
}

}  // namespace
}  // namespace ourvidz::safety
