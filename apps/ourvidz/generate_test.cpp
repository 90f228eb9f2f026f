#include "generate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "catalog/test_files.h"
#include "install_file.h"

namespace ourvidz::cli {
namespace {

using catalog::testing::TemporaryFolder;
namespace fs = std::filesystem;

TEST(GenerationRequest, SendsOnlyWhatWasSaid) {
    GenerateOptions options;
    EXPECT_EQ(*generation_request(options, "a fox", ""),
              (json::object{{"kind", "sdxl_image_fast"}, {"prompt", "a fox"}}));
    options.negative_prompt = "snow";
    options.seed = 4'294'967'295;
    options.steps = 8;
    options.guidance = 2.5;
    options.sampler = "euler";
    options.size = "1024x768";
    options.batch = 3;
    options.strength = 0.5;
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
                             {"source_asset_id", "ast_1"}};
    EXPECT_EQ(*generation_request(options, "a fox", "ast_1"), whole);
}

TEST(GenerationRequest, ConversationsAreMessages) {
    GenerateOptions options;
    options.kind = "chat_conversation";
    EXPECT_EQ(json::serialize(*generation_request(options, "Hello.", "")),
              R"({"kind":"chat_conversation","messages":[{"role":"user","text":"Hello."}]})");
    options.kind = "chat_enhance";
    EXPECT_EQ(generation_request(options, "a fox", "")->at("prompt"), "a fox");
}

TEST(GenerationRequest, FaultsNameTheOption) {
    GenerateOptions options;
    EXPECT_EQ(generation_request(options, std::string(4097, 'a'), "").error().field, "prompt");
    for (const auto* size : {"", "1024", "x", "1024x", "1024x768x2", "-1x5", "1024 x 768", "99999999999x1"}) {
        options.size = size;
        EXPECT_EQ(generation_request(options, "a fox", "").error().field, "--size") << size;
    }
}

TEST(OutputPath, NumbersTheFilesOfABatch) {
    GenerateOptions options;
    EXPECT_EQ(output_path(options, "gen_1", 0, "image/png"), "ourvidz-gen_1.png");
    EXPECT_EQ(output_path(options, "gen_1", 0, "video/mp4"), "ourvidz-gen_1.mp4");
    options.out = "folder/fox.png";
    EXPECT_EQ(output_path(options, "gen_1", 0, "image/png"), "folder/fox.png");
    options.batch = 3;
    EXPECT_EQ(output_path(options, "gen_1", 2, "image/png"), "folder/fox-3.png");
}

TEST(InstallFile, CopiesWholeOrNotAtAll) {
    const TemporaryFolder folder;
    const auto from = folder.write("from", std::string(9'000'000, 'x'));
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
