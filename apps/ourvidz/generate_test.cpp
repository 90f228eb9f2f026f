#include "generate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "catalog/test_files.h"
#include "install_file.h"

namespace ourvidz::cli {
namespace {

using catalog::testing::TemporaryFolder;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

TEST(GenerationRequest, SendsOnlyWhatWasSaid) {
    GenerateOptions options;
    EXPECT_EQ(*generation_request(options, "a fox"),
              (json::object{{"kind", "sdxl_image_fast"}, {"prompt", "a fox"}}));
    options.negative_prompt = "snow";
    options.seed = 4'294'967'295;
    options.steps = 8;
    options.guidance = 2.5;
    options.sampler = "euler";
    options.size = "1024x768";
    options.batch = 3;
    options.strength = 0.5;
    options.source = "ast_01KDH2ZC4W4Q5R6S7T8V9WXYZ0";
    const json::object whole{{"kind", "sdxl_image_fast"},
                             {"prompt", "a fox"},
                             {"negative_prompt", "snow"},
                             {"seed", 4'294'967'295},
                             {"steps", 8},
                             {"guidance", 2.5},
                             {"sampler", "euler"},
                             {"width", 1024},
                             {"height", 768},
                             {"batch", 3},
                             {"strength", 0.5},
                             {"source_asset_id", "ast_01KDH2ZC4W4Q5R6S7T8V9WXYZ0"}};
    EXPECT_EQ(*generation_request(options, "a fox"), whole);
}

TEST(GenerationRequest, ConversationsAreMessages) {
    GenerateOptions options;
    options.kind = "chat_conversation";
    EXPECT_EQ(json::serialize(*generation_request(options, "Hello.")),
              R"({"kind":"chat_conversation","messages":[{"role":"user","text":"Hello."}]})");
    options.kind = "chat_scene";
    EXPECT_TRUE(generation_request(options, "Hello.")->contains("messages"));
    options.kind = "chat_enhance";
    EXPECT_EQ(generation_request(options, "a fox")->at("prompt"), "a fox");
}

TEST(GenerationRequest, FaultsNameTheOption) {
    GenerateOptions options;
    EXPECT_EQ(generation_request(options, std::string(4097, 'a')).error().field, "prompt");
    for (const auto* size : {"", "1024", "x", "1024x", "1024x768x2", "-1x5", "1024 x 768", "99999999999x1"}) {
        options.size = size;
        EXPECT_EQ(generation_request(options, "a fox").error().field, "--size") << size;
    }
}

TEST(GenerationRequest, FilesOfOnesOwnCannotBeSourcesYetAndItSaysSo) {
    GenerateOptions options;
    options.source = "fox.png";
    const auto request = generation_request(options, "a fox");
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().field, "--source");
    EXPECT_THAT(request.error().detail, HasSubstr("cannot be used yet"));
}

TEST(GenerationRequest, FaultsOfTheServerNameTheOption) {
    EXPECT_EQ(in_words_of_options(invalid_field("width", "")).field, "--size");
    EXPECT_EQ(in_words_of_options(invalid_field("source_asset_id", "")).field, "--source");
    EXPECT_EQ(in_words_of_options(invalid_field("prompt", "")).field, "prompt");
}

TEST(GenerationRequest, HelpHasEveryKind) {
    for (const auto& kind : kinds::all) {
        EXPECT_THAT(kinds_help(), HasSubstr("  " + std::string(kind.name) + "  ")) << kind.name;
    }
}

TEST(OutputPath, HasTheRightEndingAndNumbersTheFilesOfABatch) {
    OutputOptions options;
    const std::string id = "ast_01KDH2ZC4W4Q5R6S7T8V9WXYZ0";
    EXPECT_EQ(output_path(options, {0, 1, "a fox", id, "image/png"}), "ourvidz-a-fox-8V9WXYZ0.png");
    EXPECT_EQ(output_path(options, {2, 3, "", id, "video/mp4"}), "ourvidz-8V9WXYZ0.mp4");
    options.out = "folder/fox.png";
    EXPECT_EQ(output_path(options, {0, 1, "a fox", id, "image/png"}), "folder/fox.png");
    EXPECT_EQ(output_path(options, {2, 3, "a fox", id, "image/png"}), "folder/fox-3.png");
    options.out = "folder/fox";
    EXPECT_EQ(output_path(options, {0, 1, "a fox", id, "image/png"}), "folder/fox.png");
    EXPECT_EQ(output_path(options, {0, 3, "a fox", id, "video/mp4"}), "folder/fox-1.mp4");
}

TEST(OutputPath, WhatCannotBeSavedSoIsSaidBeforehand) {
    using kinds::Medium;
    const TemporaryFolder folder;
    struct Row {
        const char* out;
        Medium medium;
        const char* says;  // empty: it can be
    };
    folder.write("there.png", "x");
    folder.write("there-2.png", "x");
    for (const auto& [out, medium, says] :
         std::vector<Row>{{"x.mp4", Medium::image, "name it x.png"},
                          {"x.jpg", Medium::image, "Pictures are saved as PNG"},
                          {"x.png", Medium::video, "name it x.mp4"},
                          {"x.PNG", Medium::image, ""},
                          {"x", Medium::image, ""},
                          {"x.txt", Medium::chat, ""},
                          {"there", Medium::image, "there.png exists"},
                          {"there.png", Medium::chat, "exists"},
                          {"none/x.png", Medium::image, "is not a folder"}}) {
        OutputOptions options;
        options.out = folder.path() / out;
        const auto checked = check_outputs(options, medium, 1);
        EXPECT_EQ(checked.ok(), std::string(says).empty()) << out;
        if (!checked) {
            EXPECT_THAT(checked.error().detail, HasSubstr(says)) << out;
        }
    }
    OutputOptions options;
    options.out = folder.path() / "there";
    EXPECT_THAT(check_outputs(options, Medium::image, 3).error().detail, HasSubstr("there-2.png exists"));
    options.force = true;
    EXPECT_TRUE(check_outputs(options, Medium::image, 3));
}

TEST(OutputPath, StandardOutputTakesOnePictureAndNoJson) {
    OutputOptions options;
    options.out = "-";
    EXPECT_TRUE(check_outputs(options, kinds::Medium::image, 1));
    EXPECT_EQ(check_outputs(options, kinds::Medium::image, 3).error().field, "--out");
    options.json = true;
    EXPECT_EQ(check_outputs(options, kinds::Medium::image, 1).error().field, "--out");
}

TEST(InstallFile, CopiesWholeOrNotAtAll) {
    const TemporaryFolder folder;
    std::string content;
    content.resize(9'000'000, 'x');
    const auto from = folder.write("from", content);
    // /proc is another file system, so that linking fails and copying is tried; /dev/shm is one that can be
    // written.
    const fs::path other = "/dev/shm/ourvidz-" + random_hex(8);
    ASSERT_TRUE(install_file(from, other / "to", nullptr));
    EXPECT_EQ(fs::file_size(other / "to"), 9'000'000U);
    EXPECT_EQ(install_file(from, other / "to", nullptr).error().code, ErrorCode::conflict);

    int calls = 0;
    const auto stopped =
        install_file(from, other / "second", [&](std::uint64_t, std::uint64_t) { return ++calls < 2; });
    if (calls > 0) {
        ASSERT_FALSE(stopped);
        EXPECT_EQ(stopped.error().code, ErrorCode::canceled);
        EXPECT_EQ(std::distance(fs::directory_iterator(other), fs::directory_iterator()), 1)
            << "nothing is left behind";
    }
    EXPECT_EQ(install_file(folder.path() / "absent", other / "third", nullptr).error().code,
              ErrorCode::not_found);
    fs::remove_all(other);
}

}  // namespace
}  // namespace ourvidz::cli
