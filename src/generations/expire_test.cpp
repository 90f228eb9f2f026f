#include <gtest/gtest.h>

#include "db/test_with_database.h"
#include "generations/generations_jobs.h"
#include "generations/submit.h"
#include "generations/test_generation.h"

namespace ourvidz::generations {
namespace {

class ExpireTest : public db::TestWithDatabase {
  protected:
    void fill() override {
        change([this](db::Connection& connection) -> Result<void> {
            OURVIDZ_CHECK(connection.execute(
                "INSERT INTO workspaces (id, name, created_at) VALUES ('fox', 'F', 0)", {}));
            return ledger::open_accounts(connection, "fox", 10, clock_);
        });
    }
    void change(const std::function<Result<void>(db::Connection&)>& work) {
        const auto done = database_->write_now(db::Scope::server(), work);
        ASSERT_TRUE(done.ok()) << done.error().detail;
    }
    void add(const std::string& id) {
        change([&](db::Connection& connection) {
            const auto made = waiting_generation(id, clock_.now_ms());
            return insert(connection, made.generation, made.job, clock_);
        });
    }
    Generation read(const std::string& id) {
        auto work = [&](db::Connection& connection) { return find_any(connection, "gen_" + id); };
        return *database_->read_now(db::Scope::server(), work);
    }

    ManualClock clock_{1'700'000'000'000};
};

TEST_P(ExpireTest, WhatWaitsTooLongIsGivenUpAndItsCreditsComeBack) {
    add("taken");
    change([this](db::Connection& connection) -> Result<void> {
        queue::Ask ask;
        ask.node_id = "node";
        ask.line = "image";
        ask.kinds = {"image_fast"};
        OURVIDZ_TRY(claimed, queue::claim(connection, ask, clock_, {}));
        OURVIDZ_TRY(running, on_claimed(connection, claimed.claims.at(0), clock_.now_ms()));
        EXPECT_EQ(running.id, "gen_taken");
        return {};
    });
    add("old");
    clock_.advance(1000);
    add("young");
    const auto before = clock_.now_ms();
    change([&](db::Connection& connection) { return expire(connection, before, clock_.now_ms()); });
    EXPECT_EQ(read("old").state, State::canceled);
    EXPECT_EQ(read("old").hold, "expired");
    EXPECT_EQ(read("old").error->code, ErrorCode::canceled);
    EXPECT_EQ(read("taken").hold, "placed");
    EXPECT_EQ(read("young").hold, "placed");
    auto look = [](db::Connection& connection) { return ledger::balance(connection, "fox"); };
    EXPECT_EQ(database_->read_now(db::Scope::server(), look)->available, 8);
    const auto audit = database_->read_now(db::Scope::server(), ledger::audit);
    ASSERT_TRUE(audit.ok()) << audit.error().detail;
    EXPECT_TRUE(audit->findings.empty()) << ledger::to_text(*audit);
}

INSTANTIATE_TEST_SUITE_P(All, ExpireTest, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ourvidz::generations
