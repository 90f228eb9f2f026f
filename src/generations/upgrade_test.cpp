// A database of an older version, with work in every state, opens as it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <string>
#include <tuple>

#include "base/id.h"
#include "db/test_database.h"
#include "generations/generations.h"
#include "generations/submit.h"
#include "ledger/ledger.h"
#include "queue/outlook.h"
#include "queue/queue.h"
#include "queue/request_keys.h"

namespace ourvidz::generations {
namespace {

// The last migrations before the queue kept counts, and before jobs stood on their own.
constexpr std::array last_of_old{"0005", "0013"};
using Param = std::tuple<const char*, const char*>;

struct Old {
    std::string_view state;  // of the generation and its job
    std::string_view hold;
    int credits;
    std::string_view kind = "image_fast";
    std::string_view settings = "{}";
    std::string_view kind_now = "image_fast";
};
constexpr std::array<Old, 9> old_work{
    {{"queued", "placed", 2},
     {"running", "placed", 3},
     {"succeeded", "settled", 4},
     {"failed", "voided", 5},
     {"canceled", "expired", 6},
     {"queued", "placed", 0},
     {"queued", "placed", 0, "chat_enhance", R"({"purpose":"scene"})", "chat_scene"},
     {"queued", "placed", 0, "chat_enhance", R"({"prompt":"A \"fox\"","purpose":"scenes"})", "chat_scenes"},
     {"queued", "placed", 0, "chat_enhance", R"({"prompt":"\"purpose\":\"scene\"","purpose":"prompt"})",
      "chat_enhance"}}};

class UpgradeTest : public testing::TestWithParam<Param> {
  protected:
    void SetUp() override {
        store_ = db::make_test_store(std::get<0>(GetParam()));
        if (!store_) GTEST_SKIP() << "no PostgreSQL to test with";
        folder_ = std::filesystem::path(testing::TempDir()) / ("migrations-" + random_hex(8));
        std::filesystem::copy(OURVIDZ_SOURCE_DIR "/migrations", folder_,
                              std::filesystem::copy_options::recursive);
        for (const auto& file : std::filesystem::directory_iterator(folder_)) {
            const auto name = file.path().filename().string();
            if (name.ends_with(".sql") && name.substr(0, 4) > std::get<1>(GetParam()))
                std::filesystem::remove(file.path());
        }
    }
    void TearDown() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    template <class F>
    void change(db::Database& database, F work) {
        const auto done = database.write_now(db::Scope::server(), std::move(work));
        ASSERT_TRUE(done.ok()) << done.error().detail;
    }

    void fill_old(db::Database& database) {
        change(database, [&](db::Connection& c) -> Result<void> {
            OURVIDZ_CHECK(
                c.execute("INSERT INTO workspaces (id, name, created_at) VALUES ('fox', 'W', 0)", {}));
            OURVIDZ_CHECK(ledger::open_accounts(c, "fox", 100, clock_));
            for (std::size_t i = 0; i < old_work.size(); ++i)
                OURVIDZ_CHECK(add_old(c, std::to_string(i), old_work[i]));
            return {};
        });
    }

    Result<void> add_old(db::Connection& c, const std::string& number, const Old& old) {
        const std::string state(old.state);
        const std::int64_t credits = old.credits;
        OURVIDZ_CHECK(c.execute(
            "INSERT INTO generations (id, workspace_id, kind, medium, model, settings, batch, state,"
            " credits, created_at)"
            " VALUES ($1, 'fox', $5, 'image', 'nano', $6, 1, $2, $3, $4)",
            {"gen_" + number, state, credits, clock_.now_ms(), std::string(old.kind),
             std::string(old.settings)}));
        OURVIDZ_CHECK(c.execute(
            "INSERT INTO jobs (id, generation_id, workspace_id, kind, state, run_after, created_at, line, "
            "model,"
            " position, fence, attempts, retried_as)"
            " VALUES ($1, $2, 'fox', $7, $3, 7, 8, 'image', 'nano', $4, $5, $5, $6)",
            {"job_" + number, "gen_" + number, state, std::stoll(number), std::int64_t{state != "queued"},
             state == "failed" ? db::Value("gen_0") : db::Value(nullptr), std::string(old.kind)}));
        if (state != "queued")
            OURVIDZ_CHECK(
                c.execute("INSERT INTO attempts (id, job_id, node_id, fence, state, lease_until, started_at)"
                          " VALUES ($1, $2, 'node', 1, $3, 9, 8)",
                          {"att_" + number, "job_" + number, state}));
        OURVIDZ_CHECK(
            c.execute("INSERT INTO idempotency_keys (workspace_id, key, request_sha256, generation_id,"
                      " created_at) VALUES ('fox', $1, 'sha', $2, 0)",
                      {"key " + number, "gen_" + number}));
        return add_old_hold(c, number, old);
    }

    Result<void> add_old_hold(db::Connection& c, const std::string& number, const Old& old) {
        const std::int64_t credits = old.credits;
        const auto move = [&](const std::string& kind, const std::string& from, const std::string& to) {
            return c.execute(
                "INSERT INTO ledger_transfers (id, workspace_id, kind, debit, credit, credits, hold_id, key,"
                " request_sha256, created_at) VALUES ($1, 'fox', $2, $3, $4, $5, $6, $7, 'x', 0)",
                {"trf_" + kind + number, kind, from, to, credits, "hld_" + number,
                 "hld_" + number + (kind == "hold" ? ".placed" : ".ended")});
        };
        OURVIDZ_CHECK(
            c.execute("INSERT INTO holds (id, workspace_id, generation_id, credits, state, placed_at)"
                      " VALUES ($1, 'fox', $2, $3, 'placed', 0)",
                      {"hld_" + number, "gen_" + number, credits}));
        if (credits == 0) return {};
        OURVIDZ_CHECK(move("hold", "available", "held"));
        if (old.hold == "placed") return {};
        OURVIDZ_CHECK(c.execute("UPDATE holds SET state = $2, ended_at = 5 WHERE id = $1",
                                {"hld_" + number, std::string(old.hold)}));
        if (old.hold == "settled") OURVIDZ_CHECK(move("settle", "held", "revenue"));
        if (old.hold == "voided") OURVIDZ_CHECK(move("void", "held", "available"));
        if (old.hold == "expired") OURVIDZ_CHECK(move("expire", "held", "available"));
        return {};
    }

    static Result<void> expect_counts(db::Connection& c) {
        OURVIDZ_TRY(miscounted, queue::miscounted(c));
        EXPECT_EQ(miscounted, 0);
        OURVIDZ_TRY(pictures, queue::load(c, "fox", "image_fast"));
        EXPECT_EQ(pictures.own_of_kind, 2);
        for (const auto* kind : {"chat_enhance", "chat_scene", "chat_scenes"}) {
            OURVIDZ_TRY(of_kind, queue::load(c, "fox", kind));
            EXPECT_EQ(of_kind.own_of_kind, 1) << kind;
        }
        return {};
    }

    std::unique_ptr<db::TestStore> store_;
    std::filesystem::path folder_;
    ManualClock clock_{1'700'000'000'000};
};

TEST_P(UpgradeTest, WorkInEveryStateItsHoldsAndKeysAreAsTheyWere) {
    {
        auto old = store_->open(folder_);
        ASSERT_TRUE(old.ok()) << old.error().detail;
        fill_old(**old);
    }
    auto opened = store_->open(OURVIDZ_SOURCE_DIR "/migrations");
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    auto& database = **opened;
    change(database, [&](db::Connection& c) -> Result<void> {
        OURVIDZ_TRY(audit, ledger::audit(c));
        EXPECT_THAT(audit.findings, testing::IsEmpty()) << ledger::to_text(audit);
        EXPECT_EQ(audit.holds, 9);
        OURVIDZ_CHECK(expect_counts(c));
        OURVIDZ_TRY(balance, ledger::balance(c, "fox"));
        EXPECT_EQ(balance.available, 100 - 2 - 3 - 4);
        EXPECT_EQ(balance.held, 5);
        EXPECT_EQ(balance.spent, 4);
        for (std::size_t i = 0; i < old_work.size(); ++i) {
            const auto id = "gen_" + std::to_string(i);
            OURVIDZ_TRY(generation, find(c, "fox", id));
            EXPECT_EQ(to_string(generation.state), old_work[i].state);
            EXPECT_EQ(generation.kind, old_work[i].kind_now);
            EXPECT_EQ(generation.hold, old_work[i].hold);
            EXPECT_EQ(generation.credits, old_work[i].credits);
            OURVIDZ_TRY(known, queue::find_by_key(c, "fox", "key " + std::to_string(i), "sha"));
            EXPECT_EQ(known->id, id);
        }
        OURVIDZ_TRY(
            rows,
            c.query("SELECT j.subject, j.credits, j.retried_as, j.run_after, j.fence, a.state FROM jobs j"
                    " JOIN attempts a ON a.job_id = j.id WHERE j.id = 'job_3'",
                    {}));
        EXPECT_EQ(rows[0].text(0), "generation");
        EXPECT_EQ(rows[0].integer(1), 5);
        EXPECT_EQ(rows[0].text(2), "gen_0");
        EXPECT_EQ(rows[0].integer(3), 7);
        EXPECT_EQ(rows[0].integer(4), 1);
        EXPECT_EQ(rows[0].text(5), "failed");
        return {};
    });
    // And it goes on: what waited can be given up, what ran can end, and a hold still ends only once.
    change(database, [&](db::Connection& c) -> Result<void> {
        OURVIDZ_TRY(canceled, cancel(c, "fox", "gen_0", clock_.now_ms()));
        EXPECT_EQ(canceled.hold, "voided");
        OURVIDZ_TRY(live, queue::require_live(c, "att_1", 1));
        EXPECT_EQ(live.subject.id, "gen_1");
        OURVIDZ_TRY(audit, ledger::audit(c));
        EXPECT_THAT(audit.findings, testing::IsEmpty()) << ledger::to_text(audit);
        OURVIDZ_TRY(miscounted, queue::miscounted(c));
        EXPECT_EQ(miscounted, 0);
        return {};
    });
    EXPECT_FALSE(database
                     .write_now(db::Scope::server(),
                                [](db::Connection& c) {
                                    return c.execute(
                                        "UPDATE holds SET state = 'settled' WHERE job_id = 'job_3'", {});
                                })
                     .ok());
    EXPECT_FALSE(database
                     .write_now(db::Scope::server(),
                                [](db::Connection& c) {
                                    return c.execute("DELETE FROM holds WHERE job_id = 'job_5'", {});
                                })
                     .ok());
}

INSTANTIATE_TEST_SUITE_P(All, UpgradeTest,
                         testing::Combine(db::database_kinds(), testing::ValuesIn(last_of_old)),
                         [](const auto& kind) {
                             return std::string(std::get<0>(kind.param)) + "_from_" + std::get<1>(kind.param);
                         });

}  // namespace
}  // namespace ourvidz::generations
