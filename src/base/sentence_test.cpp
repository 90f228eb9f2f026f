#include "base/sentence.h"

#include <gtest/gtest.h>

namespace ourvidz {
namespace {

TEST(Sentence, WhatIsSaidOfAFieldStandsAloneWithItsSubject) {
    const struct {
        const char* field;
        const char* detail;
        const char* wanted;
    } rows[] = {
        {"prompt", "has the control character U+0000 at character 2; leave it out",
         "The prompt has the control character U+0000 at character 2; leave it out."},
        {"seed", "must be from 0 to 8", "The seed must be from 0 to 8."},
        {"negative_prompt", "is longer than 4096 bytes", "The negative prompt is longer than 4096 bytes."},
        {"messages", "is empty: say something", "The messages are empty: say something."},
        {"steps", "has no value", "The steps have no value."},
        {"status", "is required", "The status is required."},
        {"messages[0].text", "is empty: say something", "The text of messages[0] is empty: say something."},
        {"messages[0].parts", "is required", "The parts of messages[0] are required."},
        {"settings.system", "is required", "The system is required."},
        {"messages[3]", "must be an object", "\"messages[3]\" must be an object."},
        {"source_asset_id", "is not a picture", "The source asset is not a picture."},
        {"Idempotency-Key", "must have 1 to 128 characters of ASCII",
         "\"Idempotency-Key\" must have 1 to 128 characters of ASCII."},
        {"", "The body is no JSON.", "The body is no JSON."},
        {"prompt", "There is no such picture.", "There is no such picture."},
        {"prompt", "", ""},
    };
    for (const auto& row : rows) {
        const auto said = sentence_of(invalid_field(row.field, row.detail));
        EXPECT_EQ(said, row.wanted);
        EXPECT_EQ(sentence_of(invalid_field(row.field, said)), said) << "and is not given another";
    }
}

}  // namespace
}  // namespace ourvidz
