// Compares schedulers on the same traces, in simulated time. No machine's speed has a part in the numbers:
// the same seed gives the same table everywhere.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "policies.h"

namespace ourvidz::bench {
namespace {

constexpr Ms horizon_ms = 240'000;

struct Waits {
    double p50 = 0;
    double p95 = 0;
    double p99 = 0;
    double longest = 0;
};

Waits waits_of(std::vector<double> seconds) {
    std::sort(seconds.begin(), seconds.end());
    const auto at = [&](double share) {
        return seconds.empty()
                   ? 0.0
                   : seconds[static_cast<std::size_t>(share * static_cast<double>(seconds.size() - 1))];
    };
    return {at(0.5), at(0.95), at(0.99), at(1)};
}

struct Outcome {
    std::string name;
    int swaps = 0;
    std::vector<Waits> by_line;
    Waits all;
    double mean = 0;
};

Outcome outcome_of(std::string name, const Card& card) {
    Outcome outcome;
    outcome.name = std::move(name);
    outcome.swaps = card.swaps();
    std::vector<double> all;
    for (std::size_t line = 0; line < card.trace().lines.size(); ++line) {
        std::vector<double> seconds;
        for (std::size_t i = 0; i < card.trace().arrivals.size(); ++i) {
            const auto job = static_cast<int>(i);
            if (card.model_of(job).line != static_cast<int>(line)) continue;
            seconds.push_back(static_cast<double>(card.started(job) - card.job(job).at) / 1'000);
        }
        all.insert(all.end(), seconds.begin(), seconds.end());
        outcome.by_line.push_back(waits_of(std::move(seconds)));
    }
    outcome.mean = std::accumulate(all.begin(), all.end(), 0.0) /
                   static_cast<double>(std::max<std::size_t>(all.size(), 1));
    outcome.all = waits_of(std::move(all));
    return outcome;
}

Outcome play(const Trace& trace, std::string name, Policy& policy) {
    Card card(trace);
    card.run(policy);
    return outcome_of(std::move(name), card);
}

// No schedule in which every job starts within `longest_ms` of its arrival has fewer swaps, however many
// places there are and however quickly models load: of two models that do not fit together, the other must be
// loaded when the first of its jobs has waited so long, and going later is never worse.
int swaps_at_least(const Trace& trace, Ms longest_ms, int one, int other) {
    int swaps = 0;
    int loaded = -1;
    constexpr Ms never = std::numeric_limits<Ms>::max();
    Ms deadline = never;  // of the oldest job that waits for the model that is not loaded
    for (const auto& job : trace.arrivals) {
        if (deadline < job.at) {
            loaded = loaded == one ? other : one;
            ++swaps;
            deadline = never;
        }
        if (job.model != one && job.model != other) continue;
        if (loaded < 0) loaded = job.model;
        if (job.model != loaded) deadline = std::min(deadline, job.at + longest_ms);
    }
    return swaps + (deadline == never ? 0 : 1);
}

void print_head(const Trace& trace) {
    fmt::print("\n{}: {}; {} jobs of {} users\n", trace.name, trace.about, trace.arrivals.size(),
               trace.users);
    fmt::print("  {:24}{:>7}{:>8}{:>8}", "wait in s", "swaps", "mean", "p95");
    for (const auto& line : trace.lines) fmt::print("{:>27}", line.name + " p50 / p95 / p99");
    fmt::print("\n");
}

void print(const Outcome& outcome) {
    fmt::print("  {:24}{:>7}{:>8.1f}{:>8.1f}", outcome.name, outcome.swaps, outcome.mean, outcome.all.p95);
    for (const auto& waits : outcome.by_line)
        fmt::print("{:>27}", fmt::format("{:.1f} / {:.1f} / {:.1f}", waits.p50, waits.p95, waits.p99));
    fmt::print("\n");
    std::fflush(stdout);
}

// Enough memory that nothing ever has to go: what is left is waiting for a place.
Trace with_all_memory(Trace trace) {
    trace.budget_mb = 1'000'000;
    return trace;
}

struct Compared {
    double swaps = 0;
    double p95 = 0;
};

Compared compare(const Trace& trace) {
    print_head(trace);
    OurPolicy ours(trace);
    const auto our = play(trace, "ours", ours);
    print(our);
    FifoPolicy fifo;
    print(play(trace, "first in, first out", fifo));
    LruPolicy lru;
    print(play(trace, "LRU eviction", lru));
    KeepAlivePolicy keep_alive;
    print(play(trace, "keep-alive order", keep_alive));
    LookAheadPolicy look_ahead;
    print(play(trace, "look-ahead 32", look_ahead));
    ClairvoyantPolicy mean(trace, 1, horizon_ms);
    const auto for_mean = play(trace, "clairvoyant (mean)", mean);
    print(for_mean);
    ClairvoyantPolicy tail(trace, 2, horizon_ms);
    const auto for_tail = play(trace, "clairvoyant (tail)", tail);
    print(for_tail);
    const auto roomy = with_all_memory(trace);
    OurPolicy floor(roomy);
    print(play(roomy, "memory for all", floor));
    if (trace.models.size() == 3) {
        const auto longest_ms = static_cast<Ms>(our.all.longest * 1'000);
        fmt::print("  any schedule whose longest wait is ours ({:.0f} s) has at least {} swaps\n",
                   our.all.longest, swaps_at_least(trace, longest_ms, 1, 2));
    }
    const auto& better = for_tail.all.p95 <= for_mean.all.p95 ? for_tail : for_mean;
    const Compared ratio{static_cast<double>(our.swaps) / std::max(better.swaps, 1),
                         our.all.p95 / std::max(better.all.p95, 0.1)};
    fmt::print("  ratio to the clairvoyant with the better p95: swaps {:.2f}, p95 {:.2f}\n", ratio.swaps,
               ratio.p95);
    return ratio;
}

void newcomers(const Trace& trace) {
    fmt::print("\n{}: {}\n  {:24}{:>22}{:>34}\n", trace.name, trace.about, "", "newcomers' wait in s",
               "longest, in service times of 4 s");
    const auto show = [&](const char* name, Policy& policy) {
        Card card(trace);
        card.run(policy);
        std::vector<double> seconds;
        for (std::size_t i = 0; i < trace.arrivals.size(); ++i) {
            const auto job = static_cast<int>(i);
            if (card.job(job).user > 0)
                seconds.push_back(static_cast<double>(card.started(job) - card.job(job).at) / 1'000);
        }
        const auto waits = waits_of(std::move(seconds));
        fmt::print("  {:24}{:>22}{:>34.2f}\n", name,
                   fmt::format("p50 {:.1f}, most {:.1f}", waits.p50, waits.longest), waits.longest / 4);
    };
    OurPolicy ours(trace);
    show("ours", ours);
    FifoPolicy fifo;
    show("first in, first out", fifo);
    LookAheadPolicy look_ahead;
    show("look-ahead 32", look_ahead);
}

// Jain's index of the service that users got in the first hour: 1 is equal shares, 1/n all for one.
double jain(const Card& card, Ms until) {
    std::vector<double> given(static_cast<std::size_t>(card.trace().users), 0);
    for (std::size_t i = 0; i < card.trace().arrivals.size(); ++i) {
        const auto job = static_cast<int>(i);
        const auto began = card.started(job);
        if (began < 0 || began >= until) continue;
        given[static_cast<std::size_t>(card.job(job).user)] +=
            static_cast<double>(std::min(until, began + card.job(job).service_ms) - began);
    }
    const auto sum = std::accumulate(given.begin(), given.end(), 0.0);
    const auto squares = std::inner_product(given.begin(), given.end(), given.begin(), 0.0);
    return sum * sum / (static_cast<double>(given.size()) * squares);
}

void shares(const Trace& trace) {
    fmt::print("\n{}: {}\n", trace.name, trace.about);
    const auto show = [&](const char* name, Policy& policy) {
        Card card(trace);
        card.run(policy, 3'600'000);
        fmt::print("  {:24} Jain's index {:.4f}\n", name, jain(card, 3'600'000));
    };
    OurPolicy ours(trace);
    show("ours", ours);
    FifoPolicy fifo;
    show("first in, first out", fifo);
    LookAheadPolicy look_ahead;
    show("look-ahead 32", look_ahead);
}

void run(std::uint32_t seed) {
    fmt::print(
        "scheduler, simulated; seed {}. Places: image 2, video 4, chat 8; 47 GB; image 10 GB pinned,\n"
        "video 30 GB (20 s to load), chat 15 GB (8 s).\n",
        seed);
    for (const auto& trace : {three_classes("light", 0.3, seed), three_classes("middling", 0.5, seed + 1),
                              three_classes("heavy", 0.7, seed + 2), bursts(seed + 3), many_models(seed + 4)})
        (void)compare(trace);
    newcomers(flood(seed + 5));
    shares(saturated(seed + 6));
}

}  // namespace
}  // namespace ourvidz::bench

int main(int count, char** arguments) {
    const auto seed = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 1;
    ourvidz::bench::run(static_cast<std::uint32_t>(seed));
}
