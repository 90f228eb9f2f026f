#include "prompts/seed.h"

#include <gtest/gtest.h>

namespace ourvidz::prompts {
namespace {

TEST(Seeds, OfABatchFollowEachOtherAndBeginAnewBehindTheLast) {
    EXPECT_EQ(seed_at(7, 0), 7);
    EXPECT_EQ(seed_at(4'294'967'294, 5), 4'294'967'299);
    EXPECT_EQ(seed_at(seed_max, 0), seed_max);
    EXPECT_EQ(seed_at(seed_max, 1), 0);
    EXPECT_EQ(seed_at(seed_max - 1, 5), 3);
    EXPECT_EQ(seed_at(seed_max - 5, 5), seed_max);
}

}  // namespace
}  // namespace ourvidz::prompts
