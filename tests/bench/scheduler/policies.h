// The schedulers that are compared. Ours is the real one: it links src/schedule and only translates.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "card.h"
#include "schedule/schedule.h"

namespace ourvidz::bench {

// The oldest of the line first. Sends away what was used the longest ago, but nothing pinned.
class LruPolicy : public Policy {
  public:
    std::optional<int> pick(const Card& card, int line, std::optional<Ms>& again_at) override;
    std::vector<int> victims(const Card& card, int model) override;
};

// One queue in the order of arrival; a head that cannot start stops everybody behind it (llama-swap).
class FifoPolicy final : public LruPolicy {
  public:
    std::optional<int> pick(const Card& card, int line, std::optional<Ms>& again_at) override;
};

// Ollama's: requests are taken in the order of arrival; one whose model is loaded goes to that model's own
// queue at once; one whose model does not fit waits, with everybody behind it, until a loaded model has
// nothing to do any more: the one whose keep-alive ends first.
class KeepAlivePolicy final : public LruPolicy {
  public:
    std::optional<int> pick(const Card& card, int line, std::optional<Ms>& again_at) override;

  private:
    std::set<int> assigned_;
};

// InvokeAI's: users in turn; among the next 32 jobs one whose model is loaded goes first.
class LookAheadPolicy final : public LruPolicy {
  public:
    std::optional<int> pick(const Card& card, int line, std::optional<Ms>& again_at) override;

  private:
    std::map<int, int> passed_over_;  // job -> how often
    std::vector<int> served_;         // by user, a count
};

class OurPolicy : public Policy {
  public:
    explicit OurPolicy(const Trace& trace, schedule::Rules rules = {});
    std::optional<int> pick(const Card& card, int line, std::optional<Ms>& again_at) override;
    std::vector<int> victims(const Card& card, int model) override;

    struct Picked {
        std::optional<int> job;
        bool swaps = false;
        schedule::Choice choice;
    };
    [[nodiscard]] Picked ask(const Card& card, int line, const schedule::Rules& rules) const;
    void keep(const Card& card, int line, const Picked& picked);
    // No swaps before this moment.
    void hold_until(Ms when) { hold_until_ = when; }

  protected:
    schedule::Rules rules_;

  private:
    [[nodiscard]] schedule::State state_of(const Card& card, int line) const;

    struct Served {
        double ms = 0;
        Ms at = 0;
    };
    std::vector<std::vector<Served>> served_;  // by line, then user
    std::vector<schedule::Line> lines_;
    Ms hold_until_ = 0;
};

// Knows every request that will come and how long each will take. Whenever a swap is possible it plays both
// futures, with the swap now and without, for `horizon_ms` on the real requests, and takes the better: less
// Σ wait^power. It is a reference and no bound: it goes on from each decision with our rules, so another
// course could be better still.
class ClairvoyantPolicy final : public OurPolicy {
  public:
    ClairvoyantPolicy(const Trace& trace, double power, Ms horizon_ms);
    std::optional<int> pick(const Card& card, int line, std::optional<Ms>& again_at) override;

  private:
    double power_;
    Ms horizon_ms_;
};

}  // namespace ourvidz::bench
