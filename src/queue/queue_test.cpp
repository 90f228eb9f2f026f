#include "queue/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.h"
#include "db/test_database.h"

namespace ourvidz::queue {
namespace {

class QueueTest : public testing::TestWithParam<const char*> {
  protected:
    // Runs a piece that must go well.
    template <class F>
    auto change(F work) {
        auto result = database_->write_now(db::Scope::server(), std::move(work));
        EXPECT_TRUE(result.ok()) << result.error().detail;
        return std::move(*result);
    }
    template <class F>
    Result<void> attempt(F work) {
        return database_->write_now(db::Scope::server(), std::move(work));
    }

    void SetUp() override {
        store_ = db::make_test_store(GetParam());
        if (!store_) GTEST_SKIP() << "no PostgreSQL to test with";
        auto opened = store_->open(OURVIDZ_SOURCE_DIR "/migrations");
        ASSERT_TRUE(opened.ok()) << opened.error().detail;
        database_ = std::move(*opened);
        change([](db::Connection& connection) {
            return connection.execute("INSERT INTO workspaces (id, name, created_at) VALUES ('w', 'W', 0)",
                                      {});
        });
    }

    std::string add_job(const std::string& kind = "image_fast") {
        const auto id = new_id("job", clock_);
        change([&](db::Connection& connection) -> Result<std::int64_t> {
            OURVIDZ_CHECK(
                connection.execute("INSERT INTO generations (id, workspace_id, kind, medium, model, "
                                   "settings, batch, state, credits, created_at)"
                                   " VALUES ($1, 'w', $2, 'image', 'nano', '{}', 1, 'queued', 0, 0)",
                                   {"gen" + id.substr(3), kind}));
            OURVIDZ_CHECK(enqueue(connection, {id, "gen" + id.substr(3), "w", kind}, clock_.now_ms()));
            return 0;
        });
        clock_.advance(1);
        return id;
    }
    std::vector<Claim> take(const std::string& node, int count,
                            const std::vector<std::string>& kinds = {"image_fast"}) {
        return change([&](db::Connection& connection) {
            return claim(connection, node, kinds, count, clock_, policy_);
        });
    }
    Renewal heartbeat(const std::string& node, const std::vector<Held>& held) {
        return change([&](db::Connection& connection) {
            return renew(connection, node, held, clock_.now_ms(), policy_);
        });
    }
    Result<void> report(const Claim& claim, JobEnd how) {
        return attempt([&](db::Connection& connection) -> Result<void> {
            OURVIDZ_TRY(live, require_live(connection, claim.attempt_id, claim.fence));
            return finish(connection, live, how, {}, clock_.now_ms());
        });
    }
    // Sets back all whose lease has run out; answers how many were queued again.
    int sweep() {
        return change([&](db::Connection& connection) -> Result<int> {
            OURVIDZ_TRY(lost, expired(connection, clock_.now_ms()));
            int again = 0;
            for (const auto& live : lost) {
                OURVIDZ_TRY(queued,
                            set_back(connection, live, Setback::lost, Error{}, clock_.now_ms(), policy_));
                again += queued ? 1 : 0;
            }
            return again;
        });
    }
    std::string state_of(const std::string& job) {
        return change([&](db::Connection& connection) -> Result<std::string> {
            OURVIDZ_TRY(rows, connection.query("SELECT state FROM jobs WHERE id = $1", {job}));
            return rows[0].text(0);
        });
    }

    ManualClock clock_{1'700'000'000'000};
    Policy policy_;
    std::unique_ptr<db::TestStore> store_;
    std::unique_ptr<db::Database> database_;
};

TEST_P(QueueTest, GivesTheLongestWaitingOfTheWantedKinds) {
    const auto first = add_job();
    add_job("chat_enhance");
    const auto second = add_job();
    const auto third = add_job();
    const auto claims = take("node", 2);
    ASSERT_EQ(claims.size(), 2U);
    EXPECT_EQ(claims[0].job_id, first);
    EXPECT_EQ(claims[1].job_id, second);
    EXPECT_EQ(take("node", 5)[0].job_id, third);
    EXPECT_TRUE(take("node", 5).empty());
}

TEST_P(QueueTest, TakesOneResultAndNoSecond) {
    const auto job = add_job();
    const auto claim = take("node", 1)[0];
    EXPECT_TRUE(report(claim, JobEnd::succeeded).ok());
    EXPECT_EQ(state_of(job), "succeeded");
    EXPECT_EQ(report(claim, JobEnd::failed).error().code, ErrorCode::lease_lost);
    EXPECT_EQ(state_of(job), "succeeded");
}

TEST_P(QueueTest, FencesOutAnAttemptThatComesBackFromTheDead) {
    const auto job = add_job();
    const auto dead = take("first", 1)[0];
    EXPECT_TRUE(heartbeat("first", {{dead.attempt_id, dead.fence}}).lost.empty());
    clock_.advance(policy_.lease_ms + 1);
    EXPECT_EQ(sweep(), 1);
    const auto live = take("second", 1)[0];
    EXPECT_GT(live.fence, dead.fence);
    EXPECT_EQ(report(dead, JobEnd::succeeded).error().code, ErrorCode::lease_lost);
    EXPECT_THAT(heartbeat("first", {{dead.attempt_id, dead.fence}}).lost,
                testing::ElementsAre(dead.attempt_id));
    EXPECT_EQ(state_of(job), "running");
    EXPECT_TRUE(report(live, JobEnd::succeeded).ok());
}

TEST_P(QueueTest, AnotherNodeCannotRenewALease) {
    add_job();
    const auto claim = take("first", 1)[0];
    EXPECT_EQ(heartbeat("second", {{claim.attempt_id, claim.fence}}).lost.size(), 1U);
}

TEST_P(QueueTest, HeartbeatsKeepALeaseAlive) {
    const auto job = add_job();
    const auto claim = take("node", 1)[0];
    for (int i = 0; i < 10; ++i) {
        clock_.advance(policy_.lease_ms - 1);
        EXPECT_TRUE(heartbeat("node", {{claim.attempt_id, claim.fence}}).lost.empty());
        EXPECT_EQ(sweep(), 0);
    }
    EXPECT_EQ(state_of(job), "running");
}

TEST_P(QueueTest, GivesUpAPoisonJobAfterItsLastAttempt) {
    const auto job = add_job();
    for (int i = 1; i <= policy_.attempts_max; ++i) {
        const auto claims = take("node", 1);
        ASSERT_EQ(claims.size(), 1U) << i;
        heartbeat("node", {{claims[0].attempt_id, claims[0].fence}});
        clock_.advance(policy_.lease_ms + 1);
        EXPECT_EQ(sweep(), i < policy_.attempts_max ? 1 : 0) << i;
    }
    EXPECT_EQ(state_of(job), "failed");
    EXPECT_TRUE(take("node", 1).empty());
}

TEST_P(QueueTest, DoesNotCountAClaimThatTheNodeNeverHeardOf) {
    add_job();
    for (int i = 0; i < 3 * policy_.attempts_max; ++i) {
        ASSERT_EQ(take("node", 1).size(), 1U) << i;
        clock_.advance(policy_.lease_ms + 1);
        EXPECT_EQ(sweep(), 1) << i;
    }
}

TEST_P(QueueTest, RestsAFailedJobLongerEachTime) {
    add_job();
    std::vector<UnixMs> rests;
    for (int i = 1; i < policy_.attempts_max; ++i) {
        const auto claim = take("node", 1)[0];
        change([&](db::Connection& connection) -> Result<bool> {
            OURVIDZ_TRY(live, require_live(connection, claim.attempt_id, claim.fence));
            return set_back(connection, live, Setback::failed, Error{ErrorCode::engine_failed, "no", ""},
                            clock_.now_ms(), policy_);
        });
        UnixMs waited = 0;
        while (true) {
            const auto again = take("node", 1);
            if (!again.empty()) {
                change([&](db::Connection& connection) -> Result<bool> {
                    OURVIDZ_TRY(live, require_live(connection, again[0].attempt_id, again[0].fence));
                    return set_back(connection, live, Setback::released, Error{}, clock_.now_ms(), policy_);
                });
                break;
            }
            clock_.advance(100);
            waited += 100;
        }
        rests.push_back(waited);
    }
    EXPECT_THAT(rests, testing::ElementsAre(policy_.retry_delay_ms, 2 * policy_.retry_delay_ms));
}

TEST_P(QueueTest, FindsWhatARestartedNodeHasForgotten) {
    add_job();
    add_job();
    const auto claims = take("node", 2);
    const auto forgotten = change([&](db::Connection& connection) {
        return given_up(connection, "node", {{claims[1].attempt_id, claims[1].fence}});
    });
    ASSERT_EQ(forgotten.size(), 1U);
    EXPECT_EQ(forgotten[0].attempt_id, claims[0].attempt_id);
}

TEST_P(QueueTest, CancelsAtOnceWhatWaitsAndTellsTheNodeAboutWhatRuns) {
    const auto running = add_job();
    const auto waiting = add_job();
    const auto claim = take("node", 1)[0];
    EXPECT_TRUE(
        change([&](db::Connection& c) { return cancel(c, "gen" + waiting.substr(3), clock_.now_ms()); }));
    EXPECT_EQ(state_of(waiting), "canceled");
    EXPECT_TRUE(heartbeat("node", {{claim.attempt_id, claim.fence}}).canceled.empty());
    EXPECT_FALSE(
        change([&](db::Connection& c) { return cancel(c, "gen" + running.substr(3), clock_.now_ms()); }));
    EXPECT_THAT(heartbeat("node", {{claim.attempt_id, claim.fence}}).canceled,
                testing::ElementsAre(claim.attempt_id));
    EXPECT_TRUE(take("node", 1).empty());
}

TEST_P(QueueTest, KnowsThePlaceInTheLine) {
    add_job();
    add_job("chat_enhance");
    const auto job = add_job();
    const auto place_of = [&](const std::string& id) {
        return change([&](db::Connection& c) { return place(c, "gen" + id.substr(3), {"image_fast"}); });
    };
    EXPECT_EQ(place_of(job), 1);
    take("node", 1);
    EXPECT_EQ(place_of(job), 0);
    take("node", 1);
    EXPECT_EQ(place_of(job), std::nullopt);
}

TEST_P(QueueTest, TheDatabaseItselfAllowsOneLiveAttempt) {
    add_job();
    const auto claim = take("node", 1)[0];
    const auto second = attempt([&](db::Connection& connection) -> Result<void> {
        OURVIDZ_CHECK(connection.execute(
            "INSERT INTO attempts (id, job_id, node_id, fence, state, lease_until, started_at)"
            " VALUES ('att_x', $1, 'n', 99, 'running', 0, 0)",
            {claim.job_id}));
        return {};
    });
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
}

INSTANTIATE_TEST_SUITE_P(All, QueueTest, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ourvidz::queue
