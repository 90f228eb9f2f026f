#include "node/memory_arbiter.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace ourvidz::node {
namespace {

// One pass over the demands, oldest first. What an impatient demand waits for is set aside for it, so that
// those after it see less.
class Arbitration {
  public:
    explicit Arbitration(const MemoryState& state)
        : state_(state), free_mb_(state.budget_mb - held_mb(state)) {}

    Decision run() {
        if (free_mb_ < 0) {
            const Decision decision = make_room();
            if (decision.action != Action::wait) return decision;
        }
        for (const DemandView* demand : oldest_first()) {
            const Decision decision = serve(*demand);
            if (decision.action != Action::wait) return decision;
        }
        return {};
    }

  private:
    using Workers = std::vector<const WorkerView*>;

    std::vector<const DemandView*> oldest_first() const {
        std::vector<const DemandView*> sorted;
        for (const auto& demand : state_.demands) sorted.push_back(&demand);
        std::sort(sorted.begin(), sorted.end(), [](const DemandView* a, const DemandView* b) {
            return std::pair(a->since_ms, a->id) < std::pair(b->since_ms, b->id);
        });
        return sorted;
    }

    // More is held than there is, because processes hold more than was declared for them.
    Decision make_room() const {
        Workers victims = evictable(/*busy_too=*/false, /*pinned_too=*/true);
        if (!victims.empty()) return {Action::evict, -1, victims.front()->id};
        const WorkerView* worst = nullptr;
        for (const auto& worker : state_.workers) {
            const int excess = worker.measured_mb - tolerated_mb(worker.declared_mb);
            if (worker.model.empty() || excess <= 0) continue;
            if (!worst || excess > worst->measured_mb - tolerated_mb(worst->declared_mb)) worst = &worker;
        }
        return worst ? Decision{Action::kill, -1, worst->id} : Decision{};
    }

    Decision serve(const DemandView& demand) {
        if (demand.need_mb > state_.budget_mb) return {Action::impossible, demand.id, -1};
        if (const WorkerView* ready = ready_worker(demand)) return {Action::grant, demand.id, ready->id};
        const WorkerView* empty = empty_worker(demand);
        if (!empty) {
            if (const WorkerView* other = other_model(demand)) return {Action::evict, demand.id, other->id};
            if (impatient(demand)) keep_a_place(demand);
            return {};
        }
        if (demand.need_mb <= free_mb_) return {Action::load, demand.id, empty->id};
        if (const WorkerView* victim = victim_for(demand)) return {Action::evict, demand.id, victim->id};
        if (impatient(demand)) keep_memory(demand);
        return {};
    }

    bool impatient(const DemandView& demand) const {
        return state_.now_ms - demand.since_ms >= state_.patience_ms;
    }

    bool takeable(const WorkerView& worker) const { return !worker.busy && !kept_.contains(worker.id); }

    // The most recently used one, so that the others may go.
    const WorkerView* ready_worker(const DemandView& demand) const {
        const WorkerView* best = nullptr;
        for (const auto& worker : state_.workers) {
            if (worker.kind != demand.kind || worker.model != demand.model || !takeable(worker)) continue;
            if (!best || worker.last_used_ms > best->last_used_ms) best = &worker;
        }
        return best;
    }

    const WorkerView* empty_worker(const DemandView& demand) const {
        for (const auto& worker : state_.workers) {
            if (worker.kind == demand.kind && worker.model.empty() && takeable(worker) &&
                worker.not_before_ms <= state_.now_ms)
                return &worker;
        }
        return nullptr;
    }

    // An idle worker of the kind that has another model loaded. Pinned ones too: they stay loaded, only with
    // something else.
    const WorkerView* other_model(const DemandView& demand) const {
        const WorkerView* oldest = nullptr;
        for (const auto& worker : state_.workers) {
            if (worker.kind != demand.kind || worker.model.empty() || !takeable(worker)) continue;
            if (!oldest || worker.last_used_ms < oldest->last_used_ms) oldest = &worker;
        }
        return oldest;
    }

    // Workers that hold memory and may lose it: idle before busy, pinned last, then the least recently used.
    Workers evictable(bool busy_too, bool pinned_too) const {
        Workers found;
        for (const auto& worker : state_.workers) {
            if (worker.model.empty() || kept_.contains(worker.id)) continue;
            if ((worker.busy && !busy_too) || (worker.pinned && !pinned_too)) continue;
            found.push_back(&worker);
        }
        std::sort(found.begin(), found.end(), [](const WorkerView* a, const WorkerView* b) {
            return std::tuple(a->pinned, a->busy, a->last_used_ms, a->id) <
                   std::tuple(b->pinned, b->busy, b->last_used_ms, b->id);
        });
        return found;
    }

    // Pinned workers give way only to a demand that could never be served beside them.
    bool needs_pinned(const DemandView& demand) const {
        int pinned_mb = 0;
        for (const auto& worker : state_.workers) pinned_mb += worker.pinned ? worker.held_mb() : 0;
        return demand.need_mb > state_.budget_mb - pinned_mb;
    }

    // The first of the idle workers whose memory together is enough; null if it is not: then nothing is
    // unloaded in vain.
    const WorkerView* victim_for(const DemandView& demand) const {
        const Workers victims = evictable(/*busy_too=*/false, needs_pinned(demand));
        int room_mb = free_mb_;
        for (const WorkerView* victim : victims) room_mb += victim->held_mb();
        return !victims.empty() && room_mb >= demand.need_mb ? victims.front() : nullptr;
    }

    void keep_a_place(const DemandView& demand) {
        const WorkerView* next = nullptr;
        for (const auto& worker : state_.workers) {
            if (worker.kind != demand.kind || kept_.contains(worker.id)) continue;
            if (!next || worker.last_used_ms < next->last_used_ms) next = &worker;
        }
        if (next) kept_.insert(next->id);
    }

    void keep_memory(const DemandView& demand) {
        int room_mb = free_mb_;
        for (const WorkerView* worker : evictable(/*busy_too=*/true, needs_pinned(demand))) {
            if (room_mb >= demand.need_mb) break;
            kept_.insert(worker->id);
            room_mb += worker->held_mb();
        }
        free_mb_ = std::min(free_mb_, std::max(0, room_mb - demand.need_mb));
        keep_a_place(demand);
    }

    const MemoryState& state_;
    int free_mb_;
    std::set<int> kept_;  // workers that an older demand waits for
};

}  // namespace

int WorkerView::held_mb() const {
    return model.empty() ? 0 : std::max(declared_mb, measured_mb);
}

int held_mb(const MemoryState& state) {
    return std::accumulate(state.workers.begin(), state.workers.end(), 0,
                           [](int sum, const WorkerView& worker) { return sum + worker.held_mb(); });
}

Decision decide(const MemoryState& state) {
    return Arbitration(state).run();
}

}  // namespace ourvidz::node
