#include "base/json.h"

#include <gtest/gtest.h>

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

TEST(FieldReader, TreatsNullAsAbsentAndPrefixesThePath) {
    const auto object = object_of(R"({"role":null})");
    FieldReader reader(object, "messages[1].");
    EXPECT_EQ(reader.required_text("role", 10), "");
    EXPECT_EQ(reader.finish().error().field, "messages[1].role");
}

}  // namespace
}  // namespace ourvidz
