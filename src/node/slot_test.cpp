#include "node/slot.h"

#include <gtest/gtest.h>

#include "catalog/test_files.h"

namespace ourvidz::node {
namespace {

TEST(LorasOfALease, GetTheFilesOfThisMachineOrSayWhichIsMissing) {
    const catalog::testing::TemporaryFolder folder;
    const auto file = folder.write(
        "loras/ink__v1.safetensors",
        catalog::testing::safetensors(
            {{"lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight", {4, 2048}}}));
    const auto shipped = std::filesystem::path(OURVIDZ_SOURCE_DIR) / "models/catalog";
    const auto catalog = catalog::Catalog::load({shipped, {folder.path()}, 0});
    ASSERT_TRUE(catalog);
    const auto found = with_files({{"ink__v1", 0.8}}, *catalog, "sdxl");
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_EQ(found->front().file, file);
    EXPECT_DOUBLE_EQ(found->front().weight, 0.8);
    const auto missing = with_files({{"ink__v1", 0.8}, {"pen", 1}}, *catalog, "sdxl");
    EXPECT_EQ(missing.error().code, ErrorCode::unavailable) << "another machine may have it";
    EXPECT_EQ(missing.error().detail,
              "The LoRA \"pen\" is not installed here for models of the family sdxl.");
    EXPECT_FALSE(with_files({{"ink__v1", 0.8}}, *catalog, "wan"));
}

}  // namespace
}  // namespace ourvidz::node
