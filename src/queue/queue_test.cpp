#include "queue/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "queue/outlook.h"
#include "queue/own_order.h"
#include "queue/test_queue.h"

namespace ourvidz::queue {
namespace {

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

TEST_P(QueueTest, GivesNothingThatNeedsAModelThatIsNotThere) {
    const auto gone = add_job("image_fast", "w", "gone");
    const auto there = add_job("image_fast", "w", "nano");
    const auto take_with = [&](std::vector<std::string> models) {
        const Ask ask{"node", "image", {"image_fast"}, 5, {}, {}, std::move(models)};
        std::vector<std::string> jobs;
        for (const auto& one :
             change([&](db::Connection& c) { return claim(c, ask, clock_, policy_); }).claims)
            jobs.push_back(one.job_id);
        return jobs;
    };
    EXPECT_TRUE(take_with({}).empty());
    EXPECT_THAT(take_with({"nano", "another"}), testing::ElementsAre(there));
    EXPECT_THAT(take_with({"gone"}), testing::ElementsAre(gone)) << "its turn has not been lost";
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
        EXPECT_EQ(fail(claims[0]), i < policy_.attempts_max) << i;
        clock_.advance(60'000);
    }
    EXPECT_EQ(state_of(job), "failed");
    EXPECT_TRUE(take("node", 1).empty());
}

TEST_P(QueueTest, RestsAFailedJobLongerEachTime) {
    add_job();
    std::vector<UnixMs> rests;
    for (int i = 1; i < policy_.attempts_max; ++i) {
        const auto claim = take("node", 1)[0];
        EXPECT_TRUE(fail(claim));
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
    EXPECT_EQ(change([&](db::Connection& c) { return cancel(c, subject_of(waiting), clock_.now_ms()); }),
              waiting);
    EXPECT_EQ(state_of(waiting), "canceled");
    EXPECT_TRUE(heartbeat("node", {{claim.attempt_id, claim.fence}}).canceled.empty());
    EXPECT_EQ(change([&](db::Connection& c) { return cancel(c, subject_of(running), clock_.now_ms()); }),
              std::nullopt);
    EXPECT_THAT(heartbeat("node", {{claim.attempt_id, claim.fence}}).canceled,
                testing::ElementsAre(claim.attempt_id));
    EXPECT_TRUE(take("node", 1).empty());
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

// A node that ends takes what runs with it, and so does a server.
class CutOffTest : public QueueTest {
  protected:
    static constexpr UnixMs look_every_ms = 250;

    // Answers how many were queued again.
    int end_of_the_node() {
        return change([&](db::Connection& connection) -> Result<int> {
            OURVIDZ_TRY(lost, given_up(connection, "node", {}));
            return set_back_all(connection, lost);
        });
    }
    // How long it rested before.
    UnixMs begin() {
        for (UnixMs waited = 0;; waited += look_every_ms) {
            if (!take("node", 1).empty()) return waited;
            clock_.advance(look_every_ms);
        }
    }
};

TEST_P(CutOffTest, TheEndOfANodeIsNoAttemptOfTheJob) {
    add_job();
    const std::vector<UnixMs> longest = {0, 0, 1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 64'000, 64'000};
    for (const auto rest : longest) {
        const auto rested = begin();
        EXPECT_THAT(rested, testing::AllOf(testing::Ge(rest / 2), testing::Le(rest))) << rest;
        ASSERT_EQ(end_of_the_node(), 1) << rest;
    }
    begin();
    clock_.advance(policy_.lease_ms + 1);
    EXPECT_EQ(sweep(), 1) << "nor is it one when the node stays away";
}

TEST_P(CutOffTest, AJobThatEndsEveryNodeIsOverAfterItsLastLoss) {
    const auto job = add_job();
    for (int i = 1; i < policy_.losses_max; ++i) {
        begin();
        ASSERT_EQ(end_of_the_node(), 1) << i;
    }
    begin();
    EXPECT_EQ(end_of_the_node(), 0);
    EXPECT_EQ(state_of(job), "failed");
}

// Two places, and a job that ends the node as soon as it runs: the other one is lost with it until they have
// come apart.
TEST_P(CutOffTest, WhatRunsBesideAJobThatEndsEveryNodeComesToItsEnd) {
    const auto killer = add_job();
    const auto neighbour = add_job();
    constexpr UnixMs needed_ms = 4'000;
    std::vector<Claim> running;
    for (UnixMs worked = 0; state_of(neighbour) != "succeeded";) {
        ASSERT_NE(state_of(neighbour), "failed");
        for (auto& claim : take("node", 2)) running.push_back(std::move(claim));
        const auto runs = [&](const std::string& job) {
            return std::any_of(running.begin(), running.end(),
                               [&](const Claim& one) { return one.job_id == job; });
        };
        if (runs(killer)) {
            end_of_the_node();
            running.clear();
            worked = 0;
        } else if (runs(neighbour)) {
            worked += look_every_ms;
            if (worked == needed_ms) {
                EXPECT_TRUE(report(running[0], JobEnd::succeeded).ok());
            }
        }
        clock_.advance(look_every_ms);
    }
}

// How the work of several workspaces goes out, one place, jobs of a second each.
class TurnsTest : public QueueTest {
  protected:
    void fill() override {
        QueueTest::fill();
        add_workspace("v", 1);
    }
    void add_workspace(const std::string& id, std::int64_t weight) {
        change([&](db::Connection& connection) {
            return connection.execute(
                "INSERT INTO workspaces (id, name, created_at, plan_weight) VALUES ($1, 'X', 0, $2)",
                {id, weight});
        });
    }
    std::string next() {
        const auto claims = take("node/image/0", 1);
        if (claims.empty()) return "";
        clock_.advance(1'000);
        EXPECT_TRUE(report(claims[0], JobEnd::succeeded).ok());
        return claims[0].workspace_id;
    }
    Claims ask(const schedule::Node& node, const std::string& line = "image") {
        return change([&](db::Connection& connection) {
            return claim(
                connection,
                {"node/image/0", line, {"image_fast"}, 1, node, [](std::string_view) { return 15'000; }},
                clock_, policy_);
        });
    }
    template <class F>
    void own_order(F work) {
        change([&](db::Connection& connection) -> Result<bool> {
            OURVIDZ_CHECK(work(connection));
            return true;
        });
    }
};

TEST_P(TurnsTest, ANewcomerIsNextHoweverMuchAnotherHasQueued) {
    for (int i = 0; i < 200; ++i) add_job();
    EXPECT_EQ(next(), "w");
    EXPECT_EQ(next(), "w");
    add_job("image_fast", "v");
    EXPECT_EQ(next(), "v");
    EXPECT_EQ(next(), "w");
}

TEST_P(TurnsTest, TwiceTheWeightGetsTwiceTheService) {
    add_workspace("heavy", 2);
    for (int i = 0; i < 40; ++i) {
        add_job("image_fast", "v");
        add_job("image_fast", "heavy");
    }
    std::map<std::string, int> served;
    for (int i = 0; i < 30; ++i) ++served[next()];
    EXPECT_EQ(served["heavy"], 20);
    EXPECT_EQ(served["v"], 10);
}

TEST_P(TurnsTest, ChargesWhatAJobTookInTruth) {
    for (int i = 0; i < 30; ++i) {
        add_job();
        add_job("image_fast", "v");
    }
    std::map<std::string, int> served;
    for (int i = 0; i < 22; ++i) {
        const auto claim = take("node/image/0", 1)[0];
        ++served[claim.workspace_id];
        change([&](db::Connection& connection) -> Result<bool> {
            OURVIDZ_TRY(live, require_live(connection, claim.attempt_id, claim.fence));
            OURVIDZ_CHECK(settle_service(connection, live, claim.workspace_id == "w" ? 10'000 : 1'000));
            OURVIDZ_CHECK(finish(connection, live, JobEnd::succeeded, {}, clock_.now_ms()));
            return true;
        });
    }
    EXPECT_EQ(served["v"], 20);
}

TEST_P(TurnsTest, PausedJobsAreNotStartedAndKeepTheirPlace) {
    const auto first = add_job();
    const auto second = add_job();
    own_order([&](db::Connection& c) { return set_paused(c, subject_of(first), true); });
    EXPECT_EQ(take("node/image/0", 1)[0].job_id, second);
    EXPECT_TRUE(take("node/image/0", 1).empty());
    own_order([&](db::Connection& c) { return set_paused(c, subject_of(first), false); });
    EXPECT_EQ(take("node/image/0", 1)[0].job_id, first);
    EXPECT_EQ(attempt([&](db::Connection& c) { return set_paused(c, subject_of(first), true); }).error().code,
              ErrorCode::conflict);
}

TEST_P(TurnsTest, JobsGoOutInTheirOwnersOrder) {
    std::vector<std::string> jobs;
    for (int i = 0; i < 4; ++i) jobs.push_back(add_job());
    own_order([&](db::Connection& c) { return move_before(c, subject_of(jobs[3]), std::nullopt); });
    own_order([&](db::Connection& c) { return move_before(c, subject_of(jobs[2]), subject_of(jobs[1])); });
    const auto claims = take("node/image/0", 4);
    ASSERT_EQ(claims.size(), 4U);
    EXPECT_EQ(claims[0].job_id, jobs[3]);
    EXPECT_EQ(claims[1].job_id, jobs[0]);
    EXPECT_EQ(claims[2].job_id, jobs[2]);
    EXPECT_EQ(claims[3].job_id, jobs[1]);
}

// Always between the same two: there is room for only so many before they are set apart again.
TEST_P(TurnsTest, TheOrderHoldsHoweverOftenItIsChanged) {
    const auto last = add_job();
    std::vector<std::string> jobs;
    for (int i = 0; i < 45; ++i) {
        jobs.push_back(add_job());
        own_order(
            [&](db::Connection& c) { return move_before(c, subject_of(jobs.back()), subject_of(last)); });
    }
    jobs.push_back(last);
    for (const auto& job : jobs) EXPECT_EQ(take("node/image/0", 1)[0].job_id, job);
}

TEST_P(TurnsTest, NothingIsMovedBeforeSomebodyElsesJob) {
    const auto own = add_job();
    const auto other = add_job("image_fast", "v");
    EXPECT_EQ(attempt([&](db::Connection& c) { return move_before(c, subject_of(own), subject_of(other)); })
                  .error()
                  .field,
              "before");
}

TEST_P(TurnsTest, AColdJobWaitsWhileTheLoadedModelHasItsTurnAndThenGoes) {
    for (int i = 0; i < 3; ++i) add_job("image_fast", "w", "loaded");
    add_job("image_fast", "v", "cold");
    schedule::Node node;
    node.budget_mb = 20'000;
    node.empty_here = 1;
    // The one place that has it is at work for another line's sake: nothing warm can start here.
    node.residents = {{"loaded", 15'000, 1, 0, false, clock_.now_ms(), 10'000}};
    change([&](db::Connection& c) {
        return c.execute("UPDATE jobs SET line = 'video' WHERE model = 'loaded'", {});
    });
    const auto held = ask(node);
    EXPECT_TRUE(held.claims.empty());
    ASSERT_TRUE(held.again_at);
    EXPECT_GT(*held.again_at, clock_.now_ms());
    clock_.advance(policy_.rules.turn_max_ms + 1);
    ASSERT_EQ(ask(node).claims.size(), 1U);
}

TEST_P(TurnsTest, TellsWhereEachStandsAndWhatIsBeforeIt) {
    std::vector<std::string> own;
    for (int i = 0; i < 3; ++i) own.push_back(add_job("image_fast", "v"));
    for (int i = 0; i < 10; ++i) add_job();
    const auto places = change([&](db::Connection& c) { return outlook(c, "v", clock_.now_ms()); });
    ASSERT_EQ(places.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(places[i].subject_id, subject_of(own[i]));
        // Turns: one of the other's before each of its own.
        EXPECT_EQ(places[i].before, static_cast<std::int64_t>(2 * i + 1));
        ASSERT_TRUE(places[i].ahead);
        EXPECT_EQ(places[i].ahead->work_ms, static_cast<std::int64_t>(2 * i + 1) * 1'000);
    }
    const auto load = change([&](db::Connection& c) { return queue::load(c, "v", "image_fast"); });
    EXPECT_EQ(load.everybody, 13);
    EXPECT_EQ(load.own, 3);
    EXPECT_EQ(change([&](db::Connection& c) { return next_start_ms(c, "v", "image", false); }), 2'000);
    EXPECT_EQ(change([&](db::Connection& c) { return next_start_ms(c, "v", "chat", false); }), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(All, QueueTest, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

INSTANTIATE_TEST_SUITE_P(All, CutOffTest, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

INSTANTIATE_TEST_SUITE_P(All, TurnsTest, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ourvidz::queue
