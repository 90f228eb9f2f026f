// Assets that go for good, with what generations have to say to it; on both databases.
#include "generations/leaving.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <thread>

#include "db/test_with_database.h"
#include "events/event_log.h"
#include "generations/generations_jobs.h"
#include "generations/submit.h"
#include "generations/test_generation.h"

namespace ourvidz::generations {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr UnixMs day_ms = 24LL * 3'600'000;
constexpr std::int64_t file_bytes = 3;
constexpr std::array all_states{assets::State::staging, assets::State::kept, assets::State::discarded};

class LeavingTest : public db::TestWithDatabase {
  protected:
    void fill() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "ourvidz-test-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        files_ = *files::open_folder(folder_);
        change([this](db::Connection& connection) -> Result<void> {
            for (const auto* id : {"fox", "owl"}) {
                OURVIDZ_CHECK(connection.execute(
                    "INSERT INTO workspaces (id, name, created_at) VALUES ($1, 'W', 0)", {std::string(id)}));
                OURVIDZ_CHECK(ledger::open_accounts(connection, id, 100'000, clock_));
            }
            return {};
        });
    }
    void TearDown() override {
        std::error_code ignored;
        files_.reset();
        if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
    }
    void change(const std::function<Result<void>(db::Connection&)>& work) {
        const auto done = database_->write_now(db::Scope::server(), work);
        ASSERT_TRUE(done.ok()) << done.error().detail;
    }
    std::string add_file() {
        const auto path = files_->incoming_folder() / "one";
        std::ofstream(path) << "fox";
        return files_->adopt(path)->key;
    }
    // A generation that is over, with a picture in the state: gen_ID and ast_ID.
    Result<void> add(db::Connection& connection, const std::string& id, assets::State state,
                     const std::string& key, const std::string& workspace = "fox") {
        OURVIDZ_CHECK(add_generation(connection, id, {}, workspace));
        OURVIDZ_TRY(held,
                    ledger::end_hold(connection, "job_" + id, ledger::HoldEnd::settled, clock_.now_ms()));
        EXPECT_TRUE(held);
        OURVIDZ_CHECK(
            connection.execute("UPDATE jobs SET state = 'succeeded' WHERE subject_id = $1", {"gen_" + id}));
        OURVIDZ_CHECK(move_to(connection, "gen_" + id, Change{State::succeeded, {}, {}}, clock_.now_ms()));
        OURVIDZ_CHECK(add_asset(connection, id, 0, key, workspace));
        OURVIDZ_TRY(moved, assets::move_to(connection, workspace, "ast_" + id, state, clock_.now_ms()));
        EXPECT_EQ(moved.state, state);
        return {};
    }
    Result<void> add_generation(db::Connection& connection, const std::string& id,
                                const std::optional<std::string>& source,
                                const std::string& workspace = "fox") {
        auto made = waiting_generation(id, clock_.now_ms(), workspace);
        made.generation.settings.prompt = "a red fox";
        made.generation.settings.width = 512;
        made.generation.settings.resolved = {{"a red fox", ""}};
        made.generation.settings.source_asset_id = source;
        made.generation.hint = "fox";
        return insert(connection, made.generation, made.job, clock_);
    }
    Result<void> add_asset(db::Connection& connection, const std::string& id, int position,
                           const std::string& key, const std::string& workspace = "fox") {
        assets::Asset asset;
        asset.id = "ast_" + id;
        asset.workspace_id = workspace;
        asset.generation_id = "gen_" + id;
        asset.position = position;
        asset.medium = "image";
        asset.created_at = clock_.now_ms();
        asset.files = {{"original", key, "image/png", file_bytes, ""}};
        return assets::insert_held(connection, asset, {safety::Decision::hold, "r", "s", 1});
    }
    void add_now(const std::string& id, assets::State state, const std::string& workspace = "fox") {
        const auto key = add_file();
        keys_[id] = key;
        change([&](db::Connection& connection) { return add(connection, id, state, key, workspace); });
    }
    // The ids of all assets of the workspace that are left.
    std::vector<std::string> left(const std::string& workspace = "fox") {
        auto read = [&](db::Connection& connection) {
            return assets::list(connection, workspace, std::nullopt, std::nullopt, 200);
        };
        std::vector<std::string> ids;
        const auto page = database_->read_now(db::Scope::workspace(workspace), read);
        for (const auto& one : page->items) ids.push_back(one.id);
        return ids;
    }
    Result<assets::Purged> delete_one(const std::string& id, const std::string& workspace = "fox") {
        auto work = [&](db::Connection& connection) {
            return assets::purge_one(connection, workspace, id, others_, clock_.now_ms());
        };
        return database_->write_now(db::Scope::workspace(workspace), work);
    }
    void empty_trash(const std::string& workspace = "fox") {
        auto work = [&](db::Connection& connection) {
            return assets::mark_emptied(connection, workspace, clock_.now_ms());
        };
        EXPECT_TRUE(database_->write_now(db::Scope::workspace(workspace), work).ok());
    }
    assets::PurgedPart purge(UnixMs before) {
        auto part = assets::purge_due(*database_, before, others_, clock_);
        EXPECT_TRUE(part.ok()) << part.error().detail;
        return part.ok() ? *part : assets::PurgedPart{};
    }
    std::int64_t give_back_all(files::FileStore& files) {
        std::int64_t given = 0;
        for (;;) {
            const auto some = assets::give_back(*database_, files);
            EXPECT_TRUE(some.ok()) << some.error().detail;
            if (!some.ok() || !some->more) return given;
            given += some->files;
        }
    }
    bool has_file(const std::string& id) { return files_->size(keys_.at(id)).ok(); }
    Generation generation(const std::string& id) {
        auto read = [&](db::Connection& connection) { return find_any(connection, "gen_" + id); };
        return *database_->read_now(db::Scope::server(), read);
    }

    ManualClock clock_{1'700'000'000'000};
    const assets::Others others_{needed_of, forget_those_without_assets};
    std::filesystem::path folder_;
    std::unique_ptr<files::FileStore> files_;
    std::map<std::string, std::string> keys_;
};

TEST_P(LeavingTest, WhatHasBeenInTheTrashForLongEnoughGoesWithItsFiles) {
    for (const auto state : all_states) add_now(std::string(to_string(state)), state);
    clock_.advance(day_ms);
    add_now("young", assets::State::discarded);
    add_now("foreign", assets::State::discarded, "owl");
    EXPECT_EQ(purge(clock_.now_ms() - day_ms - 1).purged.assets, 0);
    const auto part = purge(clock_.now_ms() - day_ms);
    EXPECT_EQ(part.purged.assets, 1);
    EXPECT_EQ(part.purged.bytes, file_bytes);
    EXPECT_THAT(part.workspaces, ElementsAre("fox"));
    EXPECT_FALSE(part.more);
    EXPECT_THAT(left(), UnorderedElementsAre("ast_young", "ast_kept", "ast_staging"));
    EXPECT_THAT(left("owl"), ElementsAre("ast_foreign"));
    EXPECT_TRUE(has_file("discarded")) << "after the rows, and not with them";
    EXPECT_EQ(give_back_all(*files_), 1);
    for (const auto* id : {"young", "kept", "staging", "foreign"}) EXPECT_TRUE(has_file(id)) << id;
    EXPECT_FALSE(has_file("discarded"));
}

TEST_P(LeavingTest, ReadersAreToldThatItIsGone) {
    add_now("a", assets::State::discarded);
    auto newest = [](db::Connection& connection) { return events::newest(connection, "fox"); };
    const auto before = *database_->read_now(db::Scope::server(), newest);
    EXPECT_TRUE(delete_one("ast_a").ok());
    auto read = [&](db::Connection& connection) { return events::read_after(connection, "fox", before, 9); };
    const auto told = *database_->read_now(db::Scope::server(), read);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].name + " " + told[0].subject_id, "asset ast_a");
}

TEST_P(LeavingTest, OnlyWhatIsInTheOwnTrashCanBeDeleted) {
    for (const auto state : all_states) add_now(std::string(to_string(state)), state);
    add_now("foreign", assets::State::discarded, "owl");
    EXPECT_EQ(delete_one("ast_kept").error().code, ErrorCode::conflict);
    EXPECT_EQ(delete_one("ast_staging").error().code, ErrorCode::conflict);
    EXPECT_EQ(delete_one("ast_foreign").error().code, ErrorCode::not_found);
    EXPECT_EQ(delete_one("ast_discarded")->bytes, file_bytes);
    EXPECT_EQ(delete_one("ast_discarded").error().code, ErrorCode::not_found);
}

TEST_P(LeavingTest, WhatIsBeingMadeKeepsWhatItNeeds) {
    add_now("start", assets::State::discarded);
    change([&](db::Connection& connection) -> Result<void> {
        OURVIDZ_CHECK(add_generation(connection, "child", "ast_start"));
        // One of a batch that goes on.
        OURVIDZ_CHECK(add_generation(connection, "batch", std::nullopt));
        OURVIDZ_CHECK(add_asset(connection, "batch", 0, "00"));
        OURVIDZ_TRY(moved, assets::move_to(connection, "fox", "ast_batch", assets::State::discarded,
                                           clock_.now_ms()));
        EXPECT_EQ(moved.state, assets::State::discarded);
        return {};
    });
    empty_trash();
    EXPECT_EQ(purge(0).purged.assets, 0);
    EXPECT_EQ(delete_one("ast_start").error().code, ErrorCode::conflict);
    EXPECT_EQ(delete_one("ast_batch").error().code, ErrorCode::conflict);
    change([&](db::Connection& connection) -> Result<void> {
        for (const auto* id : {"gen_child", "gen_batch"}) {
            OURVIDZ_TRY(canceled, cancel(connection, "fox", id, clock_.now_ms()));
            EXPECT_EQ(canceled.state, State::canceled);
        }
        return {};
    });
    EXPECT_EQ(purge(0).purged.assets, 2) << "what was emptied goes as soon as it is needed no more";
    EXPECT_EQ(generation("child").settings.source_asset_id, "ast_start") << "its own words are its own";
}

TEST_P(LeavingTest, AGenerationWithNothingLeftLosesItsWordsAndTheBooksStayRight) {
    add_now("a", assets::State::discarded);
    add_now("b", assets::State::discarded);
    EXPECT_TRUE(delete_one("ast_a").ok());
    const auto emptied = generation("a");
    EXPECT_EQ(emptied.settings.prompt, std::nullopt);
    EXPECT_THAT(emptied.settings.resolved, IsEmpty());
    EXPECT_EQ(emptied.hint, std::nullopt);
    EXPECT_EQ(emptied.settings.width, 512);
    EXPECT_EQ(emptied.hold, "settled");
    EXPECT_EQ(emptied.credits, 1);
    EXPECT_EQ(generation("b").settings.prompt, "a red fox");
    const auto audit = database_->read_now(db::Scope::server(), ledger::audit);
    ASSERT_TRUE(audit.ok()) << audit.error().detail;
    EXPECT_TRUE(audit->findings.empty()) << ledger::to_text(*audit);
}

TEST_P(LeavingTest, WhatComesIntoAnEmptiedTrashStays) {
    add_now("old", assets::State::discarded);
    empty_trash();
    add_now("same moment", assets::State::discarded);
    clock_.advance(-5);  // by the clock of another server
    add_now("just before", assets::State::discarded);
    clock_.advance(1'000);
    EXPECT_EQ(purge(0).purged.assets, 1);
    EXPECT_THAT(left(), UnorderedElementsAre("ast_same moment", "ast_just before"));
    auto look = [](db::Connection& connection) { return assets::trash_of(connection, "fox"); };
    const auto trash = *database_->read_now(db::Scope::workspace("fox"), look);
    EXPECT_EQ(trash.assets, 2);
    EXPECT_EQ(trash.bytes, 2 * file_bytes);
}

TEST_P(LeavingTest, WhatIsBroughtBackIsInTheTrashNoMore) {
    add_now("a", assets::State::discarded);
    empty_trash();
    change([&](db::Connection& connection) -> Result<void> {
        OURVIDZ_TRY(back,
                    assets::move_to(connection, "fox", "ast_a", assets::State::staging, clock_.now_ms()));
        EXPECT_EQ(back.discarded_at, std::nullopt);
        return {};
    });
    EXPECT_EQ(purge(clock_.now_ms()).purged.assets, 0);
}

// As if the same file were two assets': the first to go leaves it to the other.
TEST_P(LeavingTest, AFileThatAnAssetNamesStays) {
    add_now("a", assets::State::kept);
    change([&](db::Connection& connection) {
        return connection.change(
            "INSERT INTO purged_files (file_key, workspace_id, bytes, purged_at) VALUES ($1, 'fox', 3, 0)",
            {keys_["a"]});
    });
    EXPECT_EQ(give_back_all(*files_), 0);
    EXPECT_TRUE(has_file("a"));
}

TEST_P(LeavingTest, AServerThatEndsAnywhereLeavesNothingBehind) {
    for (const auto* id : {"a", "b", "c"}) add_now(id, assets::State::discarded);
    EXPECT_TRUE(delete_one("ast_a").ok());
    // It ends after the rows; the next one goes on.
    EXPECT_EQ(give_back_all(*files_), 1);
    // It ends after the file, before that is noted.
    EXPECT_TRUE(delete_one("ast_b").ok());
    EXPECT_TRUE(files_->remove(keys_["b"]).ok());
    EXPECT_EQ(give_back_all(*files_), 1);
    EXPECT_THAT(left(), ElementsAre("ast_c"));
    EXPECT_THAT(*files_->list(std::numeric_limits<UnixMs>::max()), ElementsAre(keys_["c"]));
}

TEST_P(LeavingTest, ManyGoInPartsAndTwoServersMayWorkAtOnce) {
    constexpr int many = assets::purged_at_once * (assets::purges_in_a_part + 1) + 7;
    // In small transactions: each has its time limit, also on a busy machine.
    for (int from = 0; from < many; from += assets::purged_at_once) {
        change([&](db::Connection& connection) -> Result<void> {
            for (int i = from; i < std::min(many, from + assets::purged_at_once); ++i)
                OURVIDZ_CHECK(
                    add(connection, std::to_string(i), assets::State::discarded, "key" + std::to_string(i)));
            return {};
        });
    }
    add_now("kept", assets::State::kept);
    auto other = store_->open(OURVIDZ_SOURCE_DIR "/migrations");
    auto& second = other.ok() ? **other : *database_;  // SQLite belongs to one
    std::atomic<std::int64_t> purged = 0;
    std::atomic<int> parts = 0;
    const auto work = [&](db::Database& database) {
        for (bool more = true; more;) {
            const auto part = assets::purge_due(database, clock_.now_ms(), others_, clock_);
            ASSERT_TRUE(part.ok()) << part.error().detail;
            EXPECT_LE(part->purged.assets, assets::purged_at_once * assets::purges_in_a_part);
            purged += part->purged.assets;
            more = part->more;
            ++parts;
        }
    };
    std::thread beside([&] { work(second); });
    work(*database_);
    beside.join();
    EXPECT_EQ(purged, many);
    EXPECT_GE(parts, 2);
    EXPECT_THAT(left(), ElementsAre("ast_kept"));
    std::thread removing([&] { give_back_all(*files_); });
    give_back_all(*files_);
    removing.join();
    EXPECT_TRUE(has_file("kept"));
    auto count = [](db::Connection& connection) {
        return connection.query("SELECT COUNT(*) FROM purged_files", {});
    };
    EXPECT_EQ(database_->read_now(db::Scope::server(), count)->at(0).integer(0), 0);
}

INSTANTIATE_TEST_SUITE_P(All, LeavingTest, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ourvidz::generations
