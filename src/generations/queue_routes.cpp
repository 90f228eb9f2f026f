#include "generations/queue_routes.h"

#include "events/event_log.h"
#include "generations/generations_routes.h"
#include "http/problem.h"
#include "queue/own_order.h"

namespace ourvidz::generations {
namespace {

constexpr std::uint64_t edit_bytes_max = 64 * 1024;
constexpr std::size_t id_bytes_max = 64;

// Runs `change` on the generation's job, if the generation is the workspace's, and tells its readers.
template <class Change>
Result<Generation> with_job(db::Connection& connection, const std::string& workspace, const std::string& id,
                            UnixMs now, Change change) {
    OURVIDZ_TRY(known, find(connection, workspace, id));
    (void)known;
    OURVIDZ_CHECK(change());
    OURVIDZ_CHECK(events::append(connection, workspace, "generation", id, now));
    return find(connection, workspace, id);
}

}  // namespace

void QueueApi::add_to(http::Router& router) {
    const std::string one = "/api/v1/generations/{id}";
    const http::RouteOptions body{http::BodyUse::memory, edit_bytes_max, http::json_type};
    router.add("POST", one + "/pause", {},
               [this](http::Request request) { return set_paused(std::move(request), true); });
    router.add("POST", one + "/resume", {},
               [this](http::Request request) { return set_paused(std::move(request), false); });
    router.add("POST", one + "/move", body,
               [this](http::Request request) { return move(std::move(request)); });
    router.add("PATCH", one, body, [this](http::Request request) { return edit(std::move(request)); });
}

QueueApi::Answer QueueApi::set_paused(http::Request request, bool paused) {
    auto work = [this, id = std::string(request.parameter("id")), paused](db::Connection& connection) {
        auto change = [&] { return queue::set_paused(connection, id, paused); };
        return with_job(connection, workspace_id_, id, clock_.now_ms(), change);
    };
    auto generation = co_await database_.write(scope_, std::move(work));
    co_return co_await changed(std::move(generation));
}

QueueApi::Answer QueueApi::move(http::Request request) {
    const auto body = parse_json_object(request.body);
    if (!body.ok()) co_return http::problem(body.error());
    FieldReader reader(*body);
    auto before = reader.text("before", id_bytes_max);
    if (const auto read = reader.finish(); !read.ok()) co_return http::problem(read.error());
    auto work = [this, id = std::string(request.parameter("id")), before](db::Connection& connection) {
        auto change = [&] { return queue::move_before(connection, id, before); };
        return with_job(connection, workspace_id_, id, clock_.now_ms(), change);
    };
    auto generation = co_await database_.write(scope_, std::move(work));
    co_return co_await changed(std::move(generation));
}

QueueApi::Answer QueueApi::edit(http::Request request) {
    const auto body = parse_json_object(request.body);
    if (!body.ok()) co_return http::problem(body.error());
    auto read = [this, id = std::string(request.parameter("id"))](db::Connection& connection) {
        return find(connection, workspace_id_, id);
    };
    const auto stored = co_await database_.read(scope_, std::move(read));
    if (!stored.ok()) co_return http::problem(stored.error());
    auto reading = [this, stored = *stored, body = *body]() -> Result<Prepared> {
        OURVIDZ_TRY(wanted, edited(stored, body));
        return preparer_.prepare(std::move(wanted));
    };
    auto prepared = co_await readers_.run(std::move(reading));
    if (!prepared.ok()) co_return http::problem(prepared.error());
    auto work = [this, before = *stored, prepared = std::move(*prepared)](db::Connection& connection) {
        return store_edit(connection, before, prepared, clock_.now_ms());
    };
    auto generation = co_await database_.write(scope_, std::move(work));
    co_return co_await changed(std::move(generation));
}

// The answer, and everybody who must hear of it.
QueueApi::Answer QueueApi::changed(Result<Generation> generation) {
    if (!generation.ok()) co_return http::problem(generation.error());
    notices_.wake_nodes();
    notices_.changed(workspace_id_);
    notices_.line_moved(workspace_id_);
    auto read = [this](db::Connection& connection) {
        return standings(connection, workspace_id_, clock_.now_ms());
    };
    const auto places = co_await database_.read(scope_, std::move(read));
    co_return http::json_response(
        200, full_json(*generation, notices_, live_, places.ok() ? *places : Standings()));
}

}  // namespace ourvidz::generations
