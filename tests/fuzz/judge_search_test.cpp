// No text takes more steps for a byte than another may, whatever its size.
#include "judge_search.h"

#include <gtest/gtest.h>

namespace ourvidz::safety {
namespace {

constexpr std::uint64_t seed = 20'261'126;
constexpr int rounds = 1500;
constexpr std::size_t search_bytes = 1024;

const TextJudge& judge() {
    static const TextJudge shared;
    return shared;
}

void expect_linear(const std::string& pattern) {
    const double small = steps_per_byte(judge(), pattern, 2048);
    const double large = steps_per_byte(judge(), pattern, 4096);
    const double largest = steps_per_byte(judge(), pattern, 32'768);
    EXPECT_LE(large, small * 1.2 + 1) << pattern;
    EXPECT_LE(largest, small * 1.2 + 1) << pattern;
}

TEST(judge_work, is_bounded_for_the_worst_text_that_a_search_finds) {
    JudgeSearch search(
        seed, [](const std::string& pattern) { return steps_per_byte(judge(), pattern, search_bytes); });
    const auto worst = search.run(rounds);
    std::cout << "seed " << seed << ": " << worst.cost << " steps a byte: " << worst.pattern << '\n';
    // So that the budget is one that no text reaches, and holds only what nobody has thought of.
    EXPECT_LE(worst.cost, static_cast<double>(steps_per_byte_max) / 2);
    expect_linear(worst.pattern);
}

// Work at twice the size is twice the work, for texts that were slow once and for each kind of piece.
TEST(judge_work, grows_with_the_text_and_no_faster) {
    for (const char* pattern : {"b c d ", "a-b-c-", "a.", "boy ", "girl bed ", "make him into a boy ",
                                "whisky aged 12 years ", "x1", "{", "\u0301", "\u0301\u0316", "\uff9e\u0301",
                                "\u5973", "a\u0430", "child", "6368696c64 ", "%63", "12 "}) {
        expect_linear(pattern);
    }
}

// Marks on one character are sorted by ICU in a time that goes with their square, which no step counts.
TEST(judge_work, holds_marks_that_are_piled_up) {
    for (const char* marks : {"\u0301\u0316", "\uff9e\u0301", "\u0301\u034f\u0316"}) {
        EXPECT_EQ(judge().judge("a fox" + repeated(marks, 60), Form::prompt), Reason::none) << marks;
        std::string pile = "a fox";
        for (int i = 0; i < 100; ++i) pile += marks;
        EXPECT_EQ(judge().judge(pile, Form::prompt), Reason::text_unreadable) << marks;
    }
}

// NFKC makes eighteen letters of one of these characters, and what is read is what costs. One of them in a
// sentence is what people write.
TEST(judge_work, holds_text_that_grows_when_it_is_read) {
    EXPECT_EQ(judge().judge("a letter with \ufdfa in it", Form::talk), Reason::none);
    EXPECT_EQ(judge().judge("\ufdfa", Form::prompt), Reason::none);
    for (const char* pattern : {"\ufdfa", "\ufdfa ", "\ufdfa\ufdfb", "&#65018;"})
        EXPECT_EQ(judge().judge(repeated(pattern, 4096), Form::talk), Reason::text_too_tangled) << pattern;
}

TEST(judge_work, over_its_budget_is_held) {
    Work work(0);
    EXPECT_EQ(judge().judge(repeated("b c d ", 32'768), Form::talk, work), Reason::text_too_tangled);
    EXPECT_EQ(decision_of(Reason::text_too_tangled), Decision::hold);
}

}  // namespace
}  // namespace ourvidz::safety
