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

// RFC 4231, test cases 2 and 6.
TEST(Hmac, MatchesThePublishedVectors) {
    const auto hex = [](const std::string& key, std::string_view text) {
        const auto sum = hmac_sha256(key, text);
        return to_hex(sum.data(), sum.size());
    };
    EXPECT_EQ(hex("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hex, HasTwoLowerCaseDigitsForEachByte) {
    EXPECT_EQ(to_hex("\x00\x7f\xff", 3), "007fff");
}

}  // namespace
}  // namespace ourvidz
