#include "base/unicode.h"

#include <gtest/gtest.h>

namespace ourvidz {
namespace {

using namespace std::string_literals;

TEST(Unicode, OneLetterIsOneLetterHoweverItIsWritten) {
    EXPECT_EQ(composed("fu\xcc\x88"
                       "chse"),
              "f\xc3\xbc"
              "chse");
    EXPECT_EQ(decomposed("f\xc3\xbc"
                         "chse"),
              "fu\xcc\x88"
              "chse");
    EXPECT_EQ(composed("f\xfc"), "f\xfc") << "what is no UTF-8 stays as it is";
    EXPECT_EQ(composed(""), "");
}

TEST(Unicode, KnowsWhatIsUtf8) {
    EXPECT_TRUE(is_utf8("f\xc3\xbc\xf0\x9f\xa6\x8a"));
    EXPECT_FALSE(
        is_utf8("f\xfc"
                "chse"));
    EXPECT_FALSE(is_utf8("\xed\xa0\x80")) << "half a surrogate pair";
    EXPECT_FALSE(is_utf8("\xc0\xaf")) << "longer than need be";
}

TEST(Unicode, ReadsUtf16InBothOrders) {
    EXPECT_EQ(utf8_from_utf16("f\0\xfc\0\x3e\xd8\x8a\xdd"s, ByteOrder::little), "f\xc3\xbc\xf0\x9f\xa6\x8a");
    EXPECT_EQ(utf8_from_utf16("\0f\0\xfc\xd8\x3e\xdd\x8a"s, ByteOrder::big), "f\xc3\xbc\xf0\x9f\xa6\x8a");
    EXPECT_EQ(utf8_from_utf16("", ByteOrder::big), "");
    EXPECT_EQ(utf8_from_utf16("f"s, ByteOrder::little), std::nullopt);
    EXPECT_EQ(utf8_from_utf16("\x3e\xd8"s, ByteOrder::little), std::nullopt);
}

}  // namespace
}  // namespace ourvidz
