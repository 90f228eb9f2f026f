#include "safety/decode.h"

#include <gtest/gtest.h>

#include "safety/disguise.h"
#include "safety/fold.h"

namespace ourvidz::safety {
namespace {

TEST(decode, undoes_one_encoding) {
    EXPECT_EQ(decode_once("a cmVkIGZveA== b"), "a red fox b");
    EXPECT_EQ(decode_once("726564206f776c"), "red owl");
    EXPECT_EQ(decode_once("0x726564206f776c"), "red owl");
    EXPECT_EQ(decode_once("red%20f%6Fx"), "red fox");
    EXPECT_EQ(decode_once("&#102;&#x6F;x"), "fox");
    EXPECT_EQ(decode_once("\\u0066\\x6fx"), "fox");
}

TEST(decode, leaves_ordinary_text_alone) {
    for (const char* text : {"a red fox in the snow", "photograph landscapes wonderfully", "50% off & more",
                             "0xDEADBEEF", "R&B music", "C:\\users\\fox", "QUJD"}) {
        EXPECT_EQ(decode_once(text), std::nullopt) << text;
    }
}

TEST(decode, stops_after_one_round) {
    // "red fox" encoded twice: one round gives text that is still encoded.
    EXPECT_EQ(decode_once("Y21Wa0lHWnZlQT09"), "cmVkIGZveA==");
}

TEST(fold, gives_one_spelling) {
    EXPECT_EQ(fold("Red FOX"), "red fox");
    EXPECT_EQ(fold("\uFF32ed"), "red");
    EXPECT_EQ(fold("r\u00ADe\u200Bd"), "red");
    EXPECT_EQ(fold("Ångström"), "angstrom");
    EXPECT_EQ(fold("\u0661\u0662"), "12");
    EXPECT_EQ(fold("niña"), "niña");
    EXPECT_EQ(fold("\xFF"), std::nullopt);
    EXPECT_EQ(fold("\xC3"), std::nullopt);
}

TEST(fold, cuts_words_at_signs_digits_and_scripts) {
    const auto tokens = tokenize(
        "12yo red-fox, \xE7\x8B\x90"
        "fox");
    ASSERT_EQ(tokens.size(), 6U);
    EXPECT_EQ(tokens[0].script, Script::digits);
    EXPECT_TRUE(tokens[1].glued);
    EXPECT_FALSE(tokens[3].spaced);
    EXPECT_TRUE(tokens[3].comma_after);
    EXPECT_TRUE(tokens[4].comma_before);
    EXPECT_EQ(tokens[4].script, Script::unspaced);
}

TEST(disguise, mirrors_and_shifts_text) {
    EXPECT_EQ(reversed_text("fox \xC3\xA9"), "\xC3\xA9 xof");
    EXPECT_EQ(rot13("fox"), "sbk");
    EXPECT_EQ(latin_skeleton("f\u043Ex"), "fox");
}

}  // namespace
}  // namespace ourvidz::safety
