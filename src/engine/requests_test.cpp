#include "engine/requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/errors.h"
#include "engine/testing/engine_door.h"

namespace ourvidz::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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
    EXPECT_THAT(text_to_check(image()).texts, ElementsAre("a red fox", "blurry", "paper-cut\nink\n"));
    EXPECT_THAT(text_to_check(VideoRequest{image(), 9, 16}).texts,
                ElementsAre("a red fox", "blurry", "paper-cut\nink\n"));
    auto plain = image();
    plain.loras.clear();
    EXPECT_THAT(text_to_check(plain).texts, ElementsAre("a red fox", "blurry"));
    auto weighted = image();
    weighted.prompt = "a (re:1.20)(d:1.30) fox";
    EXPECT_THAT(text_to_check(weighted).texts,
                ElementsAre("a (re:1.20)(d:1.30) fox", "blurry", "a red fox", "paper-cut\nink\n"));
    const auto words = text_to_check(chat());
    EXPECT_THAT(words.texts, ElementsAre("You are Pixel.", "root ::= \"yes\""));
    EXPECT_THAT(words.conversation, ElementsAre("Hello", "Hi!", "Draw a fox"));
}

// Whatever field somebody adds to a request: if it holds words, the gate must be given them as they are.
TEST(TextToCheck, IsByteForByteWhatGoesThroughTheWorkersDoor) {
    const auto picture = image_request_from(to_json(image()));
    EXPECT_THAT(testing::unjudged(to_json(*picture), text_to_check(*picture)), IsEmpty());
    const auto clip = video_request_from(to_json(VideoRequest{image(), 9, 16}));
    EXPECT_THAT(testing::unjudged(to_json(*clip), text_to_check(*clip)), IsEmpty());
    const auto talk = chat_request_from(to_json(chat()));
    EXPECT_THAT(testing::unjudged(to_json(*talk), text_to_check(*talk)), IsEmpty());
    auto other = image();
    other.prompt += ",";
    EXPECT_THAT(testing::unjudged(to_json(other), text_to_check(image())), ElementsAre("a red fox,"));
}

// What ends a line elsewhere is a line feed before the gate is shown it, and so is what the engine gets.
TEST(TextToCheck, HasLineFeedsWhereverALineEnds) {
    auto body = to_json(image());
    body["prompt"] = "a red fox\r\non a\rhill";
    const auto request = image_request_from(body);
    ASSERT_TRUE(request.ok()) << request.error().detail;
    EXPECT_EQ(request->prompt, "a red fox\non a\nhill");
    EXPECT_THAT(testing::unjudged(to_json(*request), text_to_check(*request)), IsEmpty());
    body = to_json(image());
    body["loras"].as_array()[1].as_object()["name"] = "ink\r";
    EXPECT_EQ(image_request_from(body).error().field, "loras[1].name");
}

// The engines are written in C: their texts end where these do not.
TEST(TextToCheck, HasNoCharacterThatEnginesReadDifferently) {
    for (const std::string& bad : {std::string("\0", 1), std::string("\x01"), std::string("\x7F"),
                                   std::string("\u0085"), std::string("\uFFFF")}) {
        for (const auto* field : {"prompt", "negative_prompt"}) {
            auto body = to_json(image());
            body[field] = "a red fox" + bad + " on a blue background";
            EXPECT_EQ(image_request_from(body).error().field, field);
            const json::object clip{{"picture", body}, {"frames", 9}, {"fps", 16}};
            EXPECT_EQ(video_request_from(clip).error().field, "picture." + std::string(field));
        }
        auto body = to_json(image());
        body["loras"].as_array()[1].as_object()["name"] = "ink" + bad;
        EXPECT_EQ(image_request_from(body).error().field, "loras[1].name");
        body = to_json(chat());
        body["turns"].as_array()[1].as_object()["text"] = bad;
        EXPECT_EQ(chat_request_from(body).error().field, "turns[1].text");
        body = to_json(chat());
        body["grammar"] = "root ::= \"yes\"" + bad;
        EXPECT_EQ(chat_request_from(body).error().field, "grammar");
    }
    const json::object model{{"model", "nano"},
                             {"family", "z_image"},
                             {"files", {{"llm", json::string(std::string_view("/m/te.gguf\0.txt", 15))}}}};
    EXPECT_EQ(model_files_from(model).error().field, "files");
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
