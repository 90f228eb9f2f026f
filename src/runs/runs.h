// Runs: several generations of which later ones wait for earlier ones (queue/edges.h), and for what somebody
// says. Each step is a generation like any other, with its own price and hold. What state a run is in follows
// from its steps alone.
//
// There is one workflow, "keep_the_best": drafts, of which somebody chooses one, a final picture of that,
// and, where it is asked for, that picture enlarged.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assets/assets.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "db/database.h"
#include "generations/edit.h"
#include "generations/prepare.h"

namespace ourvidz::runs {

constexpr std::string_view subject_name = "run";
constexpr std::string_view keep_the_best = "keep_the_best";

struct Step {
    std::string name;  // "draft", "full" or "enlarged"
    std::string generation_id;
    generations::State state = generations::State::queued;
    std::int64_t credits = 0;
    double work = 1;  // how much there is to do, compared with the other steps; > 0
    double done = 0;  // which part of it, 0..1; of one that runs, as far as this server has heard
};
// waiting: for somebody to choose; running: for a machine.
enum class State { running, waiting, succeeded, failed, canceled };
[[nodiscard]] std::string_view to_string(State state);
[[nodiscard]] std::string_view to_string(queue::Priority priority);

struct Run {
    std::string id;
    std::string workspace_id;
    std::string workflow;
    UnixMs created_at = 0;
    std::optional<std::int64_t> max_credits;  // what all steps together may cost
    queue::Priority priority = queue::Priority::normal;
    std::vector<Step> steps;  // in their order

    [[nodiscard]] State state() const;
    // What all steps together cost at most; what is not done of them costs nothing.
    [[nodiscard]] std::int64_t credits() const;
    // How far all of it is, 0..1.
    [[nodiscard]] double progress() const;
    [[nodiscard]] const Step& step(std::string_view name) const;
};
[[nodiscard]] json::object to_json(const Run& run);

// What the body of POST /api/v1/runs asks for.
struct NewRun {
    generations::NewGeneration draft;
    generations::NewGeneration full;
    std::optional<generations::NewGeneration> enlarged;
    std::optional<std::int64_t> max_credits;
    queue::Priority priority = queue::Priority::normal;
};
// Errors: invalid_field, with the field's path; so it is when the steps cost more than they may.
[[nodiscard]] Result<NewRun> read_request(const json::object& body);

// What is said of a run that waits.
struct Choice {
    std::string asset_id;            // a picture of the draft
    std::optional<double> strength;  // 0..1: how much of it may change
};
[[nodiscard]] Result<Choice> read_choice(const json::object& body);

// The field of a step that was refused is a field of the run's request.
[[nodiscard]] Error within(std::string_view step, Error error);

// All steps and their holds, or none. Errors: as generations::submit().
struct Prepared {
    generations::Prepared draft;
    generations::Prepared full;
    std::optional<generations::Prepared> enlarged;
    std::optional<std::int64_t> max_credits;
    queue::Priority priority = queue::Priority::normal;  // of each step
};
struct Started {
    Run run;
    bool is_new = true;
    std::optional<generations::Busy> busy;  // then nothing was accepted
};
// `submission`: of the draft.
[[nodiscard]] Result<Started> start(db::Connection& connection, const Prepared& prepared,
                                    generations::Submission submission,
                                    const generations::QueueLimits& limits, const Clock& clock);

// Errors: not_found; invalid_field when it is no picture of the draft; conflict when the run waits for no
// choice.
struct Chosen {
    assets::Asset picture;
    generations::Generation full;  // the step that is made from it, as it is stored
};
[[nodiscard]] Result<Chosen> choose(db::Connection& connection, std::string_view workspace_id,
                                    std::string_view id, std::string_view asset_id);
// What the full step is to be then. `from_picture`: its model can start from one; else it draws the same seed
// anew.
[[nodiscard]] Result<generations::NewGeneration> request_for(const Chosen& chosen,
                                                             const std::optional<double>& strength,
                                                             bool from_picture);
// Errors: conflict when somebody else was faster.
[[nodiscard]] Result<Run> approve(db::Connection& connection, std::string_view workspace_id,
                                  std::string_view id, const Chosen& chosen,
                                  const generations::Prepared& prepared, UnixMs now);

// Stops what has not ended. What is done stays, and is paid; the rest costs nothing.
[[nodiscard]] Result<Run> cancel(db::Connection& connection, std::string_view workspace_id,
                                 std::string_view id, UnixMs now);

// Of a step, as Step::work: how much there is to draw.
[[nodiscard]] double work_of(const generations::Settings& settings, std::int64_t batch);

// --- store (runs_store.cpp) ---

[[nodiscard]] Result<void> insert(db::Connection& connection, const Run& run);
// Errors: not_found.
[[nodiscard]] Result<Run> find(db::Connection& connection, std::string_view workspace_id,
                               std::string_view id);
// The one of which this generation is a step. Errors: not_found.
[[nodiscard]] Result<Run> find_by_step(db::Connection& connection, std::string_view workspace_id,
                                       std::string_view generation_id);
struct Page {
    std::vector<Run> items;  // newest first
    std::optional<std::string> next_cursor;
};
// `active_only`: those of which a step has not ended.
[[nodiscard]] Result<Page> list(db::Connection& connection, std::string_view workspace_id, bool active_only,
                                const std::optional<std::string>& cursor, int limit);

}  // namespace ourvidz::runs
