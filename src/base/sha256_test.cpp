#include "base/sha256.h"

#include <gtest/gtest.h>

namespace ourvidz {
namespace {

TEST(Sha256, MatchesThePublishedVectors) {
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, DoesNotMindWhereThePiecesEnd) {
    Sha256 sum;
    sum.update("a");
    sum.update("");
    sum.update("bc");
    EXPECT_EQ(sum.hex(), sha256_hex("abc"));
}

TEST(Hex, HasTwoLowerCaseDigitsForEachByte) {
    EXPECT_EQ(to_hex("\x00\x7f\xff", 3), "007fff");
}

}  // namespace
}  // namespace ourvidz
