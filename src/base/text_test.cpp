#include "base/text.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace ourvidz {
namespace {

std::string utf8(char32_t point) {
    std::string out;
    const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | (point >> shift & 0x3FU)); };
    if (point < 0x80) return {static_cast<char>(point)};
    if (point < 0x800) {
        out += static_cast<char>(0xC0U | point >> 6U);
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0U | point >> 12U);
        tail(6);
    } else {
        out += static_cast<char>(0xF0U | point >> 18U);
        tail(12);
        tail(6);
    }
    tail(0);
    return out;
}

bool taken(char32_t point, Characters allowed) {
    return !character_fault("a" + utf8(point) + "b", allowed);
}

// Every code point there is, against the rule as it is written.
TEST(Text, RefusesControlCharactersAndNoncharacters) {
    for (char32_t point = 0; point <= 0x10FFFF; ++point) {
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
        const bool noncharacter = (point >= 0xFDD0 && point <= 0xFDEF) || point % 0x10000 >= 0xFFFE;
        const bool of_lines = point == 0x09 || point == 0x0A;
        ASSERT_EQ(taken(point, Characters::any), !surrogate) << static_cast<std::uint32_t>(point);
        ASSERT_EQ(taken(point, Characters::line), !surrogate && !control && !noncharacter)
            << static_cast<std::uint32_t>(point);
        ASSERT_EQ(taken(point, Characters::lines), of_lines || (!surrogate && !control && !noncharacter))
            << static_cast<std::uint32_t>(point);
    }
}

TEST(Text, RefusesWhatIsNotUtf8) {
    for (const char* bytes : {"\x80", "\xC0\x80", "\xC3", "\xC3(", "\xE0\x80\x80", "\xED\xA0\x80",
                              "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xFF"}) {
        EXPECT_EQ(character_fault(std::string("ü") + bytes, Characters::any), "is not UTF-8 at character 2");
        EXPECT_EQ(without_controls(bytes).substr(0, 3), "\xEF\xBF\xBD");
    }
}

TEST(Text, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(character_fault(std::string_view("rød\0", 5), Characters::lines),
              "has the control character U+0000 at character 4; leave it out");
    EXPECT_EQ(character_fault("\uFDD0", Characters::line),
              "has the noncharacter U+FDD0 at character 1; leave it out");
}

TEST(Text, IsBlankWhereNothingIsSeen) {
    for (const char* text :
         {"", " \n\t", "\u200B\u200D\uFEFF", "\u00AD\u2060\u3164", "\u202E\u2066", "\uFE0F\U000E0041",
          "\uFFF9\uFFFB", "\uFFFC", "\uE000\uF8FF", "\U000F0000\U00100000"})
        EXPECT_TRUE(is_blank(text)) << text;
    for (const char* text : {"a", " . ", "\u200Bx", "狐", "🦊\uFE0F", "\uFFFD", "\uF900", "\xFF"})
        EXPECT_FALSE(is_blank(text)) << text;
}

TEST(Text, KeepsWhatAModelWroteWithoutControls) {
    EXPECT_EQ(without_controls(std::string_view("a\0b\r\n\tc\x7F\u0085d\uFFFF ü", 17)), "ab\n\tcd ü");
}

TEST(Text, EndsLinesWithLineFeedsHoweverTheyWereSent) {
    const struct {
        std::string_view sent;
        std::string_view kept;
    } rows[] = {{"", ""},
                {"fox", "fox"},
                {"a\nb\n", "a\nb\n"},
                {"a\r\nb\r\n", "a\nb\n"},
                {"a\rb\r", "a\nb\n"},
                {"\r\r\n\n\r", "\n\n\n\n"},
                {"\n\r", "\n\n"},
                {"ü\r\nü", "ü\nü"}};
    for (const auto& row : rows) EXPECT_EQ(with_line_feeds(row.sent), row.kept);
    EXPECT_EQ(with_line_feeds(std::string_view("a\r\0", 3)), std::string_view("a\n\0", 3))
        << "no rule of others";
}

// Whoever reads a field without saying more gets a single line.
TEST(Text, FieldsRefuseThemByTheirName) {
    const auto object = parse_json_object(R"({"name": "a\nb", "prompt": "a\nb", "bad": "fox\u0000, blue"})");
    ASSERT_TRUE(object.ok());
    FieldReader line(*object);
    EXPECT_EQ(line.text("name", 10), std::nullopt);
    EXPECT_EQ(line.finish().error().field, "name");
    FieldReader lines(*object, "request.");
    EXPECT_EQ(lines.text("prompt", 10, Characters::lines), "a\nb");
    EXPECT_EQ(lines.text("bad", 20, Characters::lines), std::nullopt);
    EXPECT_EQ(lines.finish().error().field, "request.bad");
    const auto windows = parse_json_object(R"({"name": "a\rb", "prompt": "a\r\nb\rc"})");
    FieldReader ends(*windows);
    EXPECT_EQ(ends.text("prompt", 5, Characters::lines), "a\nb\nc") << "its length is that of what is kept";
    EXPECT_EQ(ends.text("name", 10), std::nullopt);
    EXPECT_EQ(ends.finish().error().field, "name");
}

}  // namespace
}  // namespace ourvidz
