#include "catalog/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <random>

#include "catalog/test_files.h"

namespace ourvidz::catalog {
namespace {

using namespace testing;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

std::string content_of(const std::string& bytes) {
    const TemporaryFolder folder;
    const auto inspection = inspect_file(folder.write("model", bytes));
    return inspection ? inspection->content : "error: " + inspection.error().detail;
}

std::string fault_of(const std::string& bytes) {
    const TemporaryFolder folder;
    const auto inspection = inspect_file(folder.write("model", bytes));
    if (inspection) return "no fault: " + inspection->content;
    EXPECT_EQ(inspection.error().field, "file");
    return inspection.error().detail;
}

TEST(Inspect, RecognizesCheckpointsByTensorsAndNotByName) {
    EXPECT_EQ(content_of(safetensors(sdxl_checkpoint())), "sdxl/checkpoint");
    auto sd1 = sdxl_checkpoint();
    sd1[2].shape[1] = 768;
    EXPECT_EQ(content_of(safetensors(sd1)), "sd1/checkpoint");
    auto refiner = sdxl_checkpoint();
    refiner[2].shape[1] = 1280;
    EXPECT_EQ(content_of(safetensors(refiner)), "sdxl_refiner/checkpoint");
    auto inpainting = sdxl_checkpoint();
    inpainting[0].shape[1] = 9;
    EXPECT_EQ(content_of(safetensors(inpainting)), "sdxl_inpaint/checkpoint");
    auto bare = sdxl_checkpoint();
    bare.resize(3);
    EXPECT_EQ(content_of(safetensors(bare)), "sdxl/diffusion");
}

TEST(Inspect, RecognizesTheSameInGguf) {
    EXPECT_EQ(content_of(gguf("sdxl", sdxl_checkpoint())), "sdxl/checkpoint");
    EXPECT_EQ(content_of(gguf("qwen2", language_model())), "qwen2/language_model");
}

TEST(Inspect, RecognizesWanPartsAndTheirSizes) {
    const auto net = [](std::uint64_t width, std::uint64_t channels) {
        return std::vector<TestTensor>{{"blocks.0.cross_attn.norm_k.weight", {width}},
                                       {"blocks.0.self_attn.q.weight", {width, 1}},
                                       {"patch_embedding.weight", {width, channels, 1, 2, 2}}};
    };
    EXPECT_EQ(content_of(safetensors(net(1536, 16))), "wan_t2v_1.3b/diffusion");
    EXPECT_EQ(content_of(gguf("wan", net(5120, 16))), "wan_t2v_14b/diffusion");
    EXPECT_EQ(content_of(safetensors(net(5120, 36))), "wan_i2v_14b/diffusion");
    EXPECT_EQ(content_of(safetensors(net(3072, 48))), "wan_ti2v_5b/diffusion");
    EXPECT_EQ(content_of(safetensors({{"decoder.middle.0.residual.0.gamma", {8}}})), "wan/vae");
    EXPECT_EQ(content_of(safetensors({{"encoder.block.0.layer.0.SelfAttention.q.weight", {8, 8}},
                                      {"shared.weight", {256'384, 2}}})),
              "umt5/text_encoder");
    EXPECT_EQ(content_of(gguf("t5encoder", {{"token_embd.weight", {32'128, 2}}})), "t5/text_encoder");
}

TEST(Inspect, RecognizesLoras) {
    EXPECT_EQ(
        content_of(safetensors(
            {{"lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight", {4, 2048}}})),
        "sdxl/lora");
    EXPECT_EQ(content_of(safetensors({{"diffusion_model.blocks.0.cross_attn.k.lora_A.weight", {4, 1536}}})),
              "wan/lora");
}

TEST(Inspect, RecognizesWhatComplementsAModel) {
    EXPECT_EQ(content_of(safetensors({{"decoder.layers.0.weight", {64, 4, 3, 3}}})), "taesd_4ch/vae");
    EXPECT_EQ(content_of(safetensors({{"decoder.layers.0.weight", {64, 16, 3, 3}}})), "taesd/vae");
    EXPECT_EQ(
        content_of(safetensors({{"encoder.0.weight", {64, 3, 3, 3}}, {"decoder.1.weight", {256, 16, 3, 3}}})),
        "taehv/vae");
    EXPECT_EQ(content_of(safetensors({{"ip_adapter.1.to_k_ip.weight", {640, 2048}}})), "sdxl/ip_adapter");
    EXPECT_EQ(content_of(safetensors({{"ip_adapter.1.to_k_ip.weight", {320, 768}}})), "sd1/ip_adapter");
    EXPECT_EQ(content_of(safetensors({{"vision_model.encoder.layers.0.layer_norm1.weight", {8}}})),
              "clip/vision_encoder");
    EXPECT_EQ(content_of(safetensors({{"body.0.rdb1.conv1.weight", {32, 64, 3, 3}}})), "esrgan/upscaler");
}

TEST(Inspect, RecognizesTheModelThatComesWithTheStudio) {
    const fs::path nano = fs::path(OURVIDZ_SOURCE_DIR) / "models/nano";
    if (!fs::exists(nano / "dit.gguf")) GTEST_SKIP() << "models/nano is not there";
    const auto dit = inspect_file(nano / "dit.gguf");
    ASSERT_TRUE(dit) << dit.error().detail;
    EXPECT_EQ(dit->content, "z_image/diffusion");
    EXPECT_GT(dit->parameters, 6'000'000U);
    EXPECT_EQ(inspect_file(nano / "te.gguf")->content, "llm/text_encoder");
    EXPECT_EQ(inspect_file(nano / "tae.gguf")->content, "taesd/vae");
}

TEST(Inspect, RefusesWhatIsNoModelAndSaysWhatItIs) {
    const std::string filler(64, ' ');
    EXPECT_THAT(fault_of("PK\x03\x04" + filler), HasSubstr("zip archive, most likely a PyTorch pickle"));
    EXPECT_THAT(fault_of("\x80\x02" + filler), HasSubstr("Python pickle"));
    EXPECT_THAT(fault_of("\n  <!DOCTYPE html><html>" + filler), HasSubstr("web page"));
    EXPECT_THAT(fault_of("version https://git-lfs.github.com/spec/v1\noid sha256:00"),
                HasSubstr("Git LFS pointer"));
    EXPECT_THAT(fault_of("tjgg" + filler), HasSubstr("outdated GGML"));
    EXPECT_THAT(fault_of(""), HasSubstr("empty"));
    EXPECT_THAT(fault_of("short"), HasSubstr("too short"));
    EXPECT_THAT(fault_of(std::string(4096, 'x')), HasSubstr("neither"));
    EXPECT_THAT(fault_of(safetensors({{"something.else", {4}}})), HasSubstr("that we do not know"));
}

TEST(Inspect, RefusesFilesThatAreCutOff) {
    const auto whole = safetensors(sdxl_checkpoint());
    EXPECT_THAT(fault_of(whole.substr(0, whole.size() - 1)), HasSubstr("cut off"));
    EXPECT_THAT(fault_of(whole.substr(0, 100)), HasSubstr("cut off"));
    const auto model = gguf("qwen2", language_model());
    EXPECT_THAT(fault_of(model.substr(0, model.size() - 33)), HasSubstr("cut off"));
    EXPECT_THAT(fault_of(model.substr(0, 60)), HasSubstr("cut off"));
}

TEST(Inspect, RefusesHeadersThatLie) {
    const auto header = [](const std::string& json) { return counted(json) + std::string(64, '\0'); };
    EXPECT_THAT(fault_of(raw<std::uint64_t>(1ULL << 40U) + "{" + std::string(64, ' ')),
                HasSubstr("too large"));
    EXPECT_THAT(fault_of(header(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})")),
                HasSubstr("does not fit"));
    EXPECT_THAT(fault_of(header(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})")),
                HasSubstr("does not fit"));
    EXPECT_THAT(fault_of(header(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})")),
                HasSubstr("impossible"));
    EXPECT_THAT(fault_of(header(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,99999999]}})")),
                HasSubstr("cut off"));
    EXPECT_THAT(
        fault_of(header(R"({"a":{"dtype":"U8","shape":[18446744073709551615,2],"data_offsets":[0,8]}})")),
        HasSubstr("impossible shape"));
    EXPECT_THAT(fault_of(header(R"({"a":[[[[[[[[1]]]]]]]]})")), HasSubstr("not a JSON object"));
    EXPECT_THAT(fault_of("GGUF" + raw<std::uint32_t>(3) + raw<std::uint64_t>(1ULL << 60U) +
                         raw<std::uint64_t>(0) + std::string(64, '\0')),
                HasSubstr("impossible counts"));
    EXPECT_THAT(fault_of("GGUF" + raw<std::uint32_t>(1) + std::string(64, '\0')), HasSubstr("version 1"));
}

TEST(Inspect, RefusesAnUnfinishedDownloadThatIsMostlyHoles) {
    const TemporaryFolder folder;
    const auto path = folder.write("model", gguf("qwen2", language_model()));
    fs::resize_file(path, 40ULL << 30U);
    const auto begin = std::chrono::steady_clock::now();
    const auto inspection = inspect_file(path);
    ASSERT_FALSE(inspection);
    EXPECT_THAT(inspection.error().detail, HasSubstr("holes"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, inspect_ms_max);
}

TEST(Inspect, RefusesFoldersAndPipesWithoutWaiting) {
    const TemporaryFolder folder;
    EXPECT_THAT(inspect_file(folder.path()).error().detail, HasSubstr("not a regular file"));
    const auto pipe = folder.path() / "pipe";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THAT(inspect_file(pipe).error().detail, HasSubstr("not a regular file"));
    EXPECT_EQ(inspect_file(folder.path() / "absent").error().code, ErrorCode::not_found);
}

TEST(Inspect, GivesUpWhenItTakesTooLong) {
    const TemporaryFolder folder;
    const auto header =
        read_header(folder.write("model", safetensors(sdxl_checkpoint())), std::chrono::milliseconds(-1));
    ASSERT_FALSE(header);
    EXPECT_EQ(header.error().code, ErrorCode::unavailable);
}

// Damaged headers must end in an answer: neither a crash nor unbounded memory nor time. The sanitizer build
// runs the same loop.
TEST(Inspect, SurvivesDamagedHeaders) {
    const TemporaryFolder folder;
    const std::vector<std::string> seeds = {safetensors(sdxl_checkpoint()).substr(0, 1400),
                                            gguf("qwen2", language_model())};
    std::mt19937 random(20'260'101);
    int readable = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string bytes = seeds[static_cast<std::size_t>(round) % seeds.size()];
        const auto header_bytes = std::min<std::size_t>(bytes.size(), 800);
        const int edits = 1 + static_cast<int>(random() % 6);
        for (int i = 0; i < edits; ++i) {
            const std::size_t at = random() % header_bytes;
            switch (random() % 4) {
                case 0:
                    bytes[at] = static_cast<char>(random());
                    break;
                case 1:
                    bytes[at] = static_cast<char>(0xFF);
                    break;
                case 2:
                    bytes.erase(at, random() % 16);
                    break;
                default:
                    bytes.insert(at, std::string(random() % 16, bytes[at]));
            }
        }
        const auto header = read_header(folder.write("model", bytes));
        if (!header) {
            EXPECT_FALSE(header.error().detail.empty());
            continue;
        }
        ++readable;
        EXPECT_LE(header->tensors.size(), tensors_max);
        EXPECT_FALSE(recognize(*header).content.empty());
    }
    EXPECT_GT(readable, 0)
        << "edits that do no harm must still be readable, else the loop tests one early exit";
}

TEST(Sha256OfFile, IsTheKnownValueAndStopsWhenAsked) {
    const TemporaryFolder folder;
    const auto path = folder.write("text", "abc");
    EXPECT_EQ(*sha256_of_file(path, nullptr),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_of_file(path, [](auto, auto) { return false; }).error().code, ErrorCode::canceled);
}

}  // namespace
}  // namespace ourvidz::catalog
