// Which waiting job a free place of a node gets. Pure: no database, no clock of its own; the same state gives
// the same choice, so the server and the simulator (tests/bench/scheduler) run exactly this code.
//
// A line is what waits for one kind of place ("image", "video", "chat"). The rules, first to last:
//
//  1. Plan weight and turns. Every user has a service counter per line: the service that it was given,
//  divided
//     by its plan's weight (start-time fair queueing). The user with the least counter is served next; ties
//     go to whoever was served the longest ago. One who comes back from idleness is lifted to the line's
//     counter, so that nobody saves up turns and a newcomer is next however much others have queued.
//  2. Own order. A user's jobs are looked at in the order that the user gave them.
//  3. Bounded model affinity. A job whose model is loaded starts. A job whose model must be loaded ("cold")
//     starts at once if that costs nobody anything. Else it is passed over for a while:
//       * Loading keeps a place busy. While jobs wait that the place could do as it is, the cold ones must
//         first have waited, all together, `pressure` times the load for each of those.
//       * Loading may send another model away (a swap). While that one has work, it has its turn. The turn
//         ends when those who want the swap have together waited, since the turn began, for `pressure` swaps
//         (loading there and back) for each job that waits behind, and `busy` swaps when something runs on
//         it; with jobs behind not before `turn_min` swaps.
//     Neither passes over a job for longer than turn_max_ms: from the beginning of the turn where jobs wait
//     behind, else from when it became ready. Turns can follow each other: so where more than two models
//     contend, one whose jobs have waited for 2 * turn_max_ms may end any turn after half of its least
//     length. A cold job is therefore passed over for at most 3 * turn_max_ms, or when several such are due,
//     for half a least turn more for each of them; after that it waits for what runs to end. When a swap is
//     decided, the model that goes is given nothing more, even if places stay empty.
//  4. Aging. A user who has waited for aging_ms without being served is preferred in every second choice,
//     the longest waiting first, whatever the weights: with n such users each of them starts within 2n
//     choices.
//
// Limits: the caller hands in at most users_max users (least counters first), jobs_max jobs of each and
// group_max waiting times of each model; the choice costs O(users * jobs * residents).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace ourvidz::schedule {

constexpr std::size_t users_max = 16;
constexpr std::size_t jobs_max = 16;
constexpr std::size_t group_max = 64;

// The factors were found by tests/bench/scheduler; docs/performance.md says what they give.
struct Rules {
    double turn_min = 3;  // in swaps
    double pressure = 3;  // in swaps, or loads, for each job behind
    double busy = 3;      // in swaps
    std::int64_t turn_max_ms = 180'000;
    std::int64_t aging_ms = 600'000;
};

struct Job {
    std::string id;
    std::string model;
    int need_mb = 0;  // what loading its model takes
    // What it is expected to take of a place, > 0; what its user's counter is charged with.
    std::int64_t service_ms = 1'000;
    UnixMs ready_at = 0;
};

struct User {
    std::string workspace_id;
    double weight = 1;      // of its plan, > 0: twice the weight gets twice the service
    double served_ms = 0;   // its counter in this line
    UnixMs served_at = 0;   // when it was last given a place; 0: never
    std::vector<Job> jobs;  // ready to start, in the user's own order
};

// A model that the node has in memory.
struct Resident {
    std::string model;
    int memory_mb = 0;
    int running = 0;      // jobs at work on it
    int idle_here = 0;    // free places of the asking line that have it loaded
    bool pinned = false;  // to stay loaded; sent away last
    UnixMs since = 0;     // when it was loaded: its turn began
    std::int64_t load_ms = 0;
};

// A model for which a job was given out and which is not loaded yet: its memory is spoken for.
struct Pending {
    std::string model;
    int need_mb = 0;
};

// All that waits for a model, in whatever line: when each job became ready, the oldest first.
using Waiting = std::map<std::string, std::vector<UnixMs>, std::less<>>;

struct Node {
    int budget_mb = 0;  // 0: not known; then models do not matter
    // Places of the asking line that hold no model. Without one, loading replaces a model of the same line.
    int empty_here = 1;
    std::vector<Resident> residents;
    std::vector<Pending> pending;
    std::map<std::string, std::int64_t, std::less<>> load_ms;  // measured, by model
};

struct Line {
    double served_ms = 0;  // the least counter among those who waited at the last choice
    bool aged_last = false;
};

struct State {
    UnixMs now = 0;
    Line line;
    std::vector<User> users;
    Node node;
    Waiting waiting;
};

struct Choice {
    // Indexes into State; nullopt: nothing may start now.
    struct Pick {
        std::size_t user = 0;
        std::size_t job = 0;
        bool swaps = false;
    };
    std::optional<Pick> pick;
    double user_served_ms = 0;  // of the chosen user, charged
    Line line;                  // afterwards
    // Without a pick: when it is worth asking again although nothing has happened.
    std::optional<UnixMs> again_at;
};

[[nodiscard]] Choice choose(const State& state, const Rules& rules);

// What loading a model takes: as measured, or else a guess by its size (1 GB a second).
[[nodiscard]] std::int64_t load_ms(const Node& node, std::string_view model, int need_mb);

// The models that have to go before `need_mb` more fit, those that matter least first; `but` stays. Pure
// helper of choose(), shown for tests and for the simulator, whose node must send away the same ones.
[[nodiscard]] std::vector<const Resident*> in_the_way(const State& state, std::string_view but, int need_mb);

}  // namespace ourvidz::schedule
