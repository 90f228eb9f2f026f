// What is asked of one card, and when: the same for every policy, made from a seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ourvidz::bench {

using Ms = std::int64_t;

struct LineSpec {
    std::string name;
    int places = 1;  // jobs at once
};

struct ModelSpec {
    std::string name;
    int line = 0;
    int memory_mb = 0;  // however many jobs run on it
    Ms load_ms = 0;
    Ms usual_ms = 0;  // mean service time: what a server has learned
    bool pinned = false;
};

struct Arrival {
    Ms at = 0;
    int user = 0;
    int model = 0;
    Ms service_ms = 0;
    Ms usual_ms = 0;  // what such jobs took before; 0: as the model's
};

struct Trace {
    std::string name;
    std::string about;
    std::vector<LineSpec> lines;
    std::vector<ModelSpec> models;
    int budget_mb = 47'000;
    int users = 1;
    std::vector<Arrival> arrivals;  // by time
};

// Image, video and chat on the card of product.md's F16, `load` as the share of the card's time that the work
// takes without any loading, spread over video and chat.
[[nodiscard]] Trace three_classes(const std::string& name, double load, std::uint32_t seed);
// The same with storyboards of 12 clips at once and conversations in sessions.
[[nodiscard]] Trace bursts(std::uint32_t seed);
// Four picture models of 20 GB in one line, of which two fit; one is asked for more often than the others.
[[nodiscard]] Trace many_models(std::uint32_t seed);
// One user asks for 10,000 pictures at once; 20 newcomers come later, one after the other, with one each.
[[nodiscard]] Trace flood(std::uint32_t seed);
// Eight users who each have more to do than there is time, with jobs of very different lengths.
[[nodiscard]] Trace saturated(std::uint32_t seed);

}  // namespace ourvidz::bench
