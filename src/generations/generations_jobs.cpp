#include "generations/generations_jobs.h"

#include <algorithm>

#include "base/id.h"
#include "generations/enlarging.h"
#include "prompts/seed.h"
#include "queue/edges.h"

namespace ourvidz::generations {
namespace {

queue::JobEnd job_end_of(State state) {
    if (state == State::succeeded) return queue::JobEnd::succeeded;
    return state == State::failed ? queue::JobEnd::failed : queue::JobEnd::canceled;
}

Result<void> close(db::Connection& connection, const Over& over, const Change& change, ledger::HoldEnd how,
                   UnixMs now) {
    OURVIDZ_TRY(ended, ledger::end_hold(connection, over.job_id, how, now));
    (void)ended;
    return move_to(connection, over.generation_id, change, now);
}

// Those whose jobs moved because another ended, or because somebody agreed. What is canceled here has nothing
// left that waits for it: the queue has moved all of it at once. `made`: the generation whose end it was.
Result<void> follow(db::Connection& connection, const std::vector<queue::Moved>& moved,
                    std::optional<std::string_view> made, UnixMs now) {
    const Error error{ErrorCode::canceled, "What it was to be made from was not made. Nothing was charged.",
                      ""};
    for (const auto& one : moved) {
        if (one.to == queue::Moved::To::queued) {
            if (made) OURVIDZ_CHECK(take_source(connection, one.subject.id, *made));
            OURVIDZ_CHECK(move_to(connection, one.subject.id, Change{State::queued, {}, {}}, now));
            continue;
        }
        OURVIDZ_CHECK(close(connection, {one.job_id, one.subject.id}, Change{State::canceled, {}, error},
                            ledger::HoldEnd::voided, now));
    }
    return {};
}

// A canceled or failed batch keeps the pictures that it has; it is charged only if it succeeded.
Result<void> end_live(db::Connection& connection, const queue::LiveAttempt& live, const Change& change,
                      UnixMs now) {
    const auto how = change.state == State::succeeded ? ledger::HoldEnd::settled : ledger::HoldEnd::voided;
    return end(connection, {live.job_id, live.subject.id}, change, how, now);
}

// What a node says of a fault may be an engine's own text, with its files and asserts. That stays with the
// attempt, for the operator; whoever asked for the work is told what it means. Refusals are our own words.
Error for_people(const Error& error) {
    switch (error.code) {
        case ErrorCode::engine_failed:
            return {error.code, "The model could not make this.", ""};
        case ErrorCode::unavailable:
            return {error.code, "The machine that was to make this could not run its model.", ""};
        case ErrorCode::internal:
            return {error.code, "Something went wrong on the machine that was to make this.", ""};
        default:
            return error;
    }
}

Result<void> put_back(db::Connection& connection, const queue::LiveAttempt& live, queue::Setback setback,
                      const Error& error, UnixMs now, const queue::Policy& policy) {
    if (live.cancel_requested) {
        OURVIDZ_CHECK(queue::finish(connection, live, queue::JobEnd::canceled, error, now));
        return end_live(connection, live, Change{State::canceled, {}, {}}, now);
    }
    OURVIDZ_TRY(again, queue::set_back(connection, live, setback, error, now, policy));
    if (again) return move_to(connection, live.subject.id, Change{State::queued, {}, {}}, now);
    Error last = setback == queue::Setback::lost ? error : for_people(error);
    last.detail += " It was tried " + std::to_string(live.begun) + " times. Nothing was charged.";
    return end_live(connection, live, Change{State::failed, {}, std::move(last)}, now);
}

Result<void> succeed(db::Connection& connection, const queue::LiveAttempt& live, const Finish& finish,
                     UnixMs now, const queue::Policy& policy) {
    OURVIDZ_TRY(generation, find_any(connection, live.subject.id));
    const bool complete = generation.medium == "chat"
                              ? finish.text.has_value()
                              : generation.assets.size() == static_cast<std::size_t>(generation.batch);
    if (!complete) {
        const Error error{ErrorCode::internal,
                          "The node said that the job was done, but results were missing.", ""};
        return put_back(connection, live, queue::Setback::failed, error, now, policy);
    }
    if (finish.engine_ms) {
        const TimeSpent spent{*finish.engine_ms,
                              std::max(*finish.engine_ms, finish.work_ms.value_or(*finish.engine_ms))};
        OURVIDZ_CHECK(note_duration(connection, generation, spent, now));
        OURVIDZ_CHECK(queue::settle_service(connection, live, spent.work_ms));
    }
    OURVIDZ_CHECK(queue::finish(connection, live, queue::JobEnd::succeeded, {}, now));
    return end_live(connection, live, Change{State::succeeded, finish.text, {}, finish.cut}, now);
}

}  // namespace

Result<void> end(db::Connection& connection, const Over& over, const Change& change, ledger::HoldEnd how,
                 UnixMs now) {
    OURVIDZ_CHECK(close(connection, over, change, how, now));
    OURVIDZ_TRY(moved, queue::pass_on(connection, over.job_id, job_end_of(change.state), now));
    return follow(connection, moved, over.generation_id, now);
}

Result<void> approve(db::Connection& connection, std::string_view id, UnixMs now) {
    OURVIDZ_TRY(moved, queue::approve(connection, id, now));
    return follow(connection, moved, std::nullopt, now);
}

Result<Generation> on_claimed(db::Connection& connection, const queue::Claim& claim, UnixMs now) {
    OURVIDZ_CHECK(move_to(connection, claim.subject.id, Change{State::running, {}, {}}, now));
    return find_any(connection, claim.subject.id);
}

Result<void> on_output(db::Connection& connection, const queue::LiveAttempt& live, const Output& output,
                       const safety::Gate& gate, safety::PictureDomain model_domain, const Clock& clock) {
    OURVIDZ_TRY(generation, find_any(connection, live.subject.id));
    if (output.medium != generation.medium || output.position < 0 || output.position >= generation.batch) {
        return invalid_field("position", "is not an output of this job");
    }
    const auto& made = generation.assets;
    const bool taken = std::any_of(made.begin(), made.end(),
                                   [&](const auto& one) { return one.position == output.position; });
    if (taken) return {};
    if (generation.settings.seed &&
        output.seed != prompts::seed_at(*generation.settings.seed, output.position))
        return invalid_field("seed", "is not the seed of this output");
    bool source_free = true;
    if (generation.settings.source_asset_id) {
        OURVIDZ_TRY(source,
                    assets::find(connection, live.workspace_id, *generation.settings.source_asset_id));
        source_free = source.people_free;
    }
    assets::Asset asset;
    asset.id = new_id("ast", clock);
    asset.workspace_id = live.workspace_id;
    asset.generation_id = live.subject.id;
    asset.position = output.position;
    asset.medium = output.medium;
    asset.width = output.width;
    asset.height = output.height;
    asset.duration_ms = output.duration_ms;
    asset.seed = output.seed;
    asset.recipe = output.recipe;
    asset.facts = output.facts;
    asset.people_free = source_free && model_domain == safety::PictureDomain::people_free;
    asset.created_at = clock.now_ms();
    asset.files = output.files;
    OURVIDZ_TRY(released, gate.release_judged(std::move(asset), output.verdict,
                                              safety::Origin{model_domain, !source_free}));
    return assets::insert(connection, released);
}

std::string_view to_string(const Finish& finish) {
    switch (finish.outcome) {
        case Finish::Outcome::succeeded:
            return "succeeded";
        case Finish::Outcome::canceled:
            return "canceled";
        case Finish::Outcome::released:
            return "released";
        case Finish::Outcome::failed:
            break;
    }
    return finish.retry ? "failed" : "declined";
}

Result<void> on_finish(db::Connection& connection, const queue::LiveAttempt& live, const Finish& finish,
                       UnixMs now, const queue::Policy& policy) {
    switch (finish.outcome) {
        case Finish::Outcome::succeeded:
            return succeed(connection, live, finish, now, policy);
        case Finish::Outcome::canceled:
            OURVIDZ_CHECK(queue::finish(connection, live, queue::JobEnd::canceled, {}, now));
            return end_live(connection, live, Change{State::canceled, finish.text, {}}, now);
        case Finish::Outcome::released:
            return put_back(connection, live, queue::Setback::released, finish.error, now, policy);
        case Finish::Outcome::failed:
            break;
    }
    if (finish.retry) return put_back(connection, live, queue::Setback::failed, finish.error, now, policy);
    OURVIDZ_CHECK(queue::finish(connection, live, queue::JobEnd::failed, finish.error, now));
    return end_live(connection, live, Change{State::failed, finish.text, for_people(finish.error)}, now);
}

Result<void> on_lost(db::Connection& connection, const queue::LiveAttempt& live, UnixMs now,
                     const queue::Policy& policy) {
    const Error error{ErrorCode::unavailable, "The machine that worked on it went away.", ""};
    return put_back(connection, live, queue::Setback::lost, error, now, policy);
}

}  // namespace ourvidz::generations
