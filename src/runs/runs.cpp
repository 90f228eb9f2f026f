#include "runs/runs.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "assets/assets.h"
#include "base/cursor.h"
#include "base/exact_integer.h"
#include "base/id.h"
#include "events/event_log.h"
#include "generations/generations_jobs.h"
#include "generations/submit.h"

namespace ourvidz::runs {
namespace {

constexpr std::string_view draft_step = "draft";
constexpr std::string_view full_step = "full";
using StepState = generations::State;

constexpr std::string_view enlarged_step = "enlarged";
constexpr std::string_view normal = "normal";
constexpr std::string_view background = "background";
constexpr std::string_view enlarging = "image_enlarge";
constexpr std::int64_t credits_max = 1'000'000;
// What it shows is what the draft shows.
constexpr std::array of_full{"kind", "width", "height", "steps", "guidance", "sampler"};

bool any(const std::vector<Step>& steps, StepState state) {
    return std::any_of(steps.begin(), steps.end(), [state](const Step& one) { return one.state == state; });
}

std::int64_t price_of(const generations::NewGeneration& request) {
    const auto* kind = kinds::find(request.kind);
    return kind == nullptr ? 0 : kind->credits * request.batch;
}

Result<void> check_price(const NewRun& run) {
    const auto drafts = price_of(run.draft);
    const auto full = price_of(run.full);
    const auto enlarged = run.enlarged ? price_of(*run.enlarged) : 0;
    const auto all = drafts + full + enlarged;
    if (!run.max_credits || all <= *run.max_credits) return {};
    auto parts = std::to_string(drafts) + " for the drafts and " + std::to_string(full) +
                 " for the picture in full quality";
    if (run.enlarged) parts += ", and " + std::to_string(enlarged) + " for enlarging it";
    return invalid_field("max_credits", "is " + std::to_string(*run.max_credits) + ", and this costs " +
                                            std::to_string(all) + " at most: " + parts);
}

// Whatever has become of prices and steps since it was asked for.
Result<void> require_cap(const Run& run) {
    if (!run.max_credits || run.credits() <= *run.max_credits) return {};
    return Error{ErrorCode::conflict,
                 "This would cost more than the " + std::to_string(*run.max_credits) + " that it may cost.",
                 ""};
}

Error waits_for_no_choice(const Run& run) {
    const bool is_early = run.step(full_step).state == StepState::scheduled;
    return {ErrorCode::conflict,
            is_early ? "The drafts are not done yet." : "No choice is waited for here any more.", ""};
}

}  // namespace

double work_of(const generations::Settings& settings, std::int64_t batch) {
    const auto pixels = settings.width.value_or(1) * settings.height.value_or(1);
    return static_cast<double>(pixels * settings.steps.value_or(1) * batch);
}

Error within(std::string_view step, Error error) {
    if (!error.field.empty()) error.field = std::string(step) + "." + error.field;
    return error;
}

std::string_view to_string(State state) {
    switch (state) {
        case State::running:
            return "running";
        case State::waiting:
            return "waiting";
        case State::succeeded:
            return "succeeded";
        case State::failed:
            return "failed";
        case State::canceled:
            return "canceled";
    }
    return "running";
}

std::string_view to_string(queue::Priority priority) {
    return priority == queue::Priority::background ? background : normal;
}

State Run::state() const {
    if (any(steps, StepState::failed)) return State::failed;
    if (any(steps, StepState::queued) || any(steps, StepState::running)) return State::running;
    if (any(steps, StepState::canceled)) return State::canceled;
    return any(steps, StepState::scheduled) ? State::waiting : State::succeeded;
}

std::int64_t Run::credits() const {
    return std::accumulate(steps.begin(), steps.end(), std::int64_t{0},
                           [](std::int64_t sum, const Step& one) { return sum + one.credits; });
}

double Run::progress() const {
    double work = 0;
    double done = 0;
    for (const auto& step : steps) {
        work += step.work;
        done += step.work * step.done;
    }
    return work > 0 ? done / work : 0;
}

const Step& Run::step(std::string_view name) const {
    return *std::find_if(steps.begin(), steps.end(), [name](const Step& one) { return one.name == name; });
}

json::object to_json(const Run& run) {
    json::array steps;
    for (const auto& step : run.steps) {
        steps.push_back(json::object{{"name", step.name},
                                     {"generation_id", step.generation_id},
                                     {"state", to_string(step.state)},
                                     {"credits", step.credits}});
    }
    return {{"id", run.id},
            {"workflow", run.workflow},
            {"state", to_string(run.state())},
            {"progress", run.progress()},
            {"credits", run.credits()},
            {"max_credits", or_null(run.max_credits)},
            {"priority", to_string(run.priority)},
            {"steps", std::move(steps)},
            {"created_at", to_rfc3339(run.created_at)}};
}

Result<NewRun> read_request(const json::object& body) {
    FieldReader reader(body);
    const auto workflow = reader.choice("workflow", {keep_the_best});
    if (!workflow) reader.fail("workflow", "is required");
    const auto* draft = reader.object("draft");
    if (draft == nullptr) reader.fail("draft", "is required");
    const auto* full = reader.object("full");
    if (full == nullptr) reader.fail("full", "is required");
    NewRun run;
    run.max_credits = reader.integer("max_credits", 0, credits_max);
    if (reader.choice("priority", {normal, background}) == background)
        run.priority = queue::Priority::background;
    if (reader.boolean("enlarge").value_or(false)) {
        run.enlarged.emplace();
        run.enlarged->kind = enlarging;
    }
    OURVIDZ_CHECK(reader.finish());
    auto draft_read = generations::read_request(*draft);
    if (!draft_read.ok()) return within(draft_step, draft_read.error());
    run.draft = std::move(*draft_read);
    for (const auto& [name, value] : *full) {
        if (std::find(of_full.begin(), of_full.end(), name) == of_full.end())
            return invalid_field("full." + std::string(name),
                                 "cannot be said here: the draft that is chosen says it");
    }
    json::object whole = *full;
    for (const auto* shared : {"prompt", "negative_prompt"}) {
        if (const auto* value = draft->if_contains(shared)) whole[shared] = *value;
    }
    whole["batch"] = 1;
    auto full_read = generations::read_request(whole);
    if (!full_read.ok()) return within(full_step, full_read.error());
    run.full = std::move(*full_read);
    for (const auto* step : {&run.draft, &run.full}) {
        if (kinds::find(step->kind)->work != kinds::Work::picture)
            return invalid_field(std::string(step == &run.draft ? draft_step : full_step) + ".kind",
                                 "must be a kind of pictures");
    }
    OURVIDZ_CHECK(check_price(run));
    return run;
}

Result<Choice> read_choice(const json::object& body) {
    FieldReader reader(body);
    Choice choice;
    choice.asset_id = reader.required_text("asset_id", id_bytes_max);
    choice.strength = reader.number("strength", 0, 1);
    OURVIDZ_CHECK(reader.finish());
    return choice;
}

Result<Started> start(db::Connection& connection, const Prepared& prepared,
                      generations::Submission submission, const generations::QueueLimits& limits,
                      const Clock& clock) {
    submission.priority = prepared.priority;
    OURVIDZ_TRY(draft, generations::submit(connection, prepared.draft.request, submission, clock));
    Started started;
    if (draft.busy) {
        started.busy = std::move(draft.busy);
        return started;
    }
    const auto& workspace = submission.workspace_id;
    if (!draft.is_new) {
        OURVIDZ_TRY(known, find_by_step(connection, workspace, draft.generation.id));
        return Started{std::move(known), false, {}};
    }
    auto rest = prepared.full.submission(workspace, limits);
    rest.after = {draft.job_id};
    rest.needs_approval = true;
    rest.priority = prepared.priority;
    OURVIDZ_TRY(full, generations::submit(connection, prepared.full.request, rest, clock));
    std::vector<std::pair<std::string_view, generations::Generation>> steps{
        {draft_step, std::move(draft.generation)}, {full_step, std::move(full.generation)}};
    if (prepared.enlarged) {
        auto last = prepared.enlarged->submission(workspace, limits);
        last.after = {full.job_id};
        last.priority = prepared.priority;
        OURVIDZ_TRY(enlarged, generations::submit(connection, prepared.enlarged->request, last, clock));
        steps.emplace_back(enlarged_step, std::move(enlarged.generation));
    }
    auto& run = started.run;
    run.id = new_id("run", clock);
    run.workspace_id = workspace;
    run.workflow = keep_the_best;
    run.created_at = clock.now_ms();
    run.max_credits = prepared.max_credits;
    run.priority = prepared.priority;
    for (const auto& [name, one] : steps)
        run.steps.push_back(
            {std::string(name), one.id, one.state, one.credits, work_of(one.settings, one.batch)});
    OURVIDZ_CHECK(require_cap(run));
    OURVIDZ_CHECK(insert(connection, run));
    return started;
}

Result<Chosen> choose(db::Connection& connection, std::string_view workspace_id, std::string_view id,
                      std::string_view asset_id) {
    OURVIDZ_TRY(run, find(connection, workspace_id, id));
    if (run.state() != State::waiting) return waits_for_no_choice(run);
    OURVIDZ_CHECK(require_cap(run));
    auto picture = assets::find(connection, workspace_id, asset_id);
    if (!picture.ok() && picture.error().code != ErrorCode::not_found) return picture.error();
    if (!picture.ok() || picture->generation_id != run.step(draft_step).generation_id)
        return invalid_field("asset_id", "must be a picture of the run's draft");
    if (picture->state == assets::State::discarded)
        return invalid_field("asset_id", "is in the trash: bring it back first");
    OURVIDZ_TRY(full, generations::find(connection, workspace_id, run.step(full_step).generation_id));
    return Chosen{std::move(*picture), std::move(full)};
}

Result<generations::NewGeneration> request_for(const Chosen& chosen, const std::optional<double>& strength,
                                               bool from_picture) {
    auto asked = generations::asked_again(chosen.full);
    if (chosen.picture.seed) asked["seed"] = exact_integer(*chosen.picture.seed);
    if (from_picture) asked["source_asset_id"] = chosen.picture.id;
    if (strength && !from_picture)
        return invalid_field("strength", "needs a model that starts from a picture");
    if (strength) asked["strength"] = *strength;
    return generations::read_request(asked);
}

Result<Run> approve(db::Connection& connection, std::string_view workspace_id, std::string_view id,
                    const Chosen& chosen, const generations::Prepared& prepared, UnixMs now) {
    auto stored = generations::store_settings(connection, chosen.full, prepared, now);
    if (!stored.ok() && stored.error().field == "source_asset_id")
        return Error{stored.error().code, stored.error().detail, "asset_id"};
    if (!stored.ok()) return stored.error();
    OURVIDZ_CHECK(generations::approve(connection, chosen.full.id, now));
    OURVIDZ_CHECK(events::append(connection, workspace_id, subject_name, id, now));
    return find(connection, workspace_id, id);
}

Result<Run> cancel(db::Connection& connection, std::string_view workspace_id, std::string_view id,
                   UnixMs now) {
    OURVIDZ_TRY(run, find(connection, workspace_id, id));
    bool stopped = false;
    // The last first: nothing is started by the end of what was before it.
    for (auto step = run.steps.rbegin(); step != run.steps.rend(); ++step) {
        if (generations::is_over(step->state)) continue;
        OURVIDZ_TRY(canceled, generations::cancel(connection, workspace_id, step->generation_id, now));
        (void)canceled;
        stopped = true;
    }
    if (stopped) OURVIDZ_CHECK(events::append(connection, workspace_id, subject_name, id, now));
    return find(connection, workspace_id, id);
}

}  // namespace ourvidz::runs
