// What every adapter of files::FileStore must do.
#include "files/file_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "base/sha256.h"
#include "temporary_folder.h"

namespace ourvidz::files {
namespace {

using Open = Result<std::unique_ptr<FileStore>> (*)(const std::filesystem::path&);

class FileStoreContract : public testing::TestWithParam<Open> {
  protected:
    void SetUp() override { open(); }
    void open() {
        auto store = GetParam()(folder_.path());
        ASSERT_TRUE(store.ok()) << store.error().detail;
        store_ = std::move(*store);
    }
    std::filesystem::path incoming(const std::string& name, const std::string& content) const {
        const auto path = store_->incoming_folder() / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    static std::string content_of(const std::filesystem::path& path) {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    TemporaryFolder folder_;
    std::unique_ptr<FileStore> store_;
};

TEST_P(FileStoreContract, TakesAFileOverAndMeasuresIt) {
    const auto source = incoming("one", "a red fox");
    const auto stored = store_->adopt(source);
    ASSERT_TRUE(stored.ok()) << stored.error().detail;
    EXPECT_EQ(stored->bytes, 9U);
    EXPECT_EQ(stored->sha256, sha256_hex("a red fox"));
    EXPECT_FALSE(std::filesystem::exists(source));
    EXPECT_EQ(content_of(*store_->local_path(stored->key)), "a red fox");
}

TEST_P(FileStoreContract, KeepsEqualFilesApart) {
    const auto first = store_->adopt(incoming("one", "same"));
    const auto second = store_->adopt(incoming("two", "same"));
    ASSERT_TRUE(store_->remove(first->key).ok());
    EXPECT_EQ(content_of(*store_->local_path(second->key)), "same");
}

TEST_P(FileStoreContract, SurvivesBeingOpenedAgainAndForgetsWhatWasOnItsWay) {
    const auto stored = store_->adopt(incoming("one", "kept"));
    const auto half = incoming("two", "half");
    store_.reset();
    open();
    EXPECT_EQ(content_of(*store_->local_path(stored->key)), "kept");
    EXPECT_FALSE(std::filesystem::exists(half));
}

TEST_P(FileStoreContract, KnowsNoPathsOutsideItself) {
    std::ofstream(folder_.path() / "secret") << "secret";
    for (const auto* key : {"", "../secret", "..%2fsecret", "secret", "00000000000000000000000000000000"}) {
        EXPECT_EQ(store_->local_path(key).error().code, ErrorCode::not_found) << key;
        EXPECT_TRUE(store_->remove(key).ok()) << key;
    }
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "secret"));
}

TEST_P(FileStoreContract, ListsOnlyWhatIsOldEnough) {
    const auto stored = store_->adopt(incoming("one", "x"));
    EXPECT_THAT(*store_->list(0), testing::IsEmpty());
    EXPECT_THAT(*store_->list(std::numeric_limits<std::int64_t>::max()), testing::ElementsAre(stored->key));
}

TEST_P(FileStoreContract, SaysWhenThereIsNothingToTake) {
    EXPECT_EQ(store_->adopt(store_->incoming_folder() / "absent").error().code, ErrorCode::unavailable);
}

INSTANTIATE_TEST_SUITE_P(Folder, FileStoreContract, testing::Values(&open_folder));

}  // namespace
}  // namespace ourvidz::files
