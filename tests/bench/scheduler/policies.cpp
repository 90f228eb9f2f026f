#include "policies.h"

#include <algorithm>
#include <limits>

namespace ourvidz::bench {
namespace {

constexpr Ms patience_ms = 30'000;
constexpr int look_ahead = 32;
constexpr Ms look_again_ms = 5'000;

bool has_demand_for(const Card& card, int model) {
    return std::any_of(card.demands().begin(), card.demands().end(),
                       [&](int job) { return card.job(job).model == model; });
}

schedule::Rules never_swap(schedule::Rules rules) {
    rules.turn_min = 1e9;
    rules.turn_max_ms = std::numeric_limits<Ms>::max() / 4;
    return rules;
}

bool waits_for_memory(const Card& card) {
    return std::any_of(card.demands().begin(), card.demands().end(),
                       [&](int job) { return card.find_loaded(card.job(job).model) == nullptr; });
}

}  // namespace

std::vector<int> LruPolicy::victims(const Card& card, int model) {
    const auto& models = card.trace().models;
    auto all = card.loaded();
    std::erase_if(all, [&](const Loaded& one) { return models[static_cast<std::size_t>(one.model)].pinned; });
    std::sort(all.begin(), all.end(),
              [](const Loaded& a, const Loaded& b) { return a.last_used < b.last_used; });
    std::vector<int> going;
    auto free = card.free_mb();
    for (const auto& one : all) {
        if (free >= models[static_cast<std::size_t>(model)].memory_mb) break;
        if (one.running > 0 || one.ready_at > card.now() || has_demand_for(card, one.model)) continue;
        free += models[static_cast<std::size_t>(one.model)].memory_mb;
        going.push_back(one.model);
    }
    return going;
}

// The oldest of the line. While somebody has waited for memory for longer than the node's patience, models
// that are loaded get nothing new, or a busy one would never go.
std::optional<int> LruPolicy::pick(const Card& card, int line, std::optional<Ms>& again_at) {
    const auto& demands = card.demands();
    const bool reserved =
        waits_for_memory(card) && card.now() - card.given_at(demands.front()) >= patience_ms;
    if (waits_for_memory(card) && !reserved) again_at = card.given_at(demands.front()) + patience_ms;
    for (const auto job : card.waiting()) {
        const auto& model = card.model_of(job);
        if (model.line != line) continue;
        if (reserved && !model.pinned) continue;
        return job;
    }
    return std::nullopt;
}

std::optional<int> FifoPolicy::pick(const Card& card, int line, std::optional<Ms>& /*again_at*/) {
    if (!card.demands().empty()) return std::nullopt;
    const auto head = *card.waiting().begin();
    return card.model_of(head).line == line ? std::optional(head) : std::nullopt;
}

std::optional<int> KeepAlivePolicy::pick(const Card& card, int line, std::optional<Ms>& /*again_at*/) {
    std::erase_if(assigned_, [&](int job) { return !card.waiting().contains(job); });
    const auto busy_with = [&](int model) {
        return std::any_of(assigned_.begin(), assigned_.end(),
                           [&](int job) { return card.job(job).model == model; });
    };
    for (const auto job : card.waiting()) {
        if (assigned_.contains(job)) continue;
        const auto model = card.job(job).model;
        if (card.find_loaded(model) == nullptr && !busy_with(model) && !has_demand_for(card, model)) {
            auto free = card.free_mb();
            for (const auto& one : card.loaded()) {
                if (!card.trace().models[static_cast<std::size_t>(one.model)].pinned && one.running == 0 &&
                    one.ready_at <= card.now() && !busy_with(one.model) && !has_demand_for(card, one.model))
                    free += card.trace().models[static_cast<std::size_t>(one.model)].memory_mb;
            }
            if (free < card.model_of(job).memory_mb || waits_for_memory(card)) break;
        }
        assigned_.insert(job);
    }
    for (const auto job : assigned_) {
        if (card.model_of(job).line == line) return job;
    }
    return std::nullopt;
}

std::optional<int> LookAheadPolicy::pick(const Card& card, int line, std::optional<Ms>& /*again_at*/) {
    served_.resize(static_cast<std::size_t>(card.trace().users));
    // The next 32, users in turn: a user's n-th job stands behind everybody's who was served less often.
    std::vector<std::pair<int, int>> order;
    std::map<int, int> of_user;
    for (const auto job : card.waiting()) {
        const auto user = card.job(job).user;
        const auto turn = served_[static_cast<std::size_t>(user)] + of_user[user]++;
        if (of_user[user] <= look_ahead) order.emplace_back(turn, job);
        if (order.size() > 40 * look_ahead) break;
    }
    std::sort(order.begin(), order.end());
    if (order.size() > look_ahead) order.resize(look_ahead);
    const auto take = [&](int job) {
        ++served_[static_cast<std::size_t>(card.job(job).user)];
        return job;
    };
    bool blocked = false;
    for (std::size_t i = 0; i < order.size() && !blocked; ++i) {
        const auto job = order[i].second;
        if (card.model_of(job).line == line && card.find_loaded(card.job(job).model) != nullptr) {
            for (std::size_t before = 0; before < i; ++before) ++passed_over_[order[before].second];
            return take(job);
        }
        blocked = passed_over_[job] >= look_ahead && !card.model_of(job).pinned;
    }
    if (waits_for_memory(card)) return std::nullopt;
    for (const auto& [turn, job] : order) {
        if (card.model_of(job).line == line) return take(job);
        if (passed_over_[job] >= look_ahead && !card.model_of(job).pinned) return std::nullopt;
    }
    return std::nullopt;
}

OurPolicy::OurPolicy(const Trace& trace, schedule::Rules rules)
    : rules_(rules),
      served_(trace.lines.size(), std::vector<Served>(static_cast<std::size_t>(trace.users))),
      lines_(trace.lines.size()) {
    // Who was never served and who was served at 0 must differ.
    for (auto& line : served_) {
        for (auto& one : line) one.at = -1;
    }
}

schedule::State OurPolicy::state_of(const Card& card, int line) const {
    schedule::State state;
    state.now = card.now();
    state.line = lines_[static_cast<std::size_t>(line)];
    for (int user = 0; user < card.trace().users; ++user) {
        const auto& waiting = card.waiting(line, user);
        if (waiting.empty()) continue;
        schedule::User one;
        one.workspace_id = std::to_string(10'000 + user);
        const auto& served = served_[static_cast<std::size_t>(line)][static_cast<std::size_t>(user)];
        one.served_ms = served.ms;
        one.served_at = served.at;
        for (std::size_t i = 0; i < std::min(waiting.size(), schedule::jobs_max); ++i) {
            const auto& job = card.job(waiting[i]);
            const auto& model = card.model_of(waiting[i]);
            one.jobs.push_back({std::to_string(waiting[i]), model.name, model.memory_mb,
                                job.usual_ms > 0 ? job.usual_ms : model.usual_ms, job.at});
        }
        state.users.push_back(std::move(one));
    }
    state.node.budget_mb = card.trace().budget_mb;
    for (const auto& one : card.loaded()) {
        const auto& model = card.trace().models[static_cast<std::size_t>(one.model)];
        // A job that waits for its model to be loaded has been given out: for a server it runs.
        const auto loading = std::count_if(card.demands().begin(), card.demands().end(),
                                           [&](int job) { return card.job(job).model == one.model; });
        state.node.residents.push_back({model.name, model.memory_mb, one.running + static_cast<int>(loading),
                                        model.line == line ? card.free_places(line) : 0, model.pinned,
                                        one.ready_at, model.load_ms});
    }
    for (const auto job : card.demands()) {
        const auto& model = card.model_of(job);
        if (card.find_loaded(card.job(job).model) != nullptr) continue;
        const bool known = std::any_of(state.node.pending.begin(), state.node.pending.end(),
                                       [&](const auto& one) { return one.model == model.name; });
        if (!known) state.node.pending.push_back({model.name, model.memory_mb});
    }
    for (std::size_t i = 0; i < card.trace().models.size(); ++i) {
        const auto& model = card.trace().models[i];
        state.node.load_ms[model.name] = model.load_ms;
        const auto& waiting = card.waiting_for(static_cast<int>(i));
        if (waiting.empty()) continue;
        auto& ready = state.waiting[model.name];
        for (std::size_t k = 0; k < std::min(waiting.size(), schedule::group_max); ++k)
            ready.push_back(card.job(waiting[k]).at);
    }
    return state;
}

OurPolicy::Picked OurPolicy::ask(const Card& card, int line, const schedule::Rules& rules) const {
    const auto state = state_of(card, line);
    Picked picked;
    picked.choice = schedule::choose(state, rules);
    if (!picked.choice.pick) return picked;
    picked.job = std::stoi(state.users[picked.choice.pick->user].jobs[picked.choice.pick->job].id);
    picked.swaps = picked.choice.pick->swaps;
    return picked;
}

void OurPolicy::keep(const Card& card, int line, const Picked& picked) {
    auto& served =
        served_[static_cast<std::size_t>(line)][static_cast<std::size_t>(card.job(*picked.job).user)];
    served = {picked.choice.user_served_ms, card.now()};
    lines_[static_cast<std::size_t>(line)] = picked.choice.line;
}

std::optional<int> OurPolicy::pick(const Card& card, int line, std::optional<Ms>& again_at) {
    const auto picked = ask(card, line, card.now() < hold_until_ ? never_swap(rules_) : rules_);
    again_at = picked.choice.again_at;
    if (picked.job) keep(card, line, picked);
    return picked.job;
}

std::vector<int> OurPolicy::victims(const Card& card, int model) {
    const auto& spec = card.trace().models[static_cast<std::size_t>(model)];
    const auto state = state_of(card, spec.line);
    std::vector<int> going;
    for (const auto* one : schedule::in_the_way(state, spec.name, spec.memory_mb)) {
        for (std::size_t i = 0; i < card.trace().models.size(); ++i) {
            if (card.trace().models[i].name == one->model) going.push_back(static_cast<int>(i));
        }
    }
    return going;
}

ClairvoyantPolicy::ClairvoyantPolicy(const Trace& trace, double power, Ms horizon_ms)
    : OurPolicy(trace), power_(power), horizon_ms_(horizon_ms) {}

std::optional<int> ClairvoyantPolicy::pick(const Card& card, int line, std::optional<Ms>& again_at) {
    schedule::Rules at_once = rules_;
    at_once.turn_min = 0;
    at_once.pressure = 0;
    auto now = ask(card, line, at_once);
    if (now.job && !now.swaps) {
        keep(card, line, now);
        return now.job;
    }
    const auto stay = ask(card, line, never_swap(rules_));
    if (!now.job) return std::nullopt;
    const auto end = card.now() + horizon_ms_;
    const auto play = [&](const Picked& first) {
        Card future = card;
        OurPolicy base = *this;
        if (first.job) {
            future.give(*first.job);
            base.keep(card, line, first);
        }
        if (!first.swaps) base.hold_until(card.now() + look_again_ms);
        future.run(base, end);
        return future.cost(card.now(), power_);
    };
    const auto& better = play(now) <= play(stay) ? now : stay;
    if (!better.job) again_at = card.now() + look_again_ms;
    if (better.job) keep(card, line, better);
    return better.job;
}

}  // namespace ourvidz::bench
