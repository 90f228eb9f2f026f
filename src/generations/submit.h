// From a request to an accepted generation.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/manifest.h"
#include "generations/generations.h"
#include "prompts/prompt.h"
#include "queue/queue.h"

namespace ourvidz::generations {

// Reads the body of POST /api/v1/generations: shapes, lengths and ranges that hold for every model.
[[nodiscard]] Result<NewGeneration> read_request(const json::object& body);

// The model that serves the request, as the catalogue resolved it.
struct ServingModel {
    const catalog::Entry* entry = nullptr;
    const catalog::KindSpec* spec = nullptr;
};

// Fills in every value that the request left open and refuses what the model cannot do, naming the field and
// what is allowed. `random_seed` is called when the request has none.
[[nodiscard]] Result<void> complete(NewGeneration& request, const ServingModel& model,
                                    const std::function<std::int64_t()>& random_seed);

// What prompts are read with.
struct PromptReader {
    const catalog::Entry* entry = nullptr;
    const std::vector<catalog::Lora>& loras;  // all that are installed
    const prompts::WordLists& lists;
};

// Reads the prompts of pictures and clips: fills in Settings::resolved, loras, warnings and replaced, and
// answers with sentences about the last of these. Needs the seed. Errors: invalid_field naming the prompt
// and the place in it.
[[nodiscard]] Result<std::string> read_prompts(NewGeneration& request, const PromptReader& reader);

// Refuses pictures and clips in whose words, as read_prompts() left them, there is nothing that the model
// draws. Errors: invalid_field, with prompts of which it draws something.
[[nodiscard]] Result<void> require_something(const NewGeneration& request, const catalog::Entry& entry);

// The first picture's prompt without its syntax.
[[nodiscard]] std::string words_of_prompt(const NewGeneration& request);

// How many generations may wait.
struct QueueLimits {
    std::int64_t everybody = 0;
    std::int64_t workspace = 0;
    std::int64_t kind = 0;  // of one kind in one workspace
};

struct Submission {
    std::string workspace_id;
    std::string model;
    std::optional<std::string> hint;
    std::optional<std::string> idempotency_key;
    std::string request_sha256;  // of the body as it came
    std::string line;            // catalog::line_of
    QueueLimits limits;
    // Jobs that it waits for (queue/edges.h), and whether for somebody's word: then it is scheduled, and no
    // limit of what waits holds for it.
    std::vector<std::string> after = {};
    bool needs_approval = false;
    queue::Priority priority = queue::Priority::normal;
};
// The queue is too long for one more.
struct Busy {
    Error error;                     // too_many_requests
    std::int64_t retry_after_s = 0;  // when, by what jobs take now, one more is expected to fit
};
struct Accepted {
    Generation generation;
    std::string job_id;        // of a new one
    bool is_new = true;        // false: the idempotency key was known
    std::optional<Busy> busy;  // then nothing was accepted
};
// One transaction: source check, hold, row, job, event. Takes only what the gate has cleared.
[[nodiscard]] Result<Accepted> submit(db::Connection& connection,
                                      const safety::Cleared<NewGeneration>& request,
                                      const Submission& submission, const Clock& clock);

// The source must be a picture of this workspace that may be shown.
[[nodiscard]] Result<void> check_source(db::Connection& connection, std::string_view workspace_id,
                                        const Settings& settings);

// Stops it: at once if it waits, through its node if it runs, not at all if it is over.
[[nodiscard]] Result<Generation> cancel(db::Connection& connection, std::string_view workspace_id,
                                        std::string_view id, UnixMs now);

// Gives up what no node has taken since `before`: it is canceled and its hold expires. Some at a time; called
// again and again.
[[nodiscard]] Result<void> expire(db::Connection& connection, UnixMs before, UnixMs now);

}  // namespace ourvidz::generations
