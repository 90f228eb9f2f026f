#include "queue/edges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "queue/outlook.h"
#include "queue/test_queue.h"

namespace ourvidz::queue {
namespace {

class EdgesTest : public QueueTest {
  protected:
    std::string add_after(const std::vector<std::string>& parents, bool needs_approval = false) {
        const auto id = new_id("job", clock_);
        change([&](db::Connection& connection) -> Result<std::int64_t> {
            NewJob job{id, "w", {"thing", subject_of(id)}, "image_fast", {"image", "nano", 0, 1'000}, 1};
            job.after = parents;
            job.needs_approval = needs_approval;
            OURVIDZ_CHECK(enqueue(connection, job, clock_.now_ms()));
            return 0;
        });
        clock_.advance(1);
        return id;
    }
    // Runs the next job of the line to its end; answers what moved by it.
    std::vector<Moved> run_next(JobEnd end = JobEnd::succeeded) {
        const auto claim = take("node", 1).at(0);
        return change([&](db::Connection& connection) -> Result<std::vector<Moved>> {
            OURVIDZ_TRY(live, require_live(connection, claim.attempt_id, claim.fence));
            OURVIDZ_CHECK(finish(connection, live, end, {}, clock_.now_ms()));
            return pass_on(connection, live.job_id, end, clock_.now_ms());
        });
    }
    Result<std::vector<Moved>> agree(const std::string& job) {
        return database_->write_now(db::Scope::server(), [&](db::Connection& c) {
            return approve(c, subject_of(job), clock_.now_ms());
        });
    }
    std::int64_t waiting() {
        EXPECT_EQ(change(miscounted), 0);
        return change([](db::Connection& c) { return load(c, "w", "image_fast"); }).own;
    }
};

TEST_P(EdgesTest, AJobIsQueuedByTheSuccessOfTheLastThatItWaitsFor) {
    const auto first = add_job();
    const auto second = add_job();
    const auto child = add_after({first, second});
    EXPECT_EQ(state_of(child), "scheduled");
    EXPECT_EQ(waiting(), 2) << "what is scheduled is not in the line";
    EXPECT_TRUE(run_next().empty());
    EXPECT_EQ(state_of(child), "scheduled");
    const auto moved = run_next();
    ASSERT_EQ(moved.size(), 1U);
    EXPECT_EQ(moved[0].job_id, child);
    EXPECT_EQ(moved[0].subject.id, subject_of(child));
    EXPECT_EQ(moved[0].to, Moved::To::queued);
    EXPECT_EQ(waiting(), 1);
    EXPECT_EQ(take("node", 1).at(0).job_id, child);
}

TEST_P(EdgesTest, WhatCanNoLongerBeMadeIsCanceledDownToTheLast) {
    for (const auto end : {JobEnd::failed, JobEnd::canceled}) {
        const auto parent = add_job();
        const auto child = add_after({parent});
        const auto grandchild = add_after({child}, true);
        const auto other = add_job();
        const auto moved = run_next(end);
        ASSERT_EQ(moved.size(), 2U);
        EXPECT_EQ(moved[0].job_id, child);
        EXPECT_EQ(moved[1].job_id, grandchild);
        EXPECT_EQ(moved[1].to, Moved::To::canceled);
        EXPECT_EQ(state_of(child), "canceled");
        EXPECT_EQ(state_of(grandchild), "canceled");
        EXPECT_EQ(agree(grandchild).error().code, ErrorCode::conflict);
        EXPECT_EQ(run_next().size(), 0U) << "the other";
        EXPECT_EQ(state_of(other), "succeeded");
    }
}

TEST_P(EdgesTest, SomebodysWordIsWaitedForHoweverLong) {
    const auto parent = add_job();
    const auto child = add_after({parent}, true);
    EXPECT_TRUE(run_next().empty());
    clock_.advance(10LL * 86'400'000);
    EXPECT_TRUE(take("node", 1).empty());
    const auto moved = agree(child);
    ASSERT_EQ(moved->size(), 1U);
    EXPECT_EQ(take("node", 1).at(0).job_id, child);
    EXPECT_EQ(agree(child).error().code, ErrorCode::conflict) << "once";
}

TEST_P(EdgesTest, SomebodysWordMayComeBeforeTheRest) {
    const auto parent = add_job();
    const auto child = add_after({parent}, true);
    EXPECT_TRUE(agree(child)->empty());
    EXPECT_EQ(state_of(child), "scheduled");
    EXPECT_EQ(run_next().at(0).job_id, child);
}

TEST_P(EdgesTest, AScheduledJobCanBeCanceledByItself) {
    const auto parent = add_job();
    const auto child = add_after({parent});
    EXPECT_EQ(change([&](db::Connection& c) { return cancel(c, subject_of(child), clock_.now_ms()); }),
              child);
    EXPECT_TRUE(run_next().empty());
    EXPECT_EQ(state_of(child), "canceled");
}

INSTANTIATE_TEST_SUITE_P(All, EdgesTest, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ourvidz::queue
