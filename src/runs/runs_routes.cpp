#include "runs/runs_routes.h"

#include <utility>

#include "base/id.h"
#include "base/sha256.h"
#include "generations/enlarging.h"
#include "generations/generations_routes.h"
#include "http/page.h"
#include "http/problem.h"
#include "http/query.h"

namespace ourvidz::runs {
namespace {

constexpr std::uint64_t request_bytes_max = 256ULL << 10U;

// The one run that a generation is a step of, or none.
Result<Page> page_of_step(db::Connection& connection, const std::string& workspace_id,
                          const std::string& generation_id) {
    auto run = find_by_step(connection, workspace_id, generation_id);
    if (!run.ok() && run.error().code != ErrorCode::not_found) return run.error();
    Page page;
    if (run.ok()) page.items.push_back(std::move(*run));
    return page;
}

}  // namespace

studio::Module RunsApi::module() {
    using identity::Permission;
    const std::string all = "/api/v1/runs";
    const std::string one = all + "/{id}";
    const http::RouteOptions body{http::BodyUse::memory, request_bytes_max, http::json_type};
    studio::Module runs;
    runs.routes = {
        {"POST", all, Permission::generations_write, body, this, &RunsApi::create},
        {"GET", all, Permission::generations_read, {}, this, &RunsApi::list_page},
        {"GET", one, Permission::generations_read, {}, this, &RunsApi::get},
        {"POST", one + "/approve", Permission::generations_write, body, this, &RunsApi::approve_one},
        {"POST", one + "/cancel", Permission::generations_write, {}, this, &RunsApi::cancel_one},
    };
    runs.subjects = {{std::string(subject_name),
                      [this](db::Connection& connection, const std::string& workspace_id,
                             const std::string& id) { return read_subject(connection, workspace_id, id); }}};
    return runs;
}

Result<events::Shown> RunsApi::read_subject(db::Connection& connection, const std::string& workspace_id,
                                            const std::string& id) const {
    OURVIDZ_TRY(run, find(connection, workspace_id, id));
    return events::Shown([this, run = std::move(run)] { return to_json(live(run)); });
}

Run RunsApi::live(Run run) const {
    for (auto& step : run.steps) {
        const auto* now =
            step.state == generations::State::running ? parts_.live.find(step.generation_id) : nullptr;
        if (now != nullptr) step.done = now->fraction;
    }
    return run;
}

// Of what `full` says how large it will be.
Result<generations::Prepared> RunsApi::prepare_enlarging(generations::NewGeneration wanted,
                                                         const generations::Settings& full) const {
    OURVIDZ_CHECK(
        generations::size_by_source(full.width.value_or(0), full.height.value_or(0), wanted.settings));
    return parts_.preparer.prepare(std::move(wanted));
}

Result<Prepared> RunsApi::prepare(const std::string& body) const {
    OURVIDZ_TRY(object, parse_json_object(body));
    OURVIDZ_TRY(wanted, read_request(object));
    auto draft = parts_.preparer.prepare(std::move(wanted.draft));
    if (!draft.ok()) return within("draft", draft.error());
    auto full = parts_.preparer.prepare(std::move(wanted.full));
    if (!full.ok()) return within("full", full.error());
    Prepared all{std::move(*draft), std::move(*full), {}, wanted.max_credits, wanted.priority};
    if (wanted.enlarged) {
        const auto& made = all.full.request.request().settings;
        auto enlarged = prepare_enlarging(std::move(*wanted.enlarged), made);
        if (!enlarged.ok()) return Error{enlarged.error().code, enlarged.error().detail, "enlarge"};
        all.enlarged = std::move(*enlarged);
    }
    return all;
}

bool RunsApi::starts_from_pictures(std::string_view kind) const {
    const auto models = parts_.catalog.now();
    const auto entry = models->resolve(kind);
    return entry.ok() && (*entry)->find_kind(kind)->image_to_image;
}

// Readers hear of what changed, and nodes of what there is to do.
void RunsApi::tell(const std::string& workspace_id) {
    parts_.notices.wake_nodes();
    parts_.notices.changed(workspace_id);
    parts_.notices.line_moved(workspace_id);
}

identity::Answer RunsApi::create(identity::Call call) {
    auto reading = [this, &call] { return prepare(call.request.body); };
    auto prepared = co_await parts_.readers.run(std::move(reading));
    if (!prepared.ok()) co_return prepared.error();
    auto key = generations::idempotency_key(call.request);
    if (!key.ok()) co_return key.error();
    auto submission = prepared->draft.submission(call.caller.workspace_id(), parts_.limits);
    submission.idempotency_key = std::move(*key);
    submission.request_sha256 = sha256_hex(call.request.body);
    auto work = [this, prepared = std::move(*prepared), submission](db::Connection& connection) {
        return start(connection, prepared, submission, parts_.limits, parts_.clock);
    };
    auto started = co_await call.caller.write(std::move(work));
    if (!started.ok()) co_return started.error();
    if (started->busy) co_return generations::busy_response(*started->busy);
    if (started->is_new) tell(call.caller.workspace_id());
    auto response = http::json_response(202, to_json(started->run));
    response.headers.emplace_back("Location", "/api/v1/runs/" + started->run.id);
    co_return response;
}

identity::Answer RunsApi::list_page(identity::Call call) {
    auto asked = http::page_asked(call.request);
    if (!asked.ok()) co_return asked.error();
    const auto active = http::query_boolean(call.request, "active", false);
    if (!active.ok()) co_return active.error();
    const auto step = call.request.query_value("generation_id");
    if (step && !is_id(*step, "gen")) co_return invalid_field("generation_id", "must be a generation's id");
    auto read = [workspace = call.caller.workspace_id(), asked = *asked, active = *active,
                 step](db::Connection& connection) {
        return step ? page_of_step(connection, workspace, *step)
                    : list(connection, workspace, active, asked.cursor, asked.limit);
    };
    auto page = co_await call.caller.read(std::move(read));
    if (!page.ok()) co_return page.error();
    for (auto& one : page->items) one = live(std::move(one));
    co_return http::json_response(200, http::page_json(std::move(*page)));
}

identity::Answer RunsApi::get(identity::Call call) {
    auto read = [workspace = call.caller.workspace_id(), id = std::string(call.request.parameter("id"))](
                    db::Connection& connection) { return find(connection, workspace, id); };
    auto run = co_await call.caller.read(std::move(read));
    if (!run.ok()) co_return run.error();
    co_return http::json_response(200, to_json(live(std::move(*run))));
}

identity::Answer RunsApi::approve_one(identity::Call call) {
    const auto& workspace = call.caller.workspace_id();
    const std::string id(call.request.parameter("id"));
    auto body = parse_json_object(call.request.body);
    if (!body.ok()) co_return body.error();
    auto choice = read_choice(*body);
    if (!choice.ok()) co_return choice.error();
    auto look = [workspace, id, asset_id = choice->asset_id](db::Connection& connection) {
        return choose(connection, workspace, id, asset_id);
    };
    auto chosen = co_await call.caller.read(std::move(look));
    if (!chosen.ok()) co_return chosen.error();
    auto reading = [this, &chosen, strength = choice->strength]() -> Result<generations::Prepared> {
        OURVIDZ_TRY(wanted, request_for(*chosen, strength, starts_from_pictures(chosen->full.kind)));
        return parts_.preparer.prepare(std::move(wanted));
    };
    auto prepared = co_await parts_.readers.run(std::move(reading));
    if (!prepared.ok()) co_return prepared.error();
    auto work = [this, workspace, id, chosen = std::move(*chosen),
                 prepared = std::move(*prepared)](db::Connection& connection) {
        return approve(connection, workspace, id, chosen, prepared, parts_.clock.now_ms());
    };
    const auto approved = co_await call.caller.write(std::move(work));
    if (!approved.ok()) co_return approved.error();
    tell(workspace);
    co_return http::json_response(200, to_json(*approved));
}

identity::Answer RunsApi::cancel_one(identity::Call call) {
    const auto& workspace = call.caller.workspace_id();
    auto work = [this, workspace,
                 id = std::string(call.request.parameter("id"))](db::Connection& connection) {
        return cancel(connection, workspace, id, parts_.clock.now_ms());
    };
    auto run = co_await call.caller.write(std::move(work));
    if (!run.ok()) co_return run.error();
    tell(workspace);
    co_return http::json_response(200, to_json(live(std::move(*run))));
}

}  // namespace ourvidz::runs
