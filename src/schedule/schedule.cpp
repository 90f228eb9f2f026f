#include "schedule/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace ourvidz::schedule {
namespace {

constexpr std::int64_t load_ms_per_mb = 1;

const Resident* find(const Node& node, std::string_view model) {
    const auto found = std::find_if(node.residents.begin(), node.residents.end(),
                                    [&](const Resident& one) { return one.model == model; });
    return found == node.residents.end() ? nullptr : &*found;
}

const std::vector<UnixMs>& waiting_for(const State& state, std::string_view model) {
    static const std::vector<UnixMs> nobody;
    const auto found = state.waiting.find(model);
    return found == state.waiting.end() ? nobody : found->second;
}

bool is_pending(const Node& node, std::string_view model) {
    return std::any_of(node.pending.begin(), node.pending.end(),
                       [&](const Pending& one) { return one.model == model; });
}

// Whether a job may start now; if not, when it may at the latest.
struct Verdict {
    bool starts = false;
    bool swaps = false;
    UnixMs until = 0;
};

// How long the jobs of a model have waited together since `since`.
double waited_ms(const State& state, std::string_view model, UnixMs since) {
    double sum = 0;
    for (const auto ready : waiting_for(state, model)) {
        sum += static_cast<double>(std::max<std::int64_t>(state.now - std::max(ready, since), 0));
    }
    return sum;
}

// When the jobs of `job`'s model will have waited `wanted_ms` together since `since`.
UnixMs when_waited(const State& state, const Job& job, UnixMs since, double wanted_ms) {
    const auto short_of = std::max(wanted_ms - waited_ms(state, job.model, since), 0.0);
    const auto rate = static_cast<double>(std::max<std::size_t>(waiting_for(state, job.model).size(), 1));
    return state.now + static_cast<UnixMs>(std::ceil(std::min(short_of / rate, 1e12)));
}

UnixMs oldest_ready(const State& state, const Job& job) {
    const auto& all = waiting_for(state, job.model);
    return all.empty() ? job.ready_at : std::min(all.front(), job.ready_at);
}

// Two models that take turns with each other must not keep a third out for ever. With two in all, nobody is
// overdue: their turns end, and shorter ones would only cost loading.
bool is_overdue(const State& state, const Rules& rules, const Job& job) {
    std::set<std::string_view> models;
    for (const auto& [model, ready] : state.waiting) models.insert(model);
    for (const auto& one : state.node.residents) models.insert(one.model);
    for (const auto& one : state.node.residents) {
        if (one.pinned) models.erase(one.model);
    }
    return models.size() > 2 && state.now - oldest_ready(state, job) >= 2 * rules.turn_max_ms;
}

// When the turn of `resident` ends for `job`; State::now or earlier: it has ended.
UnixMs turn_end(const State& state, const Rules& rules, const Resident& resident, const Job& job) {
    const auto behind = static_cast<double>(waiting_for(state, resident.model).size());
    if (behind == 0 && resident.running == 0) return state.now;
    const auto swap_ms = static_cast<double>(load_ms(state.node, job.model, job.need_mb) +
                                             load_ms(state.node, resident.model, resident.memory_mb));
    const auto pressed =
        when_waited(state, job, resident.since,
                    swap_ms * ((resident.running > 0 ? rules.busy : 0) + rules.pressure * behind));
    if (behind == 0) return std::min(pressed, oldest_ready(state, job) + rules.turn_max_ms);
    const auto shortest = static_cast<UnixMs>(rules.turn_min * swap_ms);
    if (is_overdue(state, rules, job)) return resident.since + shortest / 2;
    const auto earliest = resident.since + shortest;
    return std::min(std::max(pressed, earliest), resident.since + rules.turn_max_ms);
}

// Loading keeps a place busy that could do what is loaded: when that is worth it for `job`. Only what could
// be chosen now counts: for work further back than choose() looks, no place is left empty.
UnixMs load_worth_it(const State& state, const Rules& rules, const Job& job) {
    std::size_t warm = 0;
    for (const auto& user : state.users) {
        for (const auto& other : user.jobs) {
            const auto* resident = find(state.node, other.model);
            if (resident != nullptr && resident->idle_here > 0) ++warm;
        }
    }
    if (warm == 0) return state.now;
    const auto load = static_cast<double>(load_ms(state.node, job.model, job.need_mb));
    const auto pressed = when_waited(state, job, 0, rules.pressure * load * static_cast<double>(warm));
    return std::min(pressed, oldest_ready(state, job) + rules.turn_max_ms);
}

// A model that must go for one that a job was already given out for gets no further work.
bool is_going(const State& state, std::string_view model) {
    return std::any_of(state.node.pending.begin(), state.node.pending.end(), [&](const Pending& one) {
        const auto going = in_the_way(state, one.model, one.need_mb);
        return std::any_of(going.begin(), going.end(),
                           [&](const Resident* resident) { return resident->model == model; });
    });
}

// The least used model among the free places of the line: what a load replaces when no place is empty.
const Resident* replaced_here(const State& state, std::string_view but) {
    const Resident* least = nullptr;
    for (const auto& one : state.node.residents) {
        if (one.idle_here == 0 || one.model == but) continue;
        if (least == nullptr ||
            waiting_for(state, one.model).size() < waiting_for(state, least->model).size()) {
            least = &one;
        }
    }
    return least;
}

Verdict judge(const State& state, const Rules& rules, const Job& job) {
    const auto& node = state.node;
    if (node.budget_mb <= 0) return {true, false, 0};
    const auto* resident = find(node, job.model);
    if (resident != nullptr && is_going(state, job.model))
        return {false, false, state.now + rules.turn_max_ms};
    if (resident != nullptr && resident->idle_here > 0) return {true, false, 0};
    if (is_pending(node, job.model)) return {true, false, 0};
    auto going = in_the_way(state, job.model, job.need_mb);
    if (node.empty_here == 0 && resident == nullptr) {
        const auto* replaced = replaced_here(state, job.model);
        if (replaced != nullptr && std::find(going.begin(), going.end(), replaced) == going.end())
            going.push_back(replaced);
    }
    UnixMs until = load_worth_it(state, rules, job);
    bool swaps = false;
    for (const auto* one : going) {
        swaps = swaps || one->running > 0 || !waiting_for(state, one->model).empty();
        until = std::max(until, turn_end(state, rules, *one, job));
    }
    return {until <= state.now, swaps, until};
}

double counter(const State& state, const User& user) {
    return std::max(user.served_ms, state.line.served_ms);
}

// How long a user with something ready has gone without a place.
std::int64_t neglected_ms(const State& state, const User& user) {
    if (user.jobs.empty()) return 0;
    return state.now - std::max(user.served_at, user.jobs.front().ready_at);
}

// The users in the order of rules 1 and 4, as indexes.
std::vector<std::size_t> order_of(const State& state, const Rules& rules, bool& aged) {
    std::vector<std::size_t> order(state.users.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto& one = state.users[a];
        const auto& other = state.users[b];
        const auto left = counter(state, one);
        const auto right = counter(state, other);
        if (left != right) return left < right;
        if (one.served_at != other.served_at) return one.served_at < other.served_at;
        return one.workspace_id < other.workspace_id;
    });
    aged = false;
    if (state.line.aged_last || order.empty()) return order;
    const auto oldest = std::max_element(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return neglected_ms(state, state.users[a]) < neglected_ms(state, state.users[b]);
    });
    if (neglected_ms(state, state.users[*oldest]) < rules.aging_ms) return order;
    aged = true;
    std::rotate(order.begin(), oldest, oldest + 1);
    return order;
}

}  // namespace

std::int64_t load_ms(const Node& node, std::string_view model, int need_mb) {
    const auto measured = node.load_ms.find(model);
    return measured != node.load_ms.end() ? measured->second : need_mb * load_ms_per_mb;
}

std::vector<const Resident*> in_the_way(const State& state, std::string_view but, int need_mb) {
    const auto& node = state.node;
    std::int64_t room = node.budget_mb;
    for (const auto& one : node.residents) room -= one.memory_mb;
    for (const auto& one : node.pending) {
        if (one.model != but && find(node, one.model) == nullptr) room -= one.need_mb;
    }
    std::vector<const Resident*> going;
    if (room >= need_mb) return going;
    std::vector<const Resident*> all;
    for (const auto& one : node.residents) {
        if (one.model != but) all.push_back(&one);
    }
    std::stable_sort(all.begin(), all.end(), [&](const Resident* a, const Resident* b) {
        if (a->pinned != b->pinned) return b->pinned;
        const auto a_waiting = waiting_for(state, a->model).size();
        const auto b_waiting = waiting_for(state, b->model).size();
        const bool a_used = a->running > 0 || a_waiting > 0;
        const bool b_used = b->running > 0 || b_waiting > 0;
        if (a_used != b_used) return b_used;
        if (a_waiting != b_waiting) return a_waiting < b_waiting;
        return a->since < b->since;
    });
    for (const auto* one : all) {
        if (room >= need_mb) break;
        room += one->memory_mb;
        going.push_back(one);
    }
    return going;
}

Choice choose(const State& state, const Rules& rules) {
    Choice choice;
    choice.line = state.line;
    bool aged = false;
    double least = std::numeric_limits<double>::max();
    const auto order = order_of(state, rules, aged);
    for (const auto& user : state.users) {
        if (!user.jobs.empty()) least = std::min(least, counter(state, user));
    }
    std::map<std::string_view, Verdict> judged;  // jobs of one model need the same
    for (std::size_t place = 0; place < order.size(); ++place) {
        const auto& user = state.users[order[place]];
        for (std::size_t i = 0; i < user.jobs.size(); ++i) {
            const auto& job = user.jobs[i];
            auto known = judged.find(job.model);
            if (known == judged.end()) known = judged.emplace(job.model, judge(state, rules, job)).first;
            const auto& verdict = known->second;
            if (!verdict.starts) {
                if (!choice.again_at || verdict.until < *choice.again_at) choice.again_at = verdict.until;
                continue;
            }
            const auto start = counter(state, user);
            choice.pick = Choice::Pick{order[place], i, verdict.swaps};
            choice.user_served_ms = start + static_cast<double>(std::max<std::int64_t>(job.service_ms, 1)) /
                                                std::max(user.weight, 1e-6);
            // Of all who wait, not of the chosen: who was passed over must not be lifted.
            choice.line.served_ms = least;
            choice.line.aged_last = aged && place == 0;
            choice.again_at.reset();
            return choice;
        }
    }
    return choice;
}

}  // namespace ourvidz::schedule
