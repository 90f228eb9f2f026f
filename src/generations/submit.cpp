// The rules of accepting and canceling.
#include "generations/submit.h"

#include <algorithm>

#include "base/id.h"
#include "generations/enlarging.h"
#include "generations/generations_jobs.h"
#include "queue/outlook.h"
#include "queue/request_keys.h"

namespace ourvidz::generations {
namespace {

constexpr std::int64_t expired_at_once_max = 200;

// Without any measurement, a guess that is neither rude nor useless.
constexpr std::int64_t retry_after_unknown_s = 10;
constexpr std::int64_t retry_after_max_s = 3'600;

Result<std::optional<Busy>> over_limit(db::Connection& connection, const std::string& kind,
                                       const Submission& submission) {
    OURVIDZ_TRY(load, queue::load(connection, submission.workspace_id, kind));
    const auto& limits = submission.limits;
    const bool everybodys = load.everybody >= limits.everybody;
    std::string detail;
    if (everybodys) detail = "The studio's queue is full.";
    if (load.own >= limits.workspace)
        detail = "You have " + std::to_string(load.own) + " waiting, which is all that may.";
    if (load.own_of_kind >= limits.kind)
        detail =
            "You have " + std::to_string(load.own_of_kind) + " of this kind waiting, which is all that may.";
    if (detail.empty()) return std::optional<Busy>();
    OURVIDZ_TRY(next_ms,
                queue::next_start_ms(connection, submission.workspace_id, submission.line, everybodys));
    const auto after_s = next_ms ? (*next_ms + 999) / 1'000 : retry_after_unknown_s;
    return std::optional(Busy{Error{ErrorCode::too_many_requests,
                                    detail + " Wait until some of it is done, or cancel something.", ""},
                              std::clamp<std::int64_t>(after_s, 1, retry_after_max_s)});
}

Result<queue::NewJob> job_of(db::Connection& connection, const Generation& generation,
                             const std::string& line, const Clock& clock) {
    queue::NewJob job;
    job.id = new_id("job", clock);
    job.workspace_id = generation.workspace_id;
    job.subject = {std::string(subject_name), generation.id};
    job.kind = generation.kind;
    job.needs = {line, generation.model, size_class(generation.settings, generation.batch)};
    job.credits = generation.credits;
    OURVIDZ_TRY(usual, estimate(connection, job.kind, job.needs.model, job.needs.size_class));
    if (usual) job.needs.service_ms = usual->median_ms;
    return job;
}

}  // namespace

Result<void> check_source(db::Connection& connection, std::string_view workspace_id,
                          const Settings& settings) {
    if (!settings.source_asset_id) return {};
    auto source = assets::find(connection, workspace_id, *settings.source_asset_id);
    if (!source.ok()) {
        if (source.error().code != ErrorCode::not_found) return source.error();
        return invalid_field("source_asset_id", "There is no such picture; it may have been deleted.");
    }
    if (!source->visible()) return Error{ErrorCode::held, source->verdict.sentence, "source_asset_id"};
    if (source->medium != "image") return invalid_field("source_asset_id", "is not a picture");
    return {};
}

Result<Accepted> submit(db::Connection& connection, const safety::Cleared<NewGeneration>& cleared,
                        const Submission& submission, const Clock& clock) {
    const auto& request = cleared.request();
    OURVIDZ_TRY(kind, kinds::require(request.kind));
    if (submission.idempotency_key) {
        OURVIDZ_TRY(known, queue::find_by_key(connection, submission.workspace_id,
                                              *submission.idempotency_key, submission.request_sha256));
        if (known) {
            OURVIDZ_TRY(generation, find(connection, submission.workspace_id, known->id));
            return Accepted{std::move(generation), "", false, {}};
        }
    }
    const bool scheduled = !submission.after.empty() || submission.needs_approval;
    if (!scheduled) {
        OURVIDZ_CHECK(connection.require_room());
        OURVIDZ_TRY(busy, over_limit(connection, request.kind, submission));
        if (busy) return Accepted{{}, "", false, std::move(busy)};
    }
    OURVIDZ_CHECK(check_source(connection, submission.workspace_id, request.settings));
    const auto now = clock.now_ms();
    Generation generation;
    generation.id = new_id("gen", clock);
    generation.workspace_id = submission.workspace_id;
    generation.kind = request.kind;
    generation.medium = std::string(kinds::to_string(kind->medium()));
    generation.model = submission.model;
    generation.settings = request.settings;
    if (kind->work == kinds::Work::enlarge)
        OURVIDZ_CHECK(
            complete_enlarging(connection, submission.workspace_id, scheduled, generation.settings));
    generation.messages = request.messages;
    generation.batch = request.batch;
    generation.state = scheduled ? State::scheduled : State::queued;
    generation.credits = kind->credits * request.batch;
    generation.hold = "placed";
    generation.hint = submission.hint;
    generation.created_at = now;
    OURVIDZ_TRY(job, job_of(connection, generation, submission.line, clock));
    job.after = submission.after;
    job.needs_approval = submission.needs_approval;
    job.priority = submission.priority;
    OURVIDZ_CHECK(insert(connection, generation, job, clock));
    if (submission.idempotency_key) {
        OURVIDZ_CHECK(queue::remember_key(connection, job, *submission.idempotency_key,
                                          submission.request_sha256, now));
    }
    return Accepted{std::move(generation), std::move(job.id), true, {}};
}

Result<Generation> cancel(db::Connection& connection, std::string_view workspace_id, std::string_view id,
                          UnixMs now) {
    OURVIDZ_TRY(generation, find(connection, workspace_id, id));
    if (generation.over()) return std::move(generation);
    OURVIDZ_TRY(job, queue::cancel(connection, id, now));
    if (!job) return std::move(generation);  // its node hears of it and ends it
    OURVIDZ_CHECK(end(connection, {*job, id}, Change{State::canceled, {}, {}}, ledger::HoldEnd::voided, now));
    return find(connection, workspace_id, id);
}

Result<void> expire(db::Connection& connection, UnixMs before, UnixMs now) {
    OURVIDZ_TRY(old, connection.query("SELECT id FROM generations WHERE state IN ('scheduled', 'queued')"
                                      " AND created_at < $1 ORDER BY id LIMIT $2",
                                      {before, expired_at_once_max}));
    const Error error{ErrorCode::canceled, "Nothing could make it for so long that it was given up.", ""};
    for (const auto& row : old) {
        OURVIDZ_TRY(job, queue::cancel(connection, row.text(0), now));
        if (!job) continue;
        OURVIDZ_CHECK(end(connection, {*job, row.text(0)}, Change{State::canceled, {}, error},
                          ledger::HoldEnd::expired, now));
    }
    return {};
}

}  // namespace ourvidz::generations
