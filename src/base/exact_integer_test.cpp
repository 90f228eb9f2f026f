#include "base/exact_integer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ourvidz {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t max = std::numeric_limits<std::int64_t>::max();

TEST(ExactInteger, IsANumberOnlyWhereEveryReaderKeepsIt) {
    EXPECT_EQ(json::serialize(exact_integer(0)), "0");
    EXPECT_EQ(json::serialize(exact_integer(json_number_max)), "9007199254740991");
    EXPECT_EQ(json::serialize(exact_integer(json_number_max + 1)), "\"9007199254740992\"");
    EXPECT_EQ(json::serialize(exact_integer(max)), "\"9223372036854775807\"");
    for (const auto number : {std::int64_t{0}, std::int64_t{4'294'967'299}, json_number_max + 2, max})
        EXPECT_EQ(exact_integer_in(exact_integer(number)), number);
    EXPECT_EQ(exact_integer_in(json::value(max)), max) << "as it was stored before";
    for (const auto* text : {"\"x\"", "\"\"", "null", "1.5", "true", "\"9223372036854775808\"", "1e300"})
        EXPECT_EQ(exact_integer_in(*parse_json(text)), std::nullopt) << text;
}

TEST(ExactInteger, IsReadFromNumbersAndDigits) {
    struct Row {
        const char* written;
        std::optional<std::int64_t> number;
        const char* fault;  // empty: none
    };
    constexpr auto whole = "must be a whole number";
    constexpr auto range = "must be from 0 to 9223372036854775807";
    for (const auto& [written, number, fault] : {
             Row{"0", 0, ""},
             Row{"-0", 0, ""},
             Row{"-0.0", 0, ""},
             Row{"1e3", 1000, ""},
             Row{"8.0", 8, ""},
             Row{"4294967296", 4'294'967'296, ""},
             Row{"9007199254740993", 9'007'199'254'740'993, ""},
             Row{"9223372036854775807", max, ""},
             Row{"\"9223372036854775807\"", max, ""},
             Row{"\"0\"", 0, ""},
             Row{"null", std::nullopt, ""},
             Row{"-1", std::nullopt, range},
             Row{"9223372036854775808", std::nullopt, range},
             Row{"18446744073709551615", std::nullopt, range},
             Row{"18446744073709551616", std::nullopt, range},
             Row{"1e400", std::nullopt, range},
             Row{"1e19", std::nullopt, range},
             Row{"-1e19", std::nullopt, range},
             Row{"\"9223372036854775808\"", std::nullopt, range},
             Row{"8.5", std::nullopt, whole},
             Row{"9007199254740993.0", std::nullopt, whole},
             Row{"\"\"", std::nullopt, whole},
             Row{"\"01\"", std::nullopt, whole},
             Row{"\"00\"", std::nullopt, whole},
             Row{"\"-1\"", std::nullopt, whole},
             Row{"\"1.5\"", std::nullopt, whole},
             Row{"\" 7\"", std::nullopt, whole},
             Row{"\"0x7\"", std::nullopt, whole},
             Row{"\"NaN\"", std::nullopt, whole},
             Row{"true", std::nullopt, whole},
             Row{"[7]", std::nullopt, whole},
         }) {
        const auto body = parse_json_object(std::string("{\"seed\":") + written + "}");
        if (!body) continue;  // what is no JSON has been refused before
        FieldReader reader(*body);
        EXPECT_EQ(exact_integer(reader, *body, "seed", 0, max), number) << written;
        const auto done = reader.finish();
        EXPECT_EQ(done.ok(), *fault == '\0') << written;
        EXPECT_THAT(done ? "" : done.error().detail, HasSubstr(fault)) << written;
    }
}

}  // namespace
}  // namespace ourvidz
