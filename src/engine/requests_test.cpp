#include "engine/requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/errors.h"

namespace ourvidz::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ImageRequest image() {
    ImageRequest request;
    request.prompt = "a red fox";
    request.negative_prompt = "blurry";
    request.width = 128;
    request.height = 256;
    request.steps = 8;
    request.guidance = 2.5;
    request.sampler = "dpm++2m";
    request.scheduler = "karras";
    request.seed = 9'007'199'254'740'993;
    request.strength = 0.6;
    request.preview = false;
    request.loras = {{"paper-cut", 0.8, "/models/paper-cut.safetensors"},
                     {"ink", -1, "/models/ink.safetensors"}};
    request.has_input = true;
    return request;
}

ChatRequest chat() {
    ChatRequest request;
    request.turns = {
        {"system", "You are Pixel."}, {"user", "Hello"}, {"assistant", "Hi!"}, {"user", "Draw a fox"}};
    request.tokens_max = 64;
    request.temperature = 0.3;
    request.top_p = 0.8;
    request.repetition_penalty = 1.2;
    request.seed = 11;
    request.grammar = "root ::= \"yes\"";
    return request;
}

TEST(ImageRequestJson, KeepsEveryField) {
    const auto request = image();
    const auto back = image_request_from(to_json(request));
    ASSERT_TRUE(back.ok()) << back.error().detail;
    EXPECT_EQ(to_json(*back), to_json(request));
    EXPECT_EQ(back->seed, request.seed);
    EXPECT_TRUE(back->has_input);
}

TEST(ImageRequestJson, NamesTheFieldThatIsWrong) {
    const std::vector<std::pair<std::string, json::value>> faults{
        {"width", 8},       {"width", 8193},    {"height", 0},
        {"steps", 0},       {"steps", 151},     {"guidance", -1},
        {"guidance", 1e9},  {"seed", -1},       {"strength", 1.01},
        {"prompt", 5},      {"preview", "yes"}, {"sampler", "Euler; rm"},
        {"scheduler", "A"}, {"unknown", 1},     {"prompt", json::string(prompt_bytes_max + 1, 'a')},
    };
    for (const auto& [field, value] : faults) {
        auto body = to_json(image());
        body[field] = value;
        const auto request = image_request_from(body);
        ASSERT_FALSE(request.ok()) << field;
        EXPECT_EQ(request.error().field, field);
        EXPECT_EQ(request.error().code, ErrorCode::invalid_field);
    }
    for (const char* field : {"prompt", "width", "height", "steps", "seed"}) {
        auto body = to_json(image());
        body.erase(field);
        const auto request = image_request_from(body);
        ASSERT_FALSE(request.ok()) << field;
        EXPECT_EQ(request.error().field, field);
    }
}

TEST(VideoRequestJson, KeepsEveryFieldAndNamesFaultsOfThePicture) {
    const VideoRequest request{image(), 33, 24};
    const auto back = video_request_from(to_json(request));
    ASSERT_TRUE(back.ok()) << back.error().detail;
    EXPECT_EQ(to_json(*back), to_json(request));

    auto body = to_json(request);
    body["picture"].as_object()["steps"] = 0;
    const auto wrong = video_request_from(body);
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().field, "picture.steps");
    EXPECT_FALSE(video_request_from({{"frames", 9}, {"fps", 16}}).ok());
}

TEST(ChatRequestJson, KeepsEveryField) {
    const auto back = chat_request_from(to_json(chat()));
    ASSERT_TRUE(back.ok()) << back.error().detail;
    EXPECT_EQ(to_json(*back), to_json(chat()));
}

TEST(ChatRequestJson, NamesTheTurnThatIsWrong) {
    auto body = to_json(chat());
    body["turns"].as_array()[2].as_object()["role"] = "developer";
    const auto wrong_role = chat_request_from(body);
    ASSERT_FALSE(wrong_role.ok());
    EXPECT_EQ(wrong_role.error().field, "turns[2].role");

    body = to_json(chat());
    body["turns"].as_array()[1] = "Hello";
    EXPECT_EQ(chat_request_from(body).error().field, "turns[1]");

    body = to_json(chat());
    body["turns"] = json::array();
    EXPECT_EQ(chat_request_from(body).error().field, "turns");
}

TEST(ModelFilesJson, KeepsEveryFieldAndRefusesWhatIsNoPath) {
    const ModelFiles model{
        "nano", "z_image", {{"diffusion", "/m/dit.gguf"}, {"llm", "/m/te.gguf"}}, {{"threads", 2}}};
    const auto back = model_files_from(to_json(model));
    ASSERT_TRUE(back.ok()) << back.error().detail;
    EXPECT_EQ(to_json(*back), to_json(model));

    auto body = to_json(model);
    body["files"].as_object()["llm"] = 7;
    EXPECT_EQ(model_files_from(body).error().field, "files.llm");
    body["files"] = json::object();
    EXPECT_EQ(model_files_from(body).error().field, "files");
}

TEST(TextToCheck, HasEveryTextThatReachesAnEngine) {
    EXPECT_THAT(text_to_check(image()).texts, ElementsAre("a red fox", "blurry"));
    EXPECT_THAT(text_to_check(VideoRequest{image(), 9, 16}).texts, ElementsAre("a red fox", "blurry"));
    auto weighted = image();
    weighted.prompt = "a (re:1.20)(d:1.30) fox";
    EXPECT_THAT(text_to_check(weighted).texts, ElementsAre("a (re:1.20)(d:1.30) fox", "blurry", "a red fox"));
    const auto words = text_to_check(chat());
    EXPECT_THAT(words.texts, ElementsAre("You are Pixel.", "root ::= \"yes\""));
    EXPECT_THAT(words.conversation, ElementsAre("Hello", "Hi!", "Draw a fox"));
}

TEST(ErrorNames, ComeBackAsTheSameCode) {
    for (const auto code :
         {ErrorCode::invalid_field, ErrorCode::refused, ErrorCode::held, ErrorCode::unavailable,
          ErrorCode::engine_failed, ErrorCode::internal, ErrorCode::too_large}) {
        EXPECT_EQ(error_code_from(error_name(code)), code);
    }
    EXPECT_EQ(error_code_from("something newer"), ErrorCode::engine_failed);
}

TEST(ShortPaths, LeaveNoFolderInAMessage) {
    EXPECT_EQ(short_paths("cannot open '/srv/models/nano/dit.gguf', sorry"), "cannot open 'dit.gguf', sorry");
    EXPECT_EQ(short_paths("/a/b.c:12: GGML_ASSERT(a / b) failed"), "b.c:12: GGML_ASSERT(a  b) failed");
    EXPECT_EQ(short_paths("3/4 of it"), "3/4 of it");
}

}  // namespace
}  // namespace ourvidz::engine
