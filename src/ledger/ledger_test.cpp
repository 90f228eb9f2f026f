#include "ledger/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/id.h"
#include "db/test_with_database.h"

namespace ourvidz::ledger {
namespace {

using testing::HasSubstr;

class LedgerTest : public db::TestWithDatabase {
  protected:
    template <class F>
    auto change(F work) {
        return database_->write_now(db::Scope::server(), std::move(work));
    }

    void fill() override { add_workspace("fox", 100); }

    void add_workspace(const std::string& id, std::int64_t credits) {
        const auto made = change([&](db::Connection& connection) -> Result<void> {
            OURVIDZ_CHECK(connection.execute(
                "INSERT INTO workspaces (id, name, created_at) VALUES ($1, 'W', 0) ON CONFLICT DO NOTHING",
                {id}));
            return open_accounts(connection, id, credits, clock_);
        });
        ASSERT_TRUE(made.ok()) << made.error().detail;
    }
    // A job and its hold in one piece of work, as the server does it. Answers the job's id.
    Result<std::string> place_one(const std::string& workspace, std::int64_t credits) {
        const auto id = new_id("job", clock_);
        auto work = [&](db::Connection& connection) -> Result<std::string> {
            OURVIDZ_CHECK(connection.execute(
                "INSERT INTO jobs (id, workspace_id, subject, subject_id, kind, line, model, size_class, "
                "credits,"
                " state, run_after, position, created_at)"
                " VALUES ($1, $2, 'generation', $3, 'k', 'image', 'm', 0, $4, 'queued', 0, 0, 0)",
                {id, workspace, "gen" + id.substr(3), credits}));
            OURVIDZ_CHECK(place(connection, {"hld" + id.substr(3), workspace, id, credits}, clock_));
            return id;
        };
        return change(work);
    }
    Result<bool> end(const std::string& job, HoldEnd how) {
        auto work = [&](db::Connection& connection) -> Result<bool> {
            OURVIDZ_TRY(ended, end_hold(connection, job, how, clock_.now_ms()));
            if (!ended) return false;
            OURVIDZ_CHECK(
                connection.execute("UPDATE jobs SET state = $2 WHERE id = $1",
                                   {job, std::string(how == HoldEnd::settled ? "succeeded" : "failed")}));
            return true;
        };
        return change(work);
    }
    Balance now(const std::string& workspace = "fox") {
        auto work = [&](db::Connection& connection) { return balance(connection, workspace); };
        return *database_->read_now(db::Scope::server(), work);
    }
    Audit audited() {
        auto found = database_->read_now(db::Scope::server(), audit);
        EXPECT_TRUE(found.ok()) << found.error().detail;
        return found.ok() ? *found : Audit{};
    }
    Result<std::int64_t> run(const std::string& sql) {
        auto work = [&](db::Connection& connection) { return connection.execute(sql, {}); };
        return change(work);
    }
    // Something went round the rules: what keeps balances is taken away for one statement.
    void break_with(const std::string& trigger, const std::string& table, const std::string& sql) {
        const bool postgres = std::string(GetParam()) == "postgres";
        const auto off =
            postgres ? "ALTER TABLE " + table + " DISABLE TRIGGER " + trigger : "DROP TRIGGER " + trigger;
        ASSERT_TRUE(run(off).ok());
        ASSERT_TRUE(run(sql).ok());
    }

    ManualClock clock_{1'700'000'000'000};
};

TEST_P(LedgerTest, AHoldSetsAsideAndSettlesOnce) {
    const auto job = place_one("fox", 3).value();
    EXPECT_EQ(now().available, 97);
    EXPECT_EQ(now().held, 3);
    EXPECT_TRUE(end(job, HoldEnd::settled).value());
    EXPECT_FALSE(end(job, HoldEnd::settled).value());
    EXPECT_FALSE(end(job, HoldEnd::voided).value());
    EXPECT_EQ(now().available, 97);
    EXPECT_EQ(now().held, 0);
    EXPECT_EQ(now().spent, 3);
    EXPECT_TRUE(audited().findings.empty()) << to_text(audited());
}

TEST_P(LedgerTest, VoidedAndExpiredGiveItBack) {
    for (const auto how : {HoldEnd::voided, HoldEnd::expired}) {
        EXPECT_TRUE(end(place_one("fox", 4).value(), how).value());
        EXPECT_EQ(now().available, 100);
        EXPECT_EQ(now().spent, 0);
    }
    EXPECT_TRUE(audited().findings.empty()) << to_text(audited());
}

TEST_P(LedgerTest, NobodySpendsMoreThanThereIs) {
    EXPECT_TRUE(place_one("fox", 98).ok());
    const auto refused = place_one("fox", 3);
    EXPECT_EQ(refused.error().code, ErrorCode::not_enough_credits);
    EXPECT_THAT(refused.error().detail, HasSubstr("costs 3 credits, and 2 are left"));
    EXPECT_TRUE(place_one("fox", 2).ok());
    EXPECT_TRUE(place_one("fox", 0).ok());
    EXPECT_EQ(now().available, 0);
    EXPECT_TRUE(audited().findings.empty()) << to_text(audited());
}

TEST_P(LedgerTest, AKeyGrantsOnce) {
    const auto give = [&](std::int64_t credits, const std::string& sha256) {
        return change([&](db::Connection& connection) {
            return grant(connection, {"fox", credits, "order-1", sha256}, clock_);
        });
    };
    EXPECT_TRUE(give(10, "a").value());
    EXPECT_FALSE(give(10, "a").value());
    EXPECT_EQ(give(11, "b").error().code, ErrorCode::idempotency_mismatch);
    EXPECT_EQ(give(0, "c").error().code, ErrorCode::invalid_field);
    EXPECT_EQ(now().granted, 110);
    add_workspace("fox", 5'000);  // it is open already
    EXPECT_EQ(now().granted, 110);
}

TEST_P(LedgerTest, TheDatabaseRefusesWhatIsNoTransfer) {
    const auto job = place_one("fox", 3).value();
    ASSERT_TRUE(run("INSERT INTO workspaces (id, name, created_at) VALUES ('owl', 'O', 0)").ok());
    const std::string grant = "(SELECT id FROM ledger_transfers WHERE kind = 'grant')";
    for (const auto& sql : std::vector<std::string>{
             "UPDATE ledger_accounts SET balance = balance + 1 WHERE name = 'available'",
             "UPDATE ledger_accounts SET balance = 5, last_transfer = 'x' WHERE name = 'available'",
             "UPDATE ledger_accounts SET balance = 5, last_transfer = " + grant,
             "DELETE FROM ledger_accounts",
             "DELETE FROM ledger_transfers",
             "UPDATE ledger_transfers SET credits = 1",
             "UPDATE holds SET credits = 1",
             "DELETE FROM holds",
         }) {
        EXPECT_EQ(run(sql).error().code, ErrorCode::conflict) << sql;
    }
    EXPECT_FALSE(
        run("INSERT INTO ledger_accounts (workspace_id, name, balance) VALUES ('owl', 'available', 7)").ok());
    const std::string transfer =
        "INSERT INTO ledger_transfers (id, workspace_id, kind, debit, credit, credits, key, request_sha256, "
        "created_at)"
        " VALUES ('trf_1', 'fox', ";
    EXPECT_FALSE(run(transfer + "'grant', 'revenue', 'available', 1, 'k', '', 0)").ok());
    EXPECT_FALSE(run(transfer + "'grant', 'issued', 'available', 0, 'k', '', 0)").ok());
    EXPECT_FALSE(run(transfer + "'grant', 'issued', 'available', -5, 'k', '', 0)").ok());
    EXPECT_FALSE(run(transfer + "'grant', 'issued', 'available', 5, 'start', '', 0)").ok());
    EXPECT_FALSE(run(transfer + "'settle', 'held', 'revenue', 3, 'k', '', 0)").ok());
    ASSERT_TRUE(end(job, HoldEnd::voided).value());
    EXPECT_FALSE(run("UPDATE holds SET state = 'settled'").ok());
    EXPECT_FALSE(run("UPDATE holds SET state = 'placed'").ok());
    EXPECT_EQ(now().available, 100);
    EXPECT_TRUE(audited().findings.empty()) << to_text(audited());
}

TEST_P(LedgerTest, TheAuditSeesAWrongBalance) {
    break_with("ledger_account_follows", "ledger_accounts",
               "UPDATE ledger_accounts SET balance = balance + 7 WHERE name = 'available'");
    const auto audit = audited();
    EXPECT_EQ(audit.drift, 14);  // the account by 7, and so the sum of all
    EXPECT_THAT(to_text(audit), HasSubstr("1 balances that are not the sum of their transfers"));
    EXPECT_THAT(to_text(audit), HasSubstr("1 workspaces whose accounts do not add up"));
}

TEST_P(LedgerTest, TheAuditSeesAHoldThatMovedNothing) {
    const auto job = place_one("fox", 3).value();
    ASSERT_TRUE(run("UPDATE holds SET state = 'settled' WHERE job_id = '" + job + "'").ok());
    const auto audit = audited();
    EXPECT_THAT(to_text(audit), HasSubstr("held credits are not those of their placed holds"));
    EXPECT_THAT(to_text(audit), HasSubstr("1 holds that the transfers do not tell of exactly once"));
    EXPECT_THAT(to_text(audit), HasSubstr("1 holds that are not as their job ended"));
}

TEST_P(LedgerTest, TransfersComeInPagesNewestFirst) {
    for (int i = 0; i < 3; ++i) {
        clock_.advance(1);
        ASSERT_TRUE(place_one("fox", 1).ok());
    }
    std::vector<std::string> kinds;
    std::optional<std::string> cursor;
    do {
        auto work = [&](db::Connection& connection) { return transfers(connection, "fox", cursor, 3); };
        const auto page = database_->read_now(db::Scope::workspace("fox"), work);
        ASSERT_TRUE(page.ok()) << page.error().detail;
        for (const auto& one : page->items) {
            kinds.push_back(one.kind);
            EXPECT_EQ(one.generation_id.has_value(), one.kind == "hold");
        }
        cursor = page->next_cursor;
    } while (cursor);
    EXPECT_THAT(kinds, testing::ElementsAre("hold", "hold", "hold", "grant"));
}

// Whatever happens in whatever order, the books agree with a model that only counts.
TEST_P(LedgerTest, RandomInterleavingsBalance) {
    for (const unsigned seed : {1U, 2U, 3U, 4U}) {
        std::minstd_rand dice(seed);
        const auto roll = [&](int sides) { return static_cast<int>(dice() % static_cast<unsigned>(sides)); };
        const std::vector<std::string> names{"a" + std::to_string(seed), "b" + std::to_string(seed)};
        for (const auto& name : names) add_workspace(name, 40);
        struct Model {
            std::int64_t available = 40, held = 0, granted = 40, spent = 0;
        };
        std::map<std::string, Model> models{{names[0], {}}, {names[1], {}}};
        struct Open {
            std::string job, workspace;
            std::int64_t credits;
            bool over;
        };
        std::vector<Open> holds;
        for (int step = 0; step < 150; ++step) {
            const auto& name = names[static_cast<std::size_t>(roll(2))];
            auto& model = models[name];
            const auto action = roll(6);
            if (action == 0) {
                const auto key = "g" + std::to_string(roll(8));
                auto work = [&](db::Connection& connection) {
                    return grant(connection, {name, 5, key, "same"}, clock_);
                };
                const auto is_new = change(work);
                ASSERT_TRUE(is_new.ok()) << is_new.error().detail;
                model.granted += *is_new ? 5 : 0;
                model.available += *is_new ? 5 : 0;
            } else if (action <= 3 || holds.empty()) {
                const auto credits = roll(7);
                const auto placed = place_one(name, credits);
                ASSERT_EQ(placed.ok(), model.available >= credits);
                if (!placed.ok()) continue;
                model.available -= credits;
                model.held += credits;
                holds.push_back({*placed, name, credits, false});
            } else {
                auto& one = holds[static_cast<std::size_t>(roll(static_cast<int>(holds.size())))];
                const auto how = static_cast<HoldEnd>(roll(3));
                ASSERT_EQ(end(one.job, how).value(), !one.over);
                if (one.over) continue;
                auto& its = models[one.workspace];
                its.held -= one.credits;
                (how == HoldEnd::settled ? its.spent : its.available) += one.credits;
                one.over = true;
            }
        }
        for (const auto& [name, model] : models) {
            EXPECT_EQ(now(name).available, model.available) << seed;
            EXPECT_EQ(now(name).held, model.held) << seed;
            EXPECT_EQ(now(name).granted, model.granted) << seed;
            EXPECT_EQ(now(name).spent, model.spent) << seed;
        }
        EXPECT_TRUE(audited().findings.empty()) << to_text(audited());
    }
}

// Many at once over the last credits: exactly as many are accepted as there are credits.
TEST_P(LedgerTest, RacesForTheLastCreditsHaveAsManyWinners) {
    constexpr int asking = 60;
    add_workspace("owl", 25);
    std::vector<std::future<bool>> answers;
    for (int i = 0; i < asking; ++i) {
        answers.push_back(std::async(std::launch::async, [this] { return place_one("owl", 1).ok(); }));
    }
    int won = 0;
    for (auto& answer : answers) won += answer.get() ? 1 : 0;
    EXPECT_EQ(won, 25);
    EXPECT_EQ(now("owl").available, 0);
    EXPECT_EQ(now("owl").held, 25);
    EXPECT_TRUE(audited().findings.empty()) << to_text(audited());
}

INSTANTIATE_TEST_SUITE_P(All, LedgerTest, db::database_kinds(),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace ourvidz::ledger
