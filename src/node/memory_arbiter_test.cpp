#include "node/memory_arbiter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace ourvidz::node {
namespace {

WorkerView empty_worker(int id, WorkerKind kind) {
    WorkerView worker;
    worker.id = id;
    worker.kind = kind;
    return worker;
}

WorkerView loaded_worker(int id, WorkerKind kind, std::string model, int mb, std::int64_t last_used_ms = 0) {
    WorkerView worker = empty_worker(id, kind);
    worker.model = std::move(model);
    worker.declared_mb = mb;
    worker.last_used_ms = last_used_ms;
    return worker;
}

// The card of the requirements: 47 GB for image 10, video 30, chat 15.
MemoryState reference_card() {
    MemoryState state;
    state.budget_mb = 47'000;
    state.patience_ms = 30'000;
    state.workers = {loaded_worker(0, WorkerKind::image, "sdxl", 10'000), empty_worker(1, WorkerKind::video),
                     empty_worker(2, WorkerKind::chat)};
    state.workers[0].pinned = true;
    return state;
}

DemandView video_demand(int id, std::int64_t since_ms = 0) {
    return {id, WorkerKind::video, "wan", 30'000, since_ms};
}
DemandView chat_demand(int id, std::int64_t since_ms = 0) {
    return {id, WorkerKind::chat, "qwen", 15'000, since_ms};
}
DemandView image_demand(int id, std::int64_t since_ms = 0) {
    return {id, WorkerKind::image, "sdxl", 10'000, since_ms};
}

TEST(MemoryArbiter, GrantsALoadedWorkerAtOnce) {
    MemoryState state = reference_card();
    state.demands = {image_demand(7)};
    const Decision decision = decide(state);
    EXPECT_EQ(decision.action, Action::grant);
    EXPECT_EQ(decision.demand, 7);
    EXPECT_EQ(decision.worker, 0);
}

TEST(MemoryArbiter, LoadsWhereThereIsRoom) {
    MemoryState state = reference_card();
    state.demands = {video_demand(1)};
    const Decision decision = decide(state);
    EXPECT_EQ(decision.action, Action::load);
    EXPECT_EQ(decision.worker, 1);
}

TEST(MemoryArbiter, EvictsTheIdleModelThatIsInTheWay) {
    MemoryState state = reference_card();
    state.workers[1] = loaded_worker(1, WorkerKind::video, "wan", 30'000);
    state.demands = {chat_demand(1)};
    const Decision decision = decide(state);
    EXPECT_EQ(decision.action, Action::evict);
    EXPECT_EQ(decision.worker, 1) << "the pinned image worker stays";
}

TEST(MemoryArbiter, WaitsForABusyWorkerAndDoesNotEvictInVain) {
    MemoryState state = reference_card();
    state.workers[1] = loaded_worker(1, WorkerKind::video, "wan", 30'000);
    state.workers[1].busy = true;
    state.workers.push_back(loaded_worker(3, WorkerKind::chat, "small", 1'000));
    state.demands = {chat_demand(1)};
    EXPECT_EQ(decide(state).action, Action::wait);
}

TEST(MemoryArbiter, EvictsTheLeastRecentlyUsed) {
    MemoryState state;
    state.budget_mb = 30;
    state.workers = {loaded_worker(0, WorkerKind::chat, "a", 10, 500),
                     loaded_worker(1, WorkerKind::chat, "b", 10, 100),
                     loaded_worker(2, WorkerKind::chat, "c", 10, 900), empty_worker(3, WorkerKind::image)};
    state.demands = {{1, WorkerKind::image, "nano", 10, 0}};
    const Decision decision = decide(state);
    EXPECT_EQ(decision.action, Action::evict);
    EXPECT_EQ(decision.worker, 1);
}

TEST(MemoryArbiter, SwapsTheModelOfAnIdleWorkerEvenWhenItIsPinned) {
    MemoryState state = reference_card();
    state.demands = {{1, WorkerKind::image, "nano", 300, 0}};
    const Decision decision = decide(state);
    EXPECT_EQ(decision.action, Action::evict);
    EXPECT_EQ(decision.worker, 0);
}

TEST(MemoryArbiter, GivesUpAPinnedModelOnlyWhenItCouldNeverFitBeside) {
    MemoryState state = reference_card();
    state.budget_mb = 35'000;
    state.demands = {video_demand(1)};
    Decision decision = decide(state);
    EXPECT_EQ(decision.action, Action::evict);
    EXPECT_EQ(decision.worker, 0);
    state.budget_mb = 40'000;
    decision = decide(state);
    EXPECT_EQ(decision.action, Action::load);
}

TEST(MemoryArbiter, SaysWhenADemandCanNeverBeMet) {
    MemoryState state = reference_card();
    state.budget_mb = 20'000;
    state.demands = {video_demand(5)};
    const Decision decision = decide(state);
    EXPECT_EQ(decision.action, Action::impossible);
    EXPECT_EQ(decision.demand, 5);
}

TEST(MemoryArbiter, LeavesACrashedWorkerAloneUntilItsBackOffIsOver) {
    MemoryState state = reference_card();
    state.workers[1].not_before_ms = 1'000;
    state.demands = {video_demand(1)};
    state.now_ms = 999;
    EXPECT_EQ(decide(state).action, Action::wait);
    state.now_ms = 1'000;
    EXPECT_EQ(decide(state).action, Action::load);
}

TEST(MemoryArbiter, ServesTheOldestFirst) {
    MemoryState state = reference_card();
    state.demands = {image_demand(8, 20), image_demand(9, 10)};
    EXPECT_EQ(decide(state).demand, 9);
}

TEST(MemoryArbiter, OvertakingEndsWhenPatienceDoes) {
    MemoryState state = reference_card();
    state.workers[1] = loaded_worker(1, WorkerKind::video, "wan", 30'000);
    state.workers[1].busy = true;
    // A second place for clips is loaded and idle; an old chat waits for memory.
    state.workers[2] = loaded_worker(2, WorkerKind::video, "wan", 5'000);
    state.workers.push_back(empty_worker(3, WorkerKind::chat));
    state.demands = {chat_demand(1, 0), {2, WorkerKind::video, "wan", 5'000, 10}};
    state.now_ms = 29'999;
    EXPECT_EQ(decide(state).action, Action::grant) << "a young clip may overtake";
    state.now_ms = 30'000;
    EXPECT_EQ(decide(state).action, Action::wait) << "its memory is now kept for the chat";
}

TEST(MemoryArbiter, EndsTheProcessThatHoldsFarMoreThanItsModelNeeds) {
    MemoryState state = reference_card();
    state.workers[0].busy = true;
    state.workers[1] = loaded_worker(1, WorkerKind::video, "wan", 30'000);
    state.workers[1].busy = true;
    state.workers[1].measured_mb = 38'000;
    const Decision decision = decide(state);
    EXPECT_EQ(decision.action, Action::kill);
    EXPECT_EQ(decision.worker, 1);
}

TEST(MemoryArbiter, ToleratesASmallExcess) {
    MemoryState state = reference_card();
    state.budget_mb = 10'000;
    state.workers[0].busy = true;
    state.workers[0].measured_mb = 10'100;
    EXPECT_EQ(decide(state).action, Action::wait);
}

// A small world that carries out what the arbiter decides and checks what it promises.
class World {
  public:
    explicit World(unsigned seed) : random_(seed) {
        state_.budget_mb = pick(800, 1500);
        state_.patience_ms = 50;
        int id = 0;
        for (WorkerKind kind : worker_kinds) {
            for (int i = pick(1, 3); i > 0; --i) state_.workers.push_back(empty_worker(id++, kind));
        }
        state_.workers.front().pinned = pick(0, 1) == 1;
    }

    void step(bool arrivals) {
        ++state_.now_ms;
        if (arrivals && pick(0, 3) == 0) arrive();
        for (auto& worker : state_.workers) {
            if (worker.busy && busy_until_[worker.id] <= state_.now_ms) finish(worker);
        }
        settle();
    }

    [[nodiscard]] std::size_t waiting() const { return state_.demands.size(); }
    [[nodiscard]] std::int64_t longest_wait_ms() const { return longest_wait_ms_; }
    [[nodiscard]] int served() const { return served_; }

  private:
    int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

    void arrive() {
        const WorkerKind kind = worker_kinds.at(static_cast<std::size_t>(pick(0, 2)));
        const int model = pick(0, 2);
        const int need_mb =
            100 + 100 * model + 150 * static_cast<int>(kind);  // at most 600, below any budget
        state_.demands.push_back({next_demand_++, kind, "m" + std::to_string(model), need_mb, state_.now_ms});
    }

    void finish(WorkerView& worker) {
        worker.busy = false;
        worker.last_used_ms = state_.now_ms;
        if (pick(0, 9) == 0) {  // it crashed
            worker.model.clear();
            worker.declared_mb = 0;
            worker.not_before_ms = state_.now_ms + pick(0, 20);
        }
    }

    void settle() {
        for (int i = 0;; ++i) {
            ASSERT_LT(i, 1000) << "the arbiter does not come to rest";
            const Decision decision = decide(state_);
            if (decision.action == Action::wait) break;
            carry_out(decision);
            ASSERT_LE(held_mb(state_), state_.budget_mb);
        }
    }

    void carry_out(const Decision& decision) {
        ASSERT_TRUE(decision.action == Action::grant || decision.action == Action::load ||
                    decision.action == Action::evict);
        WorkerView& worker = state_.workers.at(static_cast<std::size_t>(decision.worker));
        ASSERT_FALSE(worker.busy);
        if (decision.action == Action::evict) {
            worker.model.clear();
            worker.declared_mb = 0;
            return;
        }
        const auto demand = std::find_if(state_.demands.begin(), state_.demands.end(),
                                         [&](const DemandView& d) { return d.id == decision.demand; });
        ASSERT_NE(demand, state_.demands.end());
        ASSERT_EQ(worker.kind, demand->kind);
        if (decision.action == Action::load) {
            ASSERT_TRUE(worker.model.empty());
            ASSERT_LE(worker.not_before_ms, state_.now_ms);
            worker.model = demand->model;
            worker.declared_mb = demand->need_mb;
        }
        ASSERT_EQ(worker.model, demand->model);
        worker.busy = true;
        busy_until_[worker.id] = state_.now_ms + pick(1, 30);
        longest_wait_ms_ = std::max(longest_wait_ms_, state_.now_ms - demand->since_ms);
        ++served_;
        state_.demands.erase(demand);
    }

    std::mt19937 random_;
    MemoryState state_;
    std::map<int, std::int64_t> busy_until_;
    int next_demand_ = 0;
    int served_ = 0;
    std::int64_t longest_wait_ms_ = 0;
};

TEST(MemoryArbiter, NeverOvercommitsAndServesEverybodyWhateverComes) {
    for (unsigned seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        World world(seed);
        for (int i = 0; i < 1500; ++i) world.step(/*arrivals=*/true);
        // The load is above what the workers can do, so a queue has formed; it must drain.
        for (int i = 0; i < 30'000 && world.waiting() > 0; ++i) world.step(/*arrivals=*/false);
        ASSERT_EQ(world.waiting(), 0U);
        ASSERT_GT(world.served(), 100);
        if (testing::Test::HasFatalFailure()) return;
    }
}

// Without end there is always somebody younger who could be served at once. The big one must not wait for
// ever.
TEST(MemoryArbiter, AStreamOfSmallDemandsCannotStarveABigOne) {
    MemoryState state;
    state.budget_mb = 100;
    state.patience_ms = 20;
    for (int id = 0; id < 4; ++id) {
        state.workers.push_back(loaded_worker(id, WorkerKind::chat, "small", 25));
        state.workers.back().busy = true;
    }
    state.workers.push_back(empty_worker(4, WorkerKind::video));
    state.demands = {{0, WorkerKind::video, "big", 60, 0}};
    for (state.now_ms = 1; state.now_ms < 200; ++state.now_ms) {
        // Every run takes four ticks, and a new small demand waits all the time.
        WorkerView& ending = state.workers[static_cast<std::size_t>(state.now_ms % 4)];
        ending.busy = false;
        state.demands.push_back(
            {static_cast<int>(state.now_ms), WorkerKind::chat, "small", 25, state.now_ms});
        for (Decision next = decide(state); next.action != Action::wait; next = decide(state)) {
            if (next.demand == 0 && next.action == Action::load) return;
            WorkerView& worker = state.workers[static_cast<std::size_t>(next.worker)];
            if (next.action == Action::evict) {
                worker.model.clear();
                worker.declared_mb = 0;
                continue;
            }
            if (next.action == Action::load) {
                worker.model = "small";
                worker.declared_mb = 25;
            }
            worker.busy = true;
            std::erase_if(state.demands, [&](const DemandView& demand) { return demand.id == next.demand; });
        }
    }
    FAIL() << "the big demand was never served";
}

}  // namespace
}  // namespace ourvidz::node
