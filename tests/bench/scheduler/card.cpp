#include "card.h"

#include <algorithm>
#include <cmath>

namespace ourvidz::bench {
namespace {

void take_out(std::deque<int>& list, int job) {
    list.erase(std::find(list.begin(), list.end(), job));
}

}  // namespace

Card::Card(const Trace& trace)
    : trace_(&trace),
      by_user_(trace.lines.size() * static_cast<std::size_t>(trace.users)),
      by_model_(trace.models.size()),
      given_(trace.arrivals.size(), -1),
      started_(trace.arrivals.size(), -1) {
    for (const auto& line : trace.lines) free_.push_back(line.places);
    for (std::size_t i = 0; i < trace.models.size(); ++i) {
        if (trace.models[i].pinned) loaded_.push_back({static_cast<int>(i), 0, 0, 0});
    }
}

const Loaded* Card::find_loaded(int model) const {
    const auto found =
        std::find_if(loaded_.begin(), loaded_.end(), [&](const Loaded& one) { return one.model == model; });
    return found == loaded_.end() ? nullptr : &*found;
}

bool Card::ready(int model) const {
    const auto* found = find_loaded(model);
    return found != nullptr && found->ready_at <= now_;
}

int Card::free_mb() const {
    auto free = trace_->budget_mb;
    for (const auto& one : loaded_) free -= trace_->models[static_cast<std::size_t>(one.model)].memory_mb;
    return free;
}

double Card::cost(Ms since, double power) const {
    double sum = 0;
    for (std::size_t i = 0; i < arrived_; ++i) {
        if (started_[i] >= 0 && started_[i] < since) continue;
        const auto until = started_[i] >= 0 ? started_[i] : now_;
        sum += std::pow(static_cast<double>(until - trace_->arrivals[i].at) / 1'000, power);
    }
    return sum;
}

void Card::arrive() {
    while (arrived_ < trace_->arrivals.size() && trace_->arrivals[arrived_].at <= now_) {
        const auto job = static_cast<int>(arrived_++);
        waiting_.insert(job);
        by_user_[place_of(model_of(job).line, this->job(job).user)].push_back(job);
        by_model_[static_cast<std::size_t>(this->job(job).model)].push_back(job);
    }
}

void Card::end_jobs() {
    while (!running_.empty() && running_.begin()->end <= now_) {
        const auto job = running_.begin()->job;
        running_.erase(running_.begin());
        ++free_[static_cast<std::size_t>(model_of(job).line)];
        for (auto& one : loaded_) {
            if (one.model != this->job(job).model) continue;
            --one.running;
            one.last_used = now_;
        }
    }
}

void Card::give(int job) {
    waiting_.erase(job);
    take_out(by_user_[place_of(model_of(job).line, this->job(job).user)], job);
    take_out(by_model_[static_cast<std::size_t>(this->job(job).model)], job);
    --free_[static_cast<std::size_t>(model_of(job).line)];
    given_[static_cast<std::size_t>(job)] = now_;
    demands_.push_back(job);
}

void Card::start(int job, Loaded& on) {
    ++on.running;
    on.last_used = now_;
    started_[static_cast<std::size_t>(job)] = now_;
    running_.insert({now_ + this->job(job).service_ms, job});
}

// Sends away what must go, once all of it is idle.
bool Card::make_room(Policy& policy, int model) {
    const auto& spec = trace_->models[static_cast<std::size_t>(model)];
    if (free_mb() >= spec.memory_mb) return true;
    const auto victims = policy.victims(*this, model);
    auto free = free_mb();
    for (const auto victim : victims) {
        const auto* one = find_loaded(victim);
        if (one == nullptr || one->running > 0 || one->ready_at > now_) return false;
        free += trace_->models[static_cast<std::size_t>(victim)].memory_mb;
    }
    if (free < spec.memory_mb) return false;
    std::erase_if(loaded_, [&](const Loaded& one) {
        return std::find(victims.begin(), victims.end(), one.model) != victims.end();
    });
    ++swaps_;
    return true;
}

void Card::serve_demands(Policy& policy) {
    for (std::size_t i = 0; i < demands_.size();) {
        const auto job = demands_[i];
        const auto model = this->job(job).model;
        auto found = std::find_if(loaded_.begin(), loaded_.end(),
                                  [&](const Loaded& one) { return one.model == model; });
        if (found == loaded_.end() && make_room(policy, model)) {
            loaded_.push_back({model, now_ + model_of(job).load_ms, now_, 0});
            found = loaded_.end() - 1;
        }
        if (found == loaded_.end() || found->ready_at > now_) {
            ++i;
            continue;
        }
        start(job, *found);
        demands_.erase(demands_.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

bool Card::dispatch(Policy& policy) {
    bool any = false;
    for (std::size_t line = 0; line < trace_->lines.size(); ++line) {
        while (free_[line] > 0 && !waiting_.empty()) {
            std::optional<Ms> again;
            const auto job = policy.pick(*this, static_cast<int>(line), again);
            if (again && (!again_at_ || *again < *again_at_)) again_at_ = again;
            if (!job) break;
            give(*job);
            any = true;
        }
    }
    return any;
}

std::optional<Ms> Card::next_event() const {
    std::optional<Ms> next;
    const auto at = [&](Ms when) {
        if (!next || when < *next) next = when;
    };
    if (arrived_ < trace_->arrivals.size()) at(trace_->arrivals[arrived_].at);
    if (!running_.empty()) at(running_.begin()->end);
    for (const auto& one : loaded_) {
        if (one.ready_at > now_) at(one.ready_at);
    }
    if (again_at_) at(std::max(*again_at_, now_ + 1));
    return next;
}

void Card::run(Policy& policy, std::optional<Ms> end) {
    for (;;) {
        arrive();
        end_jobs();
        serve_demands(policy);
        again_at_.reset();
        while (dispatch(policy)) serve_demands(policy);
        const auto next = next_event();
        if (!next) return;
        if (end && *next > *end) {
            now_ = std::max(now_, *end);
            return;
        }
        now_ = *next;
    }
}

}  // namespace ourvidz::bench
