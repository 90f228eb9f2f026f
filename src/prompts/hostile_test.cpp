// Prompts that were made to be slow. How long they may take is the API's test
// (tests/api/hostile_tests.py); here is that they are still read as they should be.
#include <gtest/gtest.h>

#include <cmath>

#include "prompts/prompt.h"

namespace ourvidz::prompts {
namespace {

std::string times(std::string_view text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
}

TEST(HostilePrompt, DeepBracketsMultiplyAsFlatOnes) {
    const auto resolved = resolve(times("[", 1000) + "fox" + times("]", 1000), 1, WordLists(), "prompt");
    ASSERT_TRUE(resolved.ok());
    ASSERT_EQ(resolved->spans.size(), 1U);
    EXPECT_NEAR(resolved->spans[0].weight, std::pow(1.1, -1000), 1e-12);
    EXPECT_FALSE(resolve(times("(", 30) + "fox" + times(")", 30), 1, WordLists(), "prompt").ok())
        << "1.1 to the 30th";
    const auto mixed = resolve("(a [b (c:2) d] e:3) f", 1, WordLists(), "prompt");
    ASSERT_TRUE(mixed.ok());
    ASSERT_EQ(mixed->spans.size(), 6U);
    const double expected[] = {3, 3 / 1.1, 6 / 1.1, 3 / 1.1, 3, 1};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(mixed->spans[i].weight, expected[i], 1e-9) << i;
}

TEST(HostilePrompt, WhatHasNoPartnerIsKept) {
    for (const char* sign : {"{", "(", "[", ")", "]"}) {
        const auto text = times(sign, 2000);
        const auto resolved = resolve(text, 1, WordLists(), "prompt");
        ASSERT_TRUE(resolved.ok()) << sign;
        EXPECT_EQ(plain_text(*resolved), text);
    }
    EXPECT_EQ(plain_text(*resolve("{a {b|b} {c", 1, WordLists(), "prompt")), "{a b {c");
    EXPECT_EQ(plain_text(*resolve(times("{", 500) + "x" + times("}", 500), 1, WordLists(), "prompt")),
              times("{", 500) + "x" + times("}", 500));
}

}  // namespace
}  // namespace ourvidz::prompts
