// Generations: what was asked for, and what came of it. One generation has one job behind it; its pictures
// are assets, its words are its text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assets/assets.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "db/database.h"
#include "kinds/settings.h"
#include "ledger/ledger.h"
#include "queue/queue.h"
#include "safety/gate.h"
#include "schedule/estimate.h"

namespace ourvidz::generations {

// Of its jobs and events.
constexpr std::string_view subject_name = "generation";

// Of a generation and of its job. scheduled: something else has to end first, or somebody has to agree.
enum class State { scheduled, queued, running, succeeded, failed, canceled };
// As the database and the API write it.
[[nodiscard]] std::string_view to_string(State state);
// Of what to_string() has written.
[[nodiscard]] State state_from(std::string_view name);
[[nodiscard]] bool is_over(State state);

constexpr std::size_t messages_max = 200;

struct Message {
    std::string role;  // "system", "user" or "assistant"
    std::string text;
};

using kinds::prompt_bytes_max;
using kinds::Settings;

struct NewGeneration {
    std::string kind;
    Settings settings;
    std::int64_t batch = 1;
    std::vector<Message> messages;
};

struct Generation {
    std::string id;
    std::string workspace_id;
    std::string kind;
    std::string medium;  // kinds::Medium
    std::string model;   // catalogue name
    Settings settings;
    std::vector<Message> messages;
    std::int64_t batch = 1;
    State state = State::queued;
    bool paused = false;    // its owner does not want it started; only while queued
    bool put_away = false;  // it has failed, and its owner does not want it shown any more
    std::optional<std::string> text;
    bool cut = false;  // the text ends where the model's limit was, not where the answer does
    std::optional<std::string> hint;
    std::optional<Error> error;
    std::int64_t credits = 0;
    std::string hold;  // "placed", "settled", "voided" or "expired"
    UnixMs created_at = 0;
    std::optional<UnixMs> started_at;
    std::optional<UnixMs> ended_at;
    std::vector<assets::Asset> assets;

    [[nodiscard]] bool over() const { return is_over(state); }
};

[[nodiscard]] json::array to_json(const std::vector<Message>& messages);
// Without the live parts (progress, words so far), which LiveBoard adds.
[[nodiscard]] json::object to_json(Generation generation);

[[nodiscard]] safety::TextToCheck text_to_check(const NewGeneration& request);

// --- store: all SQL of generations (generations_store.cpp) ---

// With its job, its hold and its event, in the order of ARCHITECTURE.md. Errors: not_enough_credits.
[[nodiscard]] Result<void> insert(db::Connection& connection, const Generation& generation,
                                  const queue::NewJob& job, const Clock& clock);
// With assets. Errors: not_found.
[[nodiscard]] Result<Generation> find(db::Connection& connection, std::string_view workspace_id,
                                      std::string_view id);
// The same for the system itself, whatever the workspace.
[[nodiscard]] Result<Generation> find_any(db::Connection& connection, std::string_view id);

struct Filter {
    bool active_only = false;
    std::string medium;  // empty: all
};
struct Page {
    std::vector<Generation> items;
    std::optional<std::string> next_cursor;
};
[[nodiscard]] Result<Page> list(db::Connection& connection, std::string_view workspace_id,
                                const Filter& filter, const std::optional<std::string>& cursor, int limit);

// Moves it and appends its event. `text` and `error` are stored when given.
struct Change {
    State state = State::queued;
    std::optional<std::string> text;
    std::optional<Error> error;
    bool cut = false;
};
[[nodiscard]] Result<void> move_to(db::Connection& connection, std::string_view id, const Change& change,
                                   UnixMs now);

// What became of those whose ids the query `which` answers, for a domain that shows them as something of its
// own.
struct Outcome {
    std::string generation_id;
    State state = State::queued;
    std::optional<std::string> text;
    bool cut = false;
    std::optional<Error> error;
};
[[nodiscard]] Result<std::vector<Outcome>> outcomes(db::Connection& connection, std::string_view which,
                                                    const std::vector<db::Value>& values);
// Erases what was said, asked and answered; what it cost stays. Its job is not stopped by this.
[[nodiscard]] Result<void> forget_words(db::Connection& connection, std::string_view workspace_id,
                                        std::string_view id);

// --- measured durations, for estimates ---

// A coarse class of work: outputs times steps times pixels, as a power of two. What begins with a picture is
// of classes of its own, since much of it need not be drawn.
[[nodiscard]] std::int64_t size_class(const Settings& settings, std::int64_t outputs);
// `engine_ms`: what was spent in the engine, of the `work_ms` (>= engine_ms) for which the run kept its
// place.
struct TimeSpent {
    std::int64_t engine_ms = 0;
    std::int64_t work_ms = 0;
};
[[nodiscard]] Result<void> note_duration(db::Connection& connection, const Generation& generation,
                                         const TimeSpent& spent, UnixMs now);
using Estimate = schedule::Estimate;
// The work of one more like the last runs of this kind, model and size class; nullopt before the third.
[[nodiscard]] Result<std::optional<Estimate>> estimate(db::Connection& connection, std::string_view kind,
                                                       std::string_view model, std::int64_t size_class);
// The same with the share of drawing in that work, 0..1; neither is known before the third run.
struct Usual {
    std::optional<Estimate> work;
    std::optional<double> draw_share;
};
[[nodiscard]] Result<Usual> usual(db::Connection& connection, std::string_view kind, std::string_view model,
                                  std::int64_t size_class);

}  // namespace ourvidz::generations
