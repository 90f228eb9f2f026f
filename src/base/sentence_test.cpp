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
        {"messages[0].text", "is empty: say something", "The text of messages[0] is empty: say something."},
        {"status", "is too long", "The status is too long."},
        {"messages[0].parts", "is empty", "The parts of messages[0] are empty."},
        {"settings.system", "is too long", "The system is too long."},
        {"asset_id", "is required", "\"asset_id\" is missing."},
        {"messages[0].parts", "is required", "\"messages[0].parts\" is missing."},
        {"parent_id", "is required: an answer follows its question",
         "\"parent_id\" is missing: an answer follows its question."},
        {"foo", "is not a field of this request", "\"foo\" is not a field of this request."},
        {"settings.foo", "is not a field of this request",
         "\"settings.foo\" is not a field of this request."},
        {"download", "must be true or false", "\"download\" must be true or false."},
        {"want", "must be a list", "\"want\" must be a list."},
        {"limit", "is in the address more than once", "\"limit\" is in the address more than once."},
        {"again", "is no answer of this conversation",
         "The message to answer again is no answer of this conversation."},
        {"before", "does not wait in the same line",
         "The generation to move it before does not wait in the same line."},
        {"for_kind", "is for chat_enhance only", "The target kind is for chat_enhance only."},
        {"fps", "is always 8 for this model", "The number of frames a second is always 8 for this model."},
        {"wait_ms", "must be a whole number", "The time to wait must be a whole number."},
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
