#include "base/id.h"

#include <gtest/gtest.h>

#include <set>

namespace ourvidz {
namespace {

TEST(Id, SaysWhatItIsAndSortsByTime) {
    ManualClock clock(1'700'000'000'000);
    const auto first = new_id("gen", clock);
    clock.advance(1);
    const auto second = new_id("gen", clock);
    EXPECT_TRUE(is_id(first, "gen"));
    EXPECT_LT(first, second);
}

TEST(Id, IsUniqueWithinOneMillisecond) {
    const ManualClock clock(1'700'000'000'000);
    std::set<std::string> seen;
    for (int i = 0; i < 10'000; ++i) seen.insert(new_id("job", clock));
    EXPECT_EQ(seen.size(), 10'000U);
}

TEST(Id, RefusesOtherPrefixesLengthsAndLetters) {
    const ManualClock clock(1'700'000'000'000);
    const auto id = new_id("gen", clock);
    EXPECT_FALSE(is_id(id, "job"));
    EXPECT_FALSE(is_id(id + "0", "gen"));
    EXPECT_FALSE(is_id("gen_01JD5XK7ZV3N8Q6T2W9Y4R0ABI", "gen"));  // I is not in the alphabet
    EXPECT_FALSE(is_id("", "gen"));
}

}  // namespace
}  // namespace ourvidz
