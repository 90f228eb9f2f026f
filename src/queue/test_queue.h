// A queue in a database of its own for each test, with jobs to put into it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/id.h"
#include "db/test_with_database.h"
#include "queue/queue.h"

namespace ourvidz::queue {

class QueueTest : public db::TestWithDatabase {
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

    void fill() override {
        change([](db::Connection& connection) {
            return connection.execute("INSERT INTO workspaces (id, name, created_at) VALUES ('w', 'W', 0)",
                                      {});
        });
    }

    // Of a subject of its own: the queue needs nothing else to be there.
    static std::string subject_of(const std::string& job) { return "thg" + job.substr(3); }
    std::string add_job(const std::string& kind = "image_fast", const std::string& workspace = "w",
                        const std::string& model = "nano") {
        const auto id = new_id("job", clock_);
        change([&](db::Connection& connection) -> Result<std::int64_t> {
            OURVIDZ_CHECK(enqueue(
                connection, {id, workspace, {"thing", subject_of(id)}, kind, {"image", model, 0, 1'000}},
                clock_.now_ms()));
            return 0;
        });
        clock_.advance(1);
        return id;
    }
    std::vector<Claim> take(const std::string& node, int count,
                            const std::vector<std::string>& kinds = {"image_fast"}) {
        return change([&](db::Connection& connection) {
                   return claim(connection, {node, "image", kinds, count, {}, {}}, clock_, policy_);
               })
            .claims;
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
    // Its node says that it failed. Answers whether it was queued again.
    bool fail(const Claim& claim) {
        return change([&](db::Connection& connection) -> Result<bool> {
            OURVIDZ_TRY(live, require_live(connection, claim.attempt_id, claim.fence));
            return set_back(connection, live, Setback::failed, Error{ErrorCode::engine_failed, "no", ""},
                            clock_.now_ms(), policy_);
        });
    }
    // Sets back all whose lease has run out; answers how many were queued again.
    int sweep() {
        return change([&](db::Connection& connection) -> Result<int> {
            OURVIDZ_TRY(lost, expired(connection, clock_.now_ms()));
            return set_back_all(connection, lost);
        });
    }
    // How many of these were queued again.
    Result<int> set_back_all(db::Connection& connection, const std::vector<LiveAttempt>& lost) {
        int again = 0;
        for (const auto& live : lost) {
            OURVIDZ_TRY(queued, set_back(connection, live, Setback::lost, Error{}, clock_.now_ms(), policy_));
            again += queued ? 1 : 0;
        }
        return again;
    }
    std::string state_of(const std::string& job) {
        return change([&](db::Connection& connection) -> Result<std::string> {
            OURVIDZ_TRY(rows, connection.query("SELECT state FROM jobs WHERE id = $1", {job}));
            return rows[0].text(0);
        });
    }

    ManualClock clock_{1'700'000'000'000};
    Policy policy_;
};

}  // namespace ourvidz::queue
