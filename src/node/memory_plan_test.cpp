#include "node/memory_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ourvidz::node {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(MemoryPlan, TheReferenceCardCarriesWhatWasAskedFor) {
    MemoryOptions options;
    options.on_accelerator = true;
    const auto plan = plan_memory(options, {16, 128'000}, {{5 * 1024, 7 * 1024, 1800}});
    EXPECT_EQ(plan.budget_mb, 47 * 1024);
    EXPECT_EQ(plan.kinds[WorkerKind::image].count, 2);
    EXPECT_EQ(plan.kinds[WorkerKind::video].count, 4);
    EXPECT_EQ(plan.kinds[WorkerKind::chat].count, 8);
    EXPECT_TRUE(plan.kinds[WorkerKind::image].always_loaded);
    EXPECT_THAT(plan.note, IsEmpty());
}

TEST(MemoryPlan, AModelAsLargeAsItsKindsShareRunsOnce) {
    MemoryOptions options;
    options.on_accelerator = true;
    const auto plan = plan_memory(options, {16, 128'000}, {{10 * 1024, 30 * 1024, 15 * 1024}});
    for (WorkerKind kind : worker_kinds) EXPECT_EQ(plan.kinds[kind].count, 1);
    EXPECT_THAT(
        plan.note,
        HasSubstr("makes 1 picture, 1 clip, 1 answer at a time instead of 2 pictures, 4 clips, 8 answers"));
}

TEST(MemoryPlan, TwoCoresCarryOneWorkerOfEachKind) {
    const auto plan = plan_memory({}, {2, 20'000}, {{160, 160, 260}});
    EXPECT_EQ(plan.budget_mb, 20'000 - 512);
    for (WorkerKind kind : worker_kinds) {
        EXPECT_EQ(plan.kinds[kind].count, 1);
        EXPECT_EQ(plan.kinds[kind].threads, 2);
    }
    EXPECT_THAT(plan.note, HasSubstr("2 cores"));
    EXPECT_THAT(plan.note, HasSubstr("19.0 GB"));
}

TEST(MemoryPlan, AModelThatDoesNotFitIsNotServedAndTheNoteSaysSo) {
    const auto plan = plan_memory({}, {8, 16'000}, {{160, 30'720, 260}});
    EXPECT_EQ(plan.kinds[WorkerKind::video].count, 0);
    EXPECT_EQ(plan.kinds[WorkerKind::image].count, 2);
    EXPECT_THAT(plan.note, HasSubstr("The model for video needs 30.0 GB, more than the 15.1 GB there are."));
}

TEST(MemoryPlan, AKindWithoutAModelGetsNoWorker) {
    const auto plan = plan_memory({}, {2, 20'000}, {{160, 160, 0}});
    EXPECT_EQ(plan.kinds[WorkerKind::chat].count, 0);
}

TEST(MemoryPlan, NoCountMeansAsManyAsTheMachineCarries) {
    MemoryOptions options;
    options.kinds[WorkerKind::chat] = {0, 1'000, false, 0};
    EXPECT_EQ(plan_memory(options, {32, 64'000}, {{160, 160, 260}}).kinds[WorkerKind::chat].count, 3)
        << "by memory";
    EXPECT_EQ(plan_memory(options, {8, 64'000}, {{160, 160, 260}}).kinds[WorkerKind::chat].count, 2)
        << "by cores";
    EXPECT_THAT(plan_memory(options, {8, 64'000}, {{160, 160, 260}}).note,
                HasSubstr("2 pictures, 4 clips, 2 answers."));
}

TEST(MemoryPlan, ReadsThisMachine) {
    const Machine machine = this_machine();
    EXPECT_GE(machine.cores, 1);
    EXPECT_GT(machine.memory_available_mb, 0);
}

}  // namespace
}  // namespace ourvidz::node
