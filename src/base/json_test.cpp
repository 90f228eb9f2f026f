#include "base/json.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ourvidz {
namespace {

json::object object_of(std::string_view text) {
    return *parse_json_object(text);
}

TEST(Json, RefusesWhatIsNotOneUtf8Object) {
    for (const auto* text : {"", "{", "[]", "{} x", "{\"a\":\"\xff\"}", "nul"}) {
        const auto result = parse_json_object(text);
        ASSERT_FALSE(result.ok()) << text;
        EXPECT_EQ(result.error().code, ErrorCode::malformed_body) << text;
    }
    EXPECT_FALSE(parse_json(std::string(40, '[') + std::string(40, ']')).ok());
}

TEST(FieldReader, NamesTheFieldAndTheReason) {
    const auto object = object_of(R"({"steps":10000})");
    FieldReader reader(object);
    EXPECT_FALSE(reader.integer("steps", 1, 150).has_value());
    const auto result = reader.finish();
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().field, "steps");
    EXPECT_EQ(result.error().detail, "must be from 1 to 150");
}

TEST(FieldReader, KeepsTheFirstFault) {
    const auto object = object_of(R"({"a":1,"b":"x"})");
    FieldReader reader(object);
    (void)reader.text("a", 10);
    (void)reader.integer("b", 0, 1);
    EXPECT_EQ(reader.finish().error().field, "a");
}

TEST(FieldReader, RefusesFieldsThatNobodyReads) {
    const auto object = object_of(R"({"promt":"a fox"})");
    FieldReader reader(object);
    (void)reader.text("prompt", 10);
    EXPECT_EQ(reader.finish().error().field, "promt");
}

TEST(FieldReader, AcceptsWholeNumbersWrittenAsDoubles) {
    const auto object = object_of(R"({"n":8.0,"m":8.5})");
    FieldReader reader(object);
    EXPECT_EQ(reader.integer("n", 0, 10), 8);
    EXPECT_FALSE(reader.integer("m", 0, 10).has_value());
}

TEST(FieldReader, NumbersAreTakenExactlyOrNotAtAll) {
    struct Row {
        const char* written;
        std::optional<double> number;
    };
    for (const auto& [written, number] :
         {Row{"0", 0}, Row{"-0.0", 0}, Row{"50", 50}, Row{"2.5", 2.5}, Row{"5e1", 50},
          Row{"50.1", std::nullopt}, Row{"-0.1", std::nullopt}, Row{"1e400", std::nullopt},
          Row{"-1e400", std::nullopt}, Row{"\"2.5\"", std::nullopt}, Row{"true", std::nullopt},
          Row{"18446744073709551615", std::nullopt}}) {
        const auto body = parse_json_object(std::string("{\"n\":") + written + "}");
        if (!body) continue;  // what is no JSON has been refused before
        FieldReader reader(*body);
        const auto read = reader.number("n", 0, 50);
        EXPECT_EQ(read, number) << written;
        EXPECT_FALSE(std::signbit(read.value_or(0))) << written;
        EXPECT_EQ(reader.finish().ok(), number.has_value()) << written;
    }
    for (const auto* text : {"NaN", "Infinity", "-Infinity", "0x10", "01", "+1", "1.", ".5"})
        EXPECT_FALSE(parse_json_object(std::string("{\"n\":") + text + "}")) << text;
}

TEST(ParseJson, RefusesAFieldThatIsThereTwice) {
    for (const auto* text :
         {R"({"a":1,"a":1})", R"({"a":1,"b":{},"\u0061":2})", R"({"a":[{"b":1,"b":null}]})"}) {
        const auto parsed = parse_json_object(text);
        ASSERT_FALSE(parsed.ok()) << text;
        EXPECT_EQ(parsed.error().detail, "The body names a field of one object twice.");
    }
    for (const auto* text : {R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})", "{}", R"({"a":"\"a\":1,"})"})
        EXPECT_TRUE(parse_json_object(text).ok()) << text;
    for (const auto* text : {"{} {}", "{}x", "{", "", "[1,]", "{\"a\"}", "/**/{}"})
        EXPECT_FALSE(parse_json_object(text).ok()) << text;
}

TEST(FieldReader, SaysRangesAsPeopleWriteNumbers) {
    const auto object = object_of(R"({"n":9,"m":0})");
    FieldReader whole(object);
    (void)whole.number("n", 1, 8);
    EXPECT_EQ(whole.finish().error().detail, "must be from 1 to 8");
    FieldReader part(object);
    (void)part.number("m", 0.05, 1.5);
    EXPECT_EQ(part.finish().error().detail, "must be from 0.05 to 1.5");
}

TEST(FieldReader, TreatsNullAsAbsentAndPrefixesThePath) {
    const auto object = object_of(R"({"role":null})");
    FieldReader reader(object, "messages[1].");
    EXPECT_EQ(reader.required_text("role", 10), "");
    EXPECT_EQ(reader.finish().error().field, "messages[1].role");
}

}  // namespace
}  // namespace ourvidz
