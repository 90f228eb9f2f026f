// What every adapter of files::FileStore must do.
#include "files/file_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <thread>

#include "base/id.h"
#include "base/sha256.h"
#include "files/s3_bucket.h"
#include "http/client.h"
#include "relay.h"
#include "temporary_folder.h"

namespace ourvidz::files {
namespace {

std::string from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

// The S3 server that tests/services runs; a prefix of its own for each test.
S3Options test_bucket(const std::string& origin) {
    S3Options options;
    options.url = origin + "/" + from_environment("OURVIDZ_TEST_S3_BUCKET") + "/" + random_hex(8);
    options.region = "us-east-1";
    options.access_key = from_environment("OURVIDZ_TEST_S3_ACCESS_KEY");
    options.secret_key = from_environment("OURVIDZ_TEST_S3_SECRET_KEY");
    return options;
}

class FileStoreContract : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        if (is_s3()) {
            const auto origin = from_environment("OURVIDZ_TEST_S3");
            if (origin.empty()) GTEST_SKIP() << "no S3 server to test with";
            bucket_ = test_bucket(origin);
        }
        open();
    }
    [[nodiscard]] static bool is_s3() { return std::string_view(GetParam()) == "s3"; }
    void open() {
        auto store =
            is_s3() ? open_s3(bucket_, folder_.path() / "incoming", clock_) : open_folder(folder_.path());
        ASSERT_TRUE(store.ok()) << store.error().detail;
        store_ = std::move(*store);
    }
    std::filesystem::path incoming(const std::string& name, const std::string& content) const {
        const auto path = store_->incoming_folder() / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    std::string content_of(const std::string& key) {
        const auto size = store_->size(key);
        if (!size.ok()) return "(" + size.error().detail + ")";
        const auto content = store_->read(key, 0, *size);
        return content.ok() ? *content : "(" + content.error().detail + ")";
    }

    const SystemClock clock_;
    S3Options bucket_;
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
    EXPECT_EQ(content_of(stored->key), "a red fox");
}

TEST_P(FileStoreContract, KeepsEqualFilesApart) {
    const auto first = store_->adopt(incoming("one", "same"));
    const auto second = store_->adopt(incoming("two", "same"));
    ASSERT_TRUE(store_->remove(first->key).ok());
    EXPECT_EQ(content_of(second->key), "same");
}

TEST_P(FileStoreContract, SurvivesBeingOpenedAgainAndForgetsWhatWasOnItsWay) {
    const auto stored = store_->adopt(incoming("one", "kept"));
    const auto half = incoming("two", "half");
    store_.reset();
    open();
    EXPECT_EQ(content_of(stored->key), "kept");
    EXPECT_FALSE(std::filesystem::exists(half));
}

TEST_P(FileStoreContract, KnowsNoPathsOutsideItself) {
    std::ofstream(folder_.path() / "secret") << "secret";
    for (const auto* key : {"", "../secret", "..%2fsecret", "secret", "00000000000000000000000000000000"}) {
        EXPECT_EQ(store_->size(key).error().code, ErrorCode::not_found) << key;
        EXPECT_EQ(store_->read(key, 0, 1).error().code, ErrorCode::not_found) << key;
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

TEST_P(FileStoreContract, ReadsAnyPart) {
    std::string content;
    for (int i = 0; i < 100'000; ++i) content += std::to_string(i) + " ";
    const auto stored = store_->adopt(incoming("one", content));
    ASSERT_TRUE(stored.ok()) << stored.error().detail;
    EXPECT_EQ(store_->size(stored->key).value(), content.size());
    EXPECT_EQ(store_->read(stored->key, 0, 10).value(), content.substr(0, 10));
    EXPECT_EQ(store_->read(stored->key, 12'345, 6'789).value(), content.substr(12'345, 6'789));
    EXPECT_EQ(store_->read(stored->key, content.size() - 3, 100).value(), content.substr(content.size() - 3));
    EXPECT_EQ(store_->read(stored->key, content.size(), 5).value(), "");
    EXPECT_EQ(store_->read(stored->key, 7, 0).value(), "");
}

TEST_P(FileStoreContract, KeepsAnEmptyFile) {
    const auto stored = store_->adopt(incoming("one", ""));
    ASSERT_TRUE(stored.ok()) << stored.error().detail;
    EXPECT_EQ(store_->size(stored->key).value(), 0U);
    EXPECT_EQ(content_of(stored->key), "");
}

// In S3 this goes up in four parts.
TEST_P(FileStoreContract, KeepsALargeFile) {
    bucket_.part_bytes = 5U << 20;
    open();
    std::string content;
    content.resize(17'000'001, 'x');
    for (std::size_t i = 0; i < content.size(); i += 997) content[i] = static_cast<char>('a' + i % 26);
    const auto stored = store_->adopt(incoming("one", content));
    ASSERT_TRUE(stored.ok()) << stored.error().detail;
    EXPECT_EQ(stored->sha256, sha256_hex(content));
    EXPECT_EQ(sha256_hex(content_of(stored->key)), stored->sha256);
    EXPECT_FALSE(std::filesystem::exists(store_->incoming_folder() / "one"));
}

TEST_P(FileStoreContract, RemovesForGood) {
    const auto stored = store_->adopt(incoming("one", "x"));
    ASSERT_TRUE(store_->remove(stored->key).ok());
    ASSERT_TRUE(store_->remove(stored->key).ok());
    EXPECT_EQ(store_->size(stored->key).error().code, ErrorCode::not_found);
    EXPECT_THAT(*store_->list(std::numeric_limits<std::int64_t>::max()), testing::IsEmpty());
}

TEST_P(FileStoreContract, KeepsWhatIsDiscardedUntilItIsBroughtBackOrRemoved) {
    const auto first = store_->adopt(incoming("one", "first"));
    const auto second = store_->adopt(incoming("two", "second"));
    for (const auto* one : {&first, &second}) ASSERT_TRUE(store_->discard((*one)->key).ok());
    EXPECT_EQ(store_->size(first->key).error().code, ErrorCode::not_found);
    EXPECT_EQ(store_->discard(first->key).error().code, ErrorCode::not_found);
    EXPECT_THAT(*store_->list(std::numeric_limits<std::int64_t>::max()), testing::IsEmpty());
    const auto trash = store_->discarded();
    ASSERT_TRUE(trash.ok()) << trash.error().detail;
    ASSERT_EQ(trash->size(), 2U);
    EXPECT_NEAR(static_cast<double>((*trash)[0].since_ms), static_cast<double>(clock_.now_ms()), 60'000);
    EXPECT_EQ(store_->read_discarded(second->key, 0, 100).value(), "second");
    ASSERT_TRUE(store_->bring_back(first->key).ok());
    EXPECT_EQ(content_of(first->key), "first");
    EXPECT_EQ(store_->bring_back(first->key).error().code, ErrorCode::not_found);
    ASSERT_TRUE(store_->remove_discarded(second->key).ok());
    EXPECT_THAT(*store_->discarded(), testing::IsEmpty());
}

TEST_P(FileStoreContract, HasOneNoteThatIsNoFile) {
    EXPECT_EQ(store_->note().value(), std::nullopt);
    ASSERT_TRUE(store_->set_first_note("mine").ok());
    EXPECT_EQ(store_->set_first_note("another's").error().code, ErrorCode::conflict);
    EXPECT_EQ(store_->note().value(), "mine");
    ASSERT_TRUE(store_->set_note("changed").ok());
    open();
    EXPECT_EQ(store_->note().value(), "changed");
    EXPECT_THAT(*store_->list(std::numeric_limits<std::int64_t>::max()), testing::IsEmpty());
}

TEST_P(FileStoreContract, IsTriedOutWithoutATrace) {
    const auto tried = store_->try_out();
    EXPECT_TRUE(tried.ok()) << tried.error().detail;
    EXPECT_THAT(*store_->list(std::numeric_limits<std::int64_t>::max()), testing::IsEmpty());
    EXPECT_TRUE(std::filesystem::is_empty(store_->incoming_folder()));
}

TEST_P(FileStoreContract, LeavesTheIncomingFilesOfAnotherProcessAlone) {
    const auto mine = incoming("one", "on its way");
    auto other =
        is_s3() ? open_s3(bucket_, folder_.path() / "incoming", clock_) : open_folder(folder_.path());
    ASSERT_TRUE(other.ok()) << other.error().detail;
    EXPECT_NE((*other)->incoming_folder(), store_->incoming_folder());
    EXPECT_TRUE(store_->adopt(mine).ok());
}

INSTANTIATE_TEST_SUITE_P(All, FileStoreContract, testing::Values("folder", "s3"),
                         [](const auto& kind) { return std::string(kind.param); });

// What only a bucket has: links, and a server that fails.
class S3 : public testing::Test {
  protected:
    void SetUp() override {
        const auto origin = from_environment("OURVIDZ_TEST_S3");
        if (origin.empty()) GTEST_SKIP() << "no S3 server to test with";
        relay_ = std::make_unique<Relay>(origin.substr(origin.find("://") + 3));
        bucket_ = test_bucket("http://" + relay_->address());
    }
    void open() {
        auto store = open_s3(bucket_, folder_.path(), clock_);
        ASSERT_TRUE(store.ok()) << store.error().detail;
        store_ = std::move(*store);
    }
    Result<StoredFile> add(const std::string& content) {
        const auto path = store_->incoming_folder() / "one";
        std::ofstream(path, std::ios::binary) << content;
        return store_->adopt(path);
    }
    // GET of a link, by a client that knows no key.
    static http::Reply get(const std::string& link, const http::Client::Headers& headers = {}) {
        const auto path = link.find('/', link.find("://") + 3);
        http::Client client(link.substr(0, path), "");
        const auto reply = client.send("GET", link.substr(path), "", headers, 5'000);
        return reply.ok() ? *reply : http::Reply{};
    }

    ManualClock clock_{SystemClock().now_ms()};
    S3Options bucket_;
    TemporaryFolder folder_;
    std::unique_ptr<Relay> relay_;
    std::unique_ptr<FileStore> store_;
};

TEST_F(S3, SignsLinksThatWorkUntilTheyExpire) {
    bucket_.links = true;
    open();
    const auto stored = add("a red fox in the snow");
    ASSERT_TRUE(stored.ok());
    const LinkOptions options{std::chrono::seconds(60), "image/webp",
                              "attachment; filename=\"fox one.webp\""};
    const auto link = store_->link(stored->key, options);
    ASSERT_TRUE(link.has_value());
    const auto whole = get(*link);
    EXPECT_EQ(whole.status, 200) << whole.body;
    EXPECT_EQ(whole.body, "a red fox in the snow");
    EXPECT_EQ(whole.content_type, "image/webp");
    EXPECT_EQ(whole.header("content-disposition"), "attachment; filename=\"fox one.webp\"");
    const auto part = get(*link, {{"Range", "bytes=2-4"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, "red");
    auto forged = *link;
    forged.back() = forged.back() == '0' ? '1' : '0';
    EXPECT_EQ(get(forged).status, 403);
    EXPECT_EQ(get(link->substr(0, link->find('?'))).status, 403);
    clock_.advance(-3'600'000);
    EXPECT_EQ(get(*store_->link(stored->key, options)).status, 403) << "signed an hour ago, for a minute";
}

TEST_F(S3, GivesNoLinksUnlessItIsTold) {
    open();
    const auto stored = add("fox");
    EXPECT_EQ(store_->link(stored->key, {}), std::nullopt);
}

TEST_F(S3, TriesAgainWhenTheServerFails) {
    open();
    relay_->cut();
    relay_->fail_next(2);
    const auto before = relay_->connections();
    const auto stored = add("fox");
    EXPECT_EQ(relay_->connections(), before + 3);
    ASSERT_TRUE(stored.ok()) << stored.error().detail;
    relay_->cut();
    relay_->fail_next(2);
    EXPECT_EQ(store_->read(stored->key, 0, 3).value(), "fox");
}

TEST_F(S3, TriesAgainWhenAnAnswerDoesNotCome) {
    bucket_.timeout_ms = 400;
    open();
    relay_->cut();
    relay_->mute_next(1);
    const auto before = relay_->connections();
    const auto stored = add("fox");
    ASSERT_TRUE(stored.ok()) << stored.error().detail;
    EXPECT_EQ(relay_->connections(), before + 2) << "the first one's answer was to be lost";
    EXPECT_EQ(store_->read(stored->key, 0, 3).value(), "fox");
    EXPECT_EQ(store_->list(std::numeric_limits<std::int64_t>::max())->size(), 1U);
}

TEST_F(S3, FinishesALargeUploadThroughFaults) {
    bucket_.part_bytes = 5U << 20;
    bucket_.timeout_ms = 3'000;
    open();
    std::string content;
    content.resize(16'000'000, 'f');
    std::atomic<bool> over = false;
    // A cut whenever a connection has lived for a while.
    std::thread cutter([&] {
        for (int cuts = 0; cuts < 6 && !over; ++cuts) {
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            relay_->cut();
        }
    });
    const auto stored = add(content);
    over = true;
    cutter.join();
    ASSERT_TRUE(stored.ok()) << stored.error().detail;
    EXPECT_EQ(store_->size(stored->key).value(), content.size());
    EXPECT_EQ(sha256_hex(store_->read(stored->key, 0, content.size()).value()), sha256_hex(content));
    EXPECT_EQ(store_->list(std::numeric_limits<std::int64_t>::max())->size(), 1U);
}

TEST_F(S3, TidiesUploadsThatWereCutOff) {
    open();
    const S3Bucket bucket(bucket_, clock_);
    const auto key = std::string(32, 'a');
    ASSERT_TRUE(bucket.begin_upload(key).ok());
    ASSERT_TRUE(bucket.begin_upload("somebody/elses").ok());
    ASSERT_TRUE(store_->tidy(clock_.now_ms() - 60'000).ok());
    EXPECT_EQ(bucket.open_uploads()->size(), 2U) << "it may still be going on";
    ASSERT_TRUE(store_->tidy(clock_.now_ms() + 60'000).ok());
    const auto left = bucket.open_uploads();
    ASSERT_EQ(left->size(), 1U);
    EXPECT_EQ((*left)[0].key, "somebody/elses");
}

TEST_F(S3, GivesUpWithAReason) {
    bucket_.tries_max = 2;
    open();
    relay_->set_away(true);
    const auto stored = add("fox");
    ASSERT_FALSE(stored.ok());
    EXPECT_EQ(stored.error().code, ErrorCode::unavailable);
    EXPECT_TRUE(std::filesystem::exists(store_->incoming_folder() / "one"))
        << "what is not stored is not taken";
}

TEST_F(S3, SaysWhatIsWrongWhenItIsOpened) {
    auto wrong = bucket_;
    wrong.secret_key = "canary-4711";
    auto opened = open_s3(wrong, folder_.path(), clock_);
    ASSERT_FALSE(opened.ok());
    EXPECT_THAT(opened.error().detail, testing::HasSubstr("SignatureDoesNotMatch"));
    EXPECT_THAT(opened.error().detail, testing::Not(testing::HasSubstr("canary")));
    wrong = bucket_;
    wrong.url = "http://" + relay_->address() + "/no-such-bucket";
    opened = open_s3(wrong, folder_.path(), clock_);
    ASSERT_FALSE(opened.ok());
}

}  // namespace
}  // namespace ourvidz::files
