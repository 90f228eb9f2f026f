// A card with its places and memory, in simulated time. Policies say which waiting job a free place gets;
// everything else is the same for all of them. A copy of a Card is a whole other course of events.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "trace.h"

namespace ourvidz::bench {

struct Loaded {
    int model = 0;
    Ms ready_at = 0;  // while it loads: in the future
    Ms last_used = 0;
    int running = 0;
};

class Card;

class Policy {
  public:
    virtual ~Policy() = default;
    // A job of the line that is to be given to a free place now. `again_at` may be set to when it is worth
    // asking again although nothing happens.
    virtual std::optional<int> pick(const Card& card, int line, std::optional<Ms>& again_at) = 0;
    // Which loaded models have to go so that `model` fits; they are waited for until they do nothing.
    // Empty with too little room: it waits for something else to happen.
    virtual std::vector<int> victims(const Card& card, int model) = 0;
};

class Card {
  public:
    explicit Card(const Trace& trace);

    // Until everything is done, or until `end`.
    void run(Policy& policy, std::optional<Ms> end = {});
    // Gives a waiting job to a place, as a policy's pick would.
    void give(int job);

    [[nodiscard]] const Trace& trace() const { return *trace_; }
    [[nodiscard]] Ms now() const { return now_; }
    [[nodiscard]] const Arrival& job(int job) const {
        return trace_->arrivals[static_cast<std::size_t>(job)];
    }
    [[nodiscard]] const ModelSpec& model_of(int one) const {
        return trace_->models[static_cast<std::size_t>(job(one).model)];
    }
    // In the order of arrival.
    [[nodiscard]] const std::set<int>& waiting() const { return waiting_; }
    [[nodiscard]] const std::deque<int>& waiting(int line, int user) const {
        return by_user_[place_of(line, user)];
    }
    [[nodiscard]] const std::deque<int>& waiting_for(int model) const {
        return by_model_[static_cast<std::size_t>(model)];
    }
    [[nodiscard]] const std::vector<Loaded>& loaded() const { return loaded_; }
    [[nodiscard]] const Loaded* find_loaded(int model) const;
    [[nodiscard]] bool ready(int model) const;
    [[nodiscard]] int free_places(int line) const { return free_[static_cast<std::size_t>(line)]; }
    // Jobs that have a place and wait for their model, the oldest first.
    [[nodiscard]] const std::deque<int>& demands() const { return demands_; }
    [[nodiscard]] int free_mb() const;
    [[nodiscard]] Ms given_at(int job) const { return given_[static_cast<std::size_t>(job)]; }
    // -1: not yet.
    [[nodiscard]] Ms started(int job) const { return started_[static_cast<std::size_t>(job)]; }
    // Loads for which another model had to go.
    [[nodiscard]] int swaps() const { return swaps_; }
    // Since the run began: Σ over jobs that have come of (wait so far)^power, for comparing courses of
    // events.
    [[nodiscard]] double cost(Ms since, double power) const;

  private:
    [[nodiscard]] std::size_t place_of(int line, int user) const {
        return static_cast<std::size_t>(line) * static_cast<std::size_t>(trace_->users) +
               static_cast<std::size_t>(user);
    }
    struct Running {
        Ms end = 0;
        int job = 0;
        bool operator<(const Running& other) const {
            return end != other.end ? end < other.end : job < other.job;
        }
    };
    void arrive();
    void end_jobs();
    void serve_demands(Policy& policy);
    bool make_room(Policy& policy, int model);
    void start(int job, Loaded& on);
    bool dispatch(Policy& policy);
    [[nodiscard]] std::optional<Ms> next_event() const;

    const Trace* trace_;
    Ms now_ = 0;
    std::size_t arrived_ = 0;
    std::set<int> waiting_;
    std::vector<std::deque<int>> by_user_;
    std::vector<std::deque<int>> by_model_;
    std::vector<int> free_;
    std::vector<Loaded> loaded_;
    std::deque<int> demands_;
    std::set<Running> running_;
    std::vector<Ms> given_;
    std::vector<Ms> started_;
    std::optional<Ms> again_at_;
    int swaps_ = 0;
};

}  // namespace ourvidz::bench
