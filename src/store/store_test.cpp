// That two halves are one store, and what a sweep may take; on both databases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "base/id.h"
#include "db/test_with_database.h"
#include "store/gaps.h"
#include "store/identity.h"
#include "store/sweep.h"

namespace ourvidz::store {
namespace {

using testing::HasSubstr;

constexpr UnixMs day_ms = 24LL * 3'600'000;

class LaterClock final : public Clock {
  public:
    explicit LaterClock(UnixMs by_ms) : by_ms_(by_ms) {}
    UnixMs now_ms() const override { return SystemClock().now_ms() + by_ms_; }

  private:
    UnixMs by_ms_;
};

class StoreTest : public db::TestWithDatabase {
  protected:
    void fill() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "ourvidz-test-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        files_ = open_files("files");
        run("INSERT INTO workspaces (id, name, created_at) VALUES ('w', 'W', 0)");
    }
    void TearDown() override {
        std::error_code ignored;
        files_.reset();
        if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
    }
    std::unique_ptr<files::FileStore> open_files(const std::string& name) {
        auto opened = files::open_folder(folder_ / name);
        EXPECT_TRUE(opened.ok()) << opened.error().detail;
        return std::move(*opened);
    }
    void run(const std::string& sql) {
        auto work = [&](db::Connection& connection) -> Result<void> {
            OURVIDZ_CHECK(connection.execute(sql, {}));
            return {};
        };
        const auto done = database_->write_now(db::Scope::server(), work);
        EXPECT_TRUE(done.ok()) << done.error().detail;
    }
    std::string add_file() {
        const auto path = files_->incoming_folder() / "one";
        std::ofstream(path) << "fox";
        return files_->adopt(path)->key;
    }
    std::string add_named() {
        const auto key = add_file();
        run("INSERT INTO assets (id, workspace_id, position, medium, state, content_type, width, height, "
            "bytes,"
            " sha256, recipe, people_free, policy, created_at) "
            "VALUES"
            " ('" +
            key + "', 'w', 0, 'image', 'kept', 'image/png', 1, 1, 3, '', '{}', 1, 1, 0)");
        run("INSERT INTO asset_files (asset_id, variant, file_key, content_type, bytes, sha256) VALUES ('" +
            key + "', 'original', '" + key + "', 'image/png', 3, '')");
        return key;
    }
    std::string refusal() {
        const auto met = meet(*database_, *files_, clock_);
        return met.ok() ? "" : met.error().detail;
    }
    Swept swept(UnixMs after_ms, Limit limit = Limit::small_share) {
        auto done = sweep(*database_, *files_, LaterClock(after_ms), limit);
        EXPECT_TRUE(done.ok()) << done.error().detail;
        return done.ok() ? *done : Swept{};
    }

    const SystemClock clock_;
    std::filesystem::path folder_;
    std::unique_ptr<files::FileStore> files_;
};

TEST_P(StoreTest, HalvesThatHaveMetKnowEachOther) {
    EXPECT_EQ(refusal(), "");
    EXPECT_EQ(refusal(), "");
    EXPECT_TRUE(beat(*database_, *files_, clock_).ok());
    files_ = open_files("others");
    EXPECT_THAT(refusal(), HasSubstr("have no identity"));
    ASSERT_TRUE(files_->set_note(R"({"store":"store_other","beat":1})").ok());
    EXPECT_THAT(refusal(), HasSubstr("belong to another studio"));
    EXPECT_FALSE(beat(*database_, *files_, clock_).ok());
    ASSERT_TRUE(files_->set_note("{").ok());
    EXPECT_THAT(refusal(), HasSubstr("cannot be read"));
    ASSERT_TRUE(adopt(*database_, *files_, clock_).ok());
    EXPECT_EQ(refusal(), "");
}

TEST_P(StoreTest, ANewDatabaseIsNotBegunBesideFiles) {
    add_file();
    EXPECT_THAT(refusal(), HasSubstr("knows none of them"));
    EXPECT_EQ(files_->note().value(), std::nullopt);
    add_named();
    EXPECT_EQ(refusal(), "") << "files of the version before, and one that belongs to nothing";
}

TEST_P(StoreTest, AStartThatWasCutOffGoesOn) {
    EXPECT_EQ(refusal(), "");
    const auto note = files_->note();
    run("UPDATE store SET joined = 0");
    EXPECT_EQ(refusal(), "") << "the files had been told";
    run("UPDATE store SET joined = 0");
    std::filesystem::remove(folder_ / "files" / files::note_name);
    EXPECT_EQ(refusal(), "") << "the files had not been told";
    EXPECT_TRUE(same_store(**note, **files_->note()));
}

TEST_P(StoreTest, ServersThatStartTogetherBeginOneStore) {
    for (int round = 0; round < 20; ++round) {
        run("DELETE FROM store");
        std::filesystem::remove(folder_ / "files" / files::note_name);
        std::array<std::string, 6> refusals;
        {
            std::vector<std::jthread> servers;
            for (auto& refused : refusals) servers.emplace_back([this, &refused] { refused = refusal(); });
        }
        EXPECT_THAT(refusals, testing::Each(""));
    }
}

TEST_P(StoreTest, AnOlderDatabaseAndACopyAtWorkAreNoticed) {
    EXPECT_EQ(refusal(), "");
    add_named();
    add_file();
    run("UPDATE store SET beat = beat - 1");
    EXPECT_THAT(beat(*database_, *files_, clock_).error().detail, HasSubstr("a copy of it works"));
    const auto met = meet(*database_, *files_, clock_);
    ASSERT_TRUE(met.ok()) << met.error().detail;
    EXPECT_EQ(met->newer_files, 1U);
    EXPECT_EQ(meet(*database_, *files_, clock_)->newer_files, std::nullopt) << "told once";
}

// A copy that was made while the studio worked, put back after it had gone on and was stopped.
TEST_P(StoreTest, NothingNewerThanAnOlderDatabaseIsEverTaken) {
    EXPECT_EQ(refusal(), "");
    const auto known = add_named();
    run("CREATE TABLE older AS SELECT * FROM store");
    const auto newer = add_file();
    EXPECT_TRUE(beat(*database_, *files_, clock_).ok());
    run("DELETE FROM store");
    run("INSERT INTO store SELECT * FROM older");
    EXPECT_EQ(meet(*database_, *files_, clock_)->newer_files, 1U);
    for (const auto later : {2 * unnamed_for_ms, 2 * day_ms, 40 * day_ms, 80 * day_ms}) {
        const auto done = swept(later);
        EXPECT_EQ(done.discarded + done.removed, 0U);
        EXPECT_EQ(done.newer, 1U);
        EXPECT_THAT(stayed_text(done), HasSubstr("1 of 2 files are newer than the database"));
    }
    EXPECT_TRUE(files_->size(newer).ok());
    EXPECT_EQ(count_unnamed(*database_, *files_, clock_.now_ms() + 2 * unnamed_for_ms)->newer, 1U);
    EXPECT_EQ(swept(2 * unnamed_for_ms, Limit::operators).discarded, 1U);
    EXPECT_TRUE(files_->size(known).ok());
}

TEST_P(StoreTest, TheNewerDatabaseIsKnownAgainAfterAnOlderOneHadItsPlace) {
    EXPECT_EQ(refusal(), "");
    add_named();
    run("CREATE TABLE older AS SELECT * FROM store");
    EXPECT_TRUE(beat(*database_, *files_, clock_).ok());
    run("CREATE TABLE newer AS SELECT * FROM store");
    const auto put_back = [this](const std::string& table) {
        run("DELETE FROM store_gaps");  // of the other database
        run("DELETE FROM store");
        run("INSERT INTO store SELECT * FROM " + table);
        EXPECT_TRUE(meet(*database_, *files_, clock_).ok());
        return is_older_copy(*database_).value();
    };
    EXPECT_TRUE(put_back("older")) << "though there is no newer file";
    EXPECT_TRUE(beat(*database_, *files_, clock_).ok());
    EXPECT_TRUE(put_back("older"));
    EXPECT_FALSE(put_back("newer"));
    EXPECT_TRUE(put_back("older"));
    add_file();
    EXPECT_TRUE(put_back("newer")) << "the older one has made something meanwhile";
}

// The files were told nothing since the copy: only the times tell.
TEST_P(StoreTest, WhatCameSinceTheLastBeatOfAKilledServerStays) {
    EXPECT_EQ(refusal(), "");
    // A second before: the kernel's clock for files goes in steps, and S3's in whole seconds.
    EXPECT_TRUE(beat(*database_, *files_, LaterClock(-1'000)).ok());
    const auto perhaps = add_file();
    // And it starts again a second after: never within the millisecond in which the file was made.
    const LaterClock again(1'000);
    EXPECT_EQ(meet(*database_, *files_, again)->newer_files, std::nullopt);
    EXPECT_TRUE(beat(*database_, *files_, again).ok());
    for (const auto later : {2 * unnamed_for_ms, 40 * day_ms}) {
        const auto done = swept(later);
        EXPECT_EQ(done.discarded, 0U);
        EXPECT_EQ(done.perhaps_newer, 1U);
        EXPECT_EQ(stayed_text(done), "") << "most are remains of what was cut off";
    }
    EXPECT_TRUE(files_->size(perhaps).ok());
}

TEST_P(StoreTest, AGapWithoutFilesIsForgotten) {
    EXPECT_EQ(refusal(), "");
    EXPECT_TRUE(beat(*database_, *files_, LaterClock(-3 * unnamed_for_ms)).ok());
    EXPECT_EQ(refusal(), "");
    add_named();
    EXPECT_EQ(gaps(*database_)->size(), 1U);
    EXPECT_EQ(swept(0).perhaps_newer, 0U);
    EXPECT_EQ(gaps(*database_)->size(), 1U) << "its files are not old enough yet";
    EXPECT_EQ(swept(2 * unnamed_for_ms).perhaps_newer, 0U);
    EXPECT_TRUE(gaps(*database_)->empty());
}

TEST_P(StoreTest, WhatAnAdoptedDatabaseDoesNotNameStays) {
    add_named();
    add_named();
    EXPECT_EQ(refusal(), "");
    add_file();
    ASSERT_TRUE(adopt(*database_, *files_, clock_).ok());
    const auto done = swept(2 * unnamed_for_ms);
    EXPECT_EQ(done.discarded, 0U);
    EXPECT_EQ(done.newer, 1U);
}

TEST_P(StoreTest, WhatNothingNamesWaitsAMonthInTheTrash) {
    EXPECT_EQ(refusal(), "");
    const auto named = add_named();
    const auto lost = add_file();
    EXPECT_EQ(swept(0).discarded, 0U) << "too young";
    EXPECT_EQ(swept(unnamed_for_ms + 1'000).discarded, 1U);
    EXPECT_EQ(files_->size(lost).error().code, ErrorCode::not_found);
    EXPECT_EQ(swept(29 * day_ms).removed, 0U);
    EXPECT_EQ(swept(31 * day_ms).removed, 1U);
    EXPECT_TRUE(files_->discarded()->empty());
    EXPECT_TRUE(files_->size(named).ok());
}

TEST_P(StoreTest, WhatIsNamedAgainComesBackHoweverOld) {
    EXPECT_EQ(refusal(), "");
    const auto key = add_named();
    ASSERT_TRUE(files_->discard(key).ok());
    const auto done = swept(40 * day_ms);
    EXPECT_EQ(done.brought_back, 1U);
    EXPECT_EQ(done.removed, 0U);
    EXPECT_TRUE(files_->size(key).ok());
    ASSERT_TRUE(files_->discard(key).ok());
    EXPECT_EQ(meet(*database_, *files_, clock_)->brought_back, 1U);
}

TEST_P(StoreTest, ManyAreHeldBackUntilTheOperatorSaysSo) {
    EXPECT_EQ(refusal(), "");
    add_named();
    for (std::uint64_t i = 0; i < few_files + 1; ++i) add_file();
    const auto hour = unnamed_for_ms + 1'000;
    EXPECT_EQ(swept(hour).held_back, few_files + 1);
    EXPECT_TRUE(files_->discarded()->empty());
    EXPECT_EQ(swept(hour, Limit::operators).discarded, few_files + 1);
    // What went today counts for the rest of the day.
    add_file();
    EXPECT_EQ(swept(hour).held_back, 1U);
    EXPECT_EQ(swept(2 * day_ms).discarded, 1U);
}

// They are on their way out, and would be many at once.
TEST_P(StoreTest, FilesOfWhatWasPurgedAreNotTheSweeps) {
    EXPECT_EQ(refusal(), "");
    add_named();
    const auto purged = add_file();
    run("INSERT INTO purged_files (file_key, workspace_id, bytes, purged_at) VALUES ('" + purged +
        "', 'w', 3, 0)");
    EXPECT_EQ(swept(2 * unnamed_for_ms).discarded, 0U);
    run("DELETE FROM purged_files");
    EXPECT_EQ(swept(2 * unnamed_for_ms).discarded, 1U);
}

TEST_P(StoreTest, TheTrashCountsOnlyTimeInWhichTheStudioIsThere) {
    EXPECT_EQ(refusal(), "");
    add_named();
    const auto discarded_at = [this] {
        auto read = [](db::Connection& connection) {
            return connection.query("SELECT discarded_at FROM assets", {});
        };
        return database_->read_now(db::Scope::server(), read)->at(0).integer(0);
    };
    run("UPDATE assets SET state = 'discarded', discarded_at = 1000");
    EXPECT_TRUE(beat(*database_, *files_, LaterClock(day_ms - 60'000)).ok());
    EXPECT_EQ(discarded_at(), 1000);
    EXPECT_TRUE(beat(*database_, *files_, LaterClock(5 * day_ms)).ok());
    EXPECT_GE(discarded_at(), 4 * day_ms) << "away, or the clock has jumped";
    EXPECT_LE(discarded_at(), 5 * day_ms);
    // An older copy: everything in its trash begins anew.
    run("UPDATE store SET beat = beat - 1");
    EXPECT_EQ(refusal(), "");
    EXPECT_GE(discarded_at(), clock_.now_ms() - 60'000);
}

INSTANTIATE_TEST_SUITE_P(All, StoreTest, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ourvidz::store
