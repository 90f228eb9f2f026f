// The pool with the real workers and the default models.
#include "node/worker_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <future>

#include "catalog/catalog.h"
#include "node/slot.h"
#include "node/test_places.h"

namespace ourvidz::node {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto patience = std::chrono::seconds(60);

MemoryPlan plan_of(int budget_mb, int images, int chats) {
    MemoryPlan plan;
    plan.budget_mb = budget_mb;
    plan.kinds[WorkerKind::image] = {images, 1, false};
    plan.kinds[WorkerKind::chat] = {chats, 1, false};
    return plan;
}

bool eventually(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

class WorkerPoolTest : public ::testing::Test {
  protected:
    static PoolOptions options(MemoryPlan plan) {
        PoolOptions options;
        options.executables = testing::executables();
        options.plan = std::move(plan);
        options.measure_resident = false;
        return options;
    }
    ModelNeed model(std::string_view kind) const {
        const auto entry = catalog_->resolve(kind);
        EXPECT_TRUE(entry.ok());
        auto served = served_model(*catalog_, kind, (*entry)->name);
        EXPECT_TRUE(served.ok());
        return served->need;
    }
    ModelNeed nano() const { return model("image_fast"); }
    ModelNeed small_chat() const { return model("chat_conversation"); }

    Result<catalog::Catalog> catalog_ = catalog::Catalog::load(testing::catalog_places());
    SystemClock clock_;
    Random random_ = [] { return 0.5; };
};

TEST_F(WorkerPoolTest, LoadsOnFirstUseAndIsReadyTheSecondTime) {
    WorkerPool pool(options(plan_of(2'000, 1, 0)), clock_, random_);
    EXPECT_THAT(pool.pids(WorkerKind::image), IsEmpty());
    {
        auto worker = pool.acquire(WorkerKind::image, nano(), {}, {});
        ASSERT_TRUE(worker.ok()) << worker.error().detail;
        EXPECT_TRUE(worker->process().alive());
        worker->succeeded();
    }
    const auto pids = pool.pids(WorkerKind::image);
    ASSERT_THAT(pids, SizeIs(1));
    auto again = pool.acquire(WorkerKind::image, nano(), {}, {});
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->process().pid(), pids[0]);
    EXPECT_EQ(pool.counters().loads, 1);
}

TEST_F(WorkerPoolTest, EndsAnIdleWorkerThatIsInTheWay) {
    const auto image = nano();
    const auto chat = small_chat();
    WorkerPool pool(options(plan_of(std::max(image.memory_mb, chat.memory_mb) + 10, 1, 1)), clock_, random_);
    { ASSERT_TRUE(pool.acquire(WorkerKind::image, image, {}, {}).ok()); }
    {
        auto worker = pool.acquire(WorkerKind::chat, chat, {}, {});
        ASSERT_TRUE(worker.ok()) << worker.error().detail;
        EXPECT_THAT(pool.pids(WorkerKind::image), IsEmpty());
    }
    EXPECT_EQ(pool.counters().evictions, 1);
    EXPECT_TRUE(pool.acquire(WorkerKind::image, image, {}, {}).ok()) << "and back again";
}

TEST_F(WorkerPoolTest, WaitsForABusyWorkerUntilItIsStopped) {
    const auto image = nano();
    WorkerPool pool(options(plan_of(2'000, 1, 0)), clock_, random_);
    auto held = std::make_optional(pool.acquire(WorkerKind::image, image, {}, {}));
    ASSERT_TRUE(held->ok());
    std::stop_source stop;
    auto second = std::async(std::launch::async, [&] {
        const auto worker = pool.acquire(WorkerKind::image, image, {}, stop.get_token());
        return worker.ok() ? ErrorCode::internal : worker.error().code;
    });
    auto third =
        std::async(std::launch::async, [&] { return pool.acquire(WorkerKind::image, image, {}, {}).ok(); });
    EXPECT_EQ(second.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
    stop.request_stop();
    EXPECT_EQ(second.get(), ErrorCode::canceled);
    held.reset();
    EXPECT_TRUE(third.get());
}

TEST_F(WorkerPoolTest, ReplacesAWorkerThatWasKilledWhileItHadNothingToDo) {
    WorkerPool pool(options(plan_of(2'000, 1, 0)), clock_, random_);
    { ASSERT_TRUE(pool.acquire(WorkerKind::image, nano(), {}, {}).ok()); }
    const auto pids = pool.pids(WorkerKind::image);
    ASSERT_THAT(pids, SizeIs(1));
    kill(pids[0], SIGKILL);
    ASSERT_TRUE(eventually([&] { return pool.counters().crashes == 1; }));
    auto worker = pool.acquire(WorkerKind::image, nano(), {}, {});
    ASSERT_TRUE(worker.ok()) << worker.error().detail;
    EXPECT_NE(worker->process().pid(), pids[0]);
}

TEST_F(WorkerPoolTest, AWorkerThatCannotStartBacksOffLongerEachTimeAndSaysWhy) {
    const testing::TemporaryFolder folder;
    std::ofstream(folder.path() / "diffusion_worker") << "#!/bin/sh\nexit 1\n";
    chmod((folder.path() / "diffusion_worker").c_str(), 0755);
    PoolOptions broken = options(plan_of(2'000, 1, 0));
    broken.executables = folder.path();
    broken.restart_first_ms = 40;
    broken.restart_max_ms = 100;
    WorkerPool pool(broken, clock_, random_);
    std::vector<std::int64_t> pauses_ms;
    for (int i = 0; i < 4; ++i) {
        EXPECT_FALSE(pool.acquire(WorkerKind::image, nano(), {}, {}).ok());
        const Stopwatch watch;
        EXPECT_TRUE(pool.wait_until_usable(WorkerKind::image, {}));
        pauses_ms.push_back(watch.ms());
    }
    EXPECT_EQ(pool.counters().crashes, 4);
    // Three quarters of 40, 80, 100, 100 with this randomness.
    EXPECT_GE(pauses_ms[0], 25);
    EXPECT_GE(pauses_ms[1], 55);
    EXPECT_GE(pauses_ms[3], 70);
    const auto status = pool.status();
    EXPECT_THAT(std::string(status.at("workers").at(0).at("detail").as_string()),
                HasSubstr("failed when it last worked"));
}

TEST_F(WorkerPoolTest, AModelThatDoesNotLoadIsReportedInTheEnginesWords) {
    WorkerPool pool(options(plan_of(2'000, 1, 0)), clock_, random_);
    ModelNeed bad = nano();
    bad.files.files["diffusion"] = "/dev/null";
    const auto worker = pool.acquire(WorkerKind::image, bad, {}, {});
    ASSERT_FALSE(worker.ok());
    EXPECT_FALSE(worker.error().detail.empty());
    EXPECT_TRUE(pool.acquire(WorkerKind::image, nano(), {}, {}).ok()) << "the good one still loads";
}

TEST_F(WorkerPoolTest, AnIdleWorkerEndsAfterAWhile) {
    PoolOptions brief = options(plan_of(2'000, 1, 0));
    brief.idle_unload_ms = 100;
    WorkerPool pool(brief, clock_, random_);
    { ASSERT_TRUE(pool.acquire(WorkerKind::image, nano(), {}, {}).ok()); }
    EXPECT_TRUE(eventually([&] { return pool.loaded(WorkerKind::image) == 0; }));
    EXPECT_EQ(pool.counters().idle_unloads, 1);
}

TEST_F(WorkerPoolTest, WhatCanNeverFitIsSaidAtOnce) {
    WorkerPool pool(options(plan_of(50, 1, 0)), clock_, random_);
    const auto worker = pool.acquire(WorkerKind::image, nano(), {}, {});
    ASSERT_FALSE(worker.ok());
    EXPECT_EQ(worker.error().code, ErrorCode::unavailable);
    EXPECT_THAT(worker.error().detail, HasSubstr("50 MB"));
}

}  // namespace
}  // namespace ourvidz::node
