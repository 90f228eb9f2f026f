#include "trace.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace ourvidz::bench {
namespace {

constexpr Ms second = 1'000;
constexpr Ms hour = 3'600 * second;
constexpr int image = 0;
constexpr int video = 1;
constexpr int chat = 2;

// The same numbers on every machine: the standard's distributions are not.
class Dice {
  public:
    explicit Dice(std::uint32_t seed) : random_(seed) {}
    double share() { return (static_cast<double>(random_()) + 0.5) / 4'294'967'296.0; }
    int below(int n) { return static_cast<int>(share() * n); }
    Ms gap(double per_second) { return static_cast<Ms>(-std::log(share()) / per_second * second) + 1; }
    // Log-normal around the median, 90 % of it within a factor of exp(1.645 * spread).
    Ms around(Ms median, double spread) {
        const auto normal = std::sqrt(-2 * std::log(share())) * std::cos(2 * M_PI * share());
        return std::max<Ms>(static_cast<Ms>(static_cast<double>(median) * std::exp(spread * normal)), 50);
    }

  private:
    std::mt19937 random_;
};

Trace card(std::string name, std::string about) {
    Trace trace;
    trace.name = std::move(name);
    trace.about = std::move(about);
    trace.lines = {{"image", 2}, {"video", 4}, {"chat", 8}};
    trace.models = {{"image", image, 10'000, 6 * second, 4 * second, true},
                    {"video", video, 30'000, 20 * second, 31 * second, false},
                    {"chat", chat, 15'000, 8 * second, 7 * second, false}};
    return trace;
}

Ms service_of(Dice& dice, int model) {
    if (model == image) return dice.around(4 * second, 0.2);
    if (model == video) return dice.around(30 * second, 0.25);
    return dice.around(6 * second, 0.6);
}

void sort_by_time(Trace& trace) {
    std::stable_sort(trace.arrivals.begin(), trace.arrivals.end(),
                     [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
}

// Jobs of one model, independent of each other, `per_second` on average until `end`.
void add_stream(Trace& trace, Dice& dice, int model, double per_second, Ms end) {
    for (Ms at = dice.gap(per_second); at < end; at += dice.gap(per_second))
        trace.arrivals.push_back({at, dice.below(trace.users), model, service_of(dice, model), 0});
}

}  // namespace

Trace three_classes(const std::string& name, double load, std::uint32_t seed) {
    auto trace =
        card(name, "independent requests, video and chat " + std::to_string(static_cast<int>(load * 100)) +
                       " % of the card without loading");
    trace.users = 12;
    Dice dice(seed);
    const Ms end = hour;
    add_stream(trace, dice, image, 0.2, end);
    add_stream(trace, dice, video, 0.6 * load * 4 / 31, end);
    add_stream(trace, dice, chat, 0.4 * load * 8 / 7, end);
    sort_by_time(trace);
    return trace;
}

Trace bursts(std::uint32_t seed) {
    auto trace =
        card("bursts", "storyboards of 12 clips, chat sessions of 10 to 30 messages, single pictures");
    trace.users = 12;
    Dice dice(seed);
    const Ms end = hour;
    add_stream(trace, dice, image, 0.2, end);
    for (Ms at = dice.gap(0.004); at < end; at += dice.gap(0.004)) {
        const auto user = dice.below(trace.users);
        for (int i = 0; i < 12; ++i) trace.arrivals.push_back({at, user, video, service_of(dice, video), 0});
    }
    for (Ms at = dice.gap(0.008); at < end; at += dice.gap(0.008)) {
        const auto user = dice.below(trace.users);
        auto said = at;
        for (int i = 10 + dice.below(21); i > 0; --i) {
            trace.arrivals.push_back({said, user, chat, service_of(dice, chat), 0});
            said += dice.around(15 * second, 0.5);
        }
    }
    sort_by_time(trace);
    return trace;
}

Trace many_models(std::uint32_t seed) {
    Trace trace;
    trace.name = "many models";
    trace.about = "four picture models of 20 GB in one line of two places, two fit";
    trace.lines = {{"image", 2}};
    trace.users = 12;
    const double share[] = {0.45, 0.25, 0.2, 0.1};
    Dice dice(seed);
    for (int model = 0; model < 4; ++model) {
        trace.models.push_back(
            {"picture " + std::to_string(model + 1), 0, 20'000, 12 * second, 4 * second, false});
        for (Ms at = dice.gap(0.3 * share[model]); at < hour; at += dice.gap(0.3 * share[model]))
            trace.arrivals.push_back({at, dice.below(trace.users), model, dice.around(4 * second, 0.2), 0});
    }
    sort_by_time(trace);
    return trace;
}

Trace flood(std::uint32_t seed) {
    auto trace = card("flood", "one user with 10,000 pictures, 20 newcomers with one each");
    trace.users = 21;
    Dice dice(seed);
    for (int i = 0; i < 10'000; ++i) trace.arrivals.push_back({0, 0, image, service_of(dice, image), 0});
    for (int user = 1; user <= 20; ++user)
        trace.arrivals.push_back(
            {user * 200 * second + dice.below(4'000), user, image, service_of(dice, image), 0});
    sort_by_time(trace);
    return trace;
}

Trace saturated(std::uint32_t seed) {
    auto trace =
        card("saturated", "eight users of one plan, pictures of 1 to 16 s, queued for an hour at once");
    trace.users = 8;
    Dice dice(seed);
    for (int user = 0; user < 8; ++user) {
        // Who asks for longer ones asks for fewer, so that everybody has work for more than the hour.
        const Ms median = second << (user % 4);
        for (Ms total = 0; total < 2 * hour;) {
            trace.arrivals.push_back({0, user, image, dice.around(median, 0.3), median});
            total += trace.arrivals.back().service_ms;
        }
    }
    return trace;
}

}  // namespace ourvidz::bench
