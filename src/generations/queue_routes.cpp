#include "generations/queue_routes.h"

#include "base/id.h"
#include "events/event_log.h"
#include "generations/generations_routes.h"
#include "http/problem.h"
#include "queue/own_order.h"

namespace ourvidz::generations {
namespace {

constexpr std::uint64_t edit_bytes_max = 64 * 1024;

// Runs `change` on the generation's job, if the generation is the workspace's, and tells its readers.
template <class Change>
Result<Generation> with_job(db::Connection& connection, const std::string& workspace, const std::string& id,
                            UnixMs now, Change change) {
    OURVIDZ_TRY(known, find(connection, workspace, id));
    (void)known;
    OURVIDZ_CHECK(change());
    OURVIDZ_CHECK(events::append(connection, workspace, subject_name, id, now));
    return find(connection, workspace, id);
}

}  // namespace

identity::Routes QueueApi::routes() {
    constexpr auto write = identity::Permission::generations_write;
    const std::string one = "/api/v1/generations/{id}";
    const http::RouteOptions body{http::BodyUse::memory, edit_bytes_max, http::json_type};
    const auto pause = [this](bool paused) {
        return [this, paused](identity::Call call) { return set_paused(std::move(call), paused); };
    };
    return {
        {"POST", one + "/pause", write, {}, pause(true)},
        {"POST", one + "/resume", write, {}, pause(false)},
        {"POST", one + "/move", write, body, this, &QueueApi::move},
        {"PATCH", one, write, body, this, &QueueApi::edit},
    };
}

QueueApi::Answer QueueApi::set_paused(identity::Call call, bool paused) {
    auto work = [this, workspace = call.caller.workspace_id(), id = std::string(call.request.parameter("id")),
                 paused](db::Connection& connection) {
        auto change = [&] { return queue::set_paused(connection, id, paused); };
        return with_job(connection, workspace, id, clock_.now_ms(), change);
    };
    auto generation = co_await call.caller.write(std::move(work));
    co_return co_await changed(call.caller, std::move(generation));
}

QueueApi::Answer QueueApi::move(identity::Call call) {
    const auto body = parse_json_object(call.request.body);
    if (!body.ok()) co_return body.error();
    FieldReader reader(*body);
    auto before = reader.text("before", id_bytes_max);
    if (const auto read = reader.finish(); !read.ok()) co_return read.error();
    auto work = [this, workspace = call.caller.workspace_id(), id = std::string(call.request.parameter("id")),
                 before](db::Connection& connection) {
        auto change = [&] { return queue::move_before(connection, id, before); };
        return with_job(connection, workspace, id, clock_.now_ms(), change);
    };
    auto generation = co_await call.caller.write(std::move(work));
    co_return co_await changed(call.caller, std::move(generation));
}

QueueApi::Answer QueueApi::edit(identity::Call call) {
    const auto body = parse_json_object(call.request.body);
    if (!body.ok()) co_return body.error();
    if (body->contains("put_away")) co_return co_await put_away(call, *body);
    auto read = [workspace = call.caller.workspace_id(), id = std::string(call.request.parameter("id"))](
                    db::Connection& connection) { return find(connection, workspace, id); };
    const auto stored = co_await call.caller.read(std::move(read));
    if (!stored.ok()) co_return stored.error();
    auto reading = [this, stored = *stored, body = *body]() -> Result<Prepared> {
        OURVIDZ_TRY(wanted, edited(stored, body));
        return preparer_.prepare(std::move(wanted));
    };
    auto prepared = co_await readers_.run(std::move(reading));
    if (!prepared.ok()) co_return prepared.error();
    auto work = [this, before = *stored, prepared = std::move(*prepared)](db::Connection& connection) {
        return store_edit(connection, before, prepared, clock_.now_ms());
    };
    auto generation = co_await call.caller.write(std::move(work));
    co_return co_await changed(call.caller, std::move(generation));
}

QueueApi::Answer QueueApi::put_away(const identity::Call& call, const json::object& body) {
    FieldReader reader(body);
    const auto away = reader.boolean("put_away");
    if (!away) reader.fail("put_away", "must be true or false");
    if (const auto read = reader.finish(); !read.ok()) co_return read.error();
    const auto& workspace = call.caller.workspace_id();
    auto work = [this, workspace, id = std::string(call.request.parameter("id")),
                 away = *away](db::Connection& connection) {
        return generations::put_away(connection, workspace, id, away, clock_.now_ms());
    };
    auto generation = co_await call.caller.write(std::move(work));
    if (!generation.ok()) co_return generation.error();
    notices_.changed(workspace);
    co_return http::json_response(200, full_json(*generation, notices_, live_, Standings()));
}

// The answer, and everybody who must hear of it.
QueueApi::Answer QueueApi::changed(const identity::Caller& caller, Result<Generation> generation) {
    if (!generation.ok()) co_return generation.error();
    const auto& workspace = caller.workspace_id();
    notices_.wake_nodes();
    notices_.changed(workspace);
    notices_.line_moved(workspace);
    auto read = [this, workspace](db::Connection& connection) {
        return standings(connection, workspace, clock_.now_ms());
    };
    const auto places = co_await caller.read(std::move(read));
    co_return http::json_response(
        200, full_json(*generation, notices_, live_, places.ok() ? *places : Standings()));
}

}  // namespace ourvidz::generations
