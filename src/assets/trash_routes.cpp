#include "assets/trash_routes.h"

#include "http/problem.h"

namespace ourvidz::assets {
namespace {

// In a request; the rest of a larger trash is purged after it.
constexpr int batches_in_a_request = 10;

}  // namespace

identity::Routes TrashApi::routes() {
    using identity::Permission;
    const std::string trash = "/api/v1/trash";
    return {
        {"GET", trash, Permission::assets_read, {}, this, &TrashApi::look},
        {"DELETE", trash, Permission::assets_write, {}, this, &TrashApi::empty},
        {"DELETE", "/api/v1/assets/{id}", Permission::assets_write, {}, this, &TrashApi::delete_one},
    };
}

identity::Answer TrashApi::look(identity::Call call) {
    auto read = [workspace = call.caller.workspace_id()](db::Connection& connection) {
        return trash_of(connection, workspace);
    };
    const auto found = co_await call.caller.read(std::move(read));
    if (!found.ok()) co_return found.error();
    co_return http::json_response(
        200,
        json::object{{"assets", found->assets}, {"bytes", found->bytes}, {"kept_days", parts_.kept_days}});
}

identity::Answer TrashApi::delete_one(identity::Call call) {
    const auto workspace = call.caller.workspace_id();
    auto work = [this, workspace, id = std::string(call.request.parameter("id")),
                 now = parts_.clock.now_ms()](db::Connection& connection) {
        return purge_one(connection, workspace, id, parts_.others, now);
    };
    const auto purged = co_await call.caller.write(std::move(work));
    if (!purged.ok()) co_return purged.error();
    parts_.hub.announce(workspace);
    parts_.purge_on();
    co_return http::json_response(
        200, json::object{{"assets", purged->assets}, {"bytes", purged->bytes}, {"remaining", 0}});
}

// What was asked for is remembered first, so that all of it goes however this ends.
identity::Answer TrashApi::empty(identity::Call call) {
    const auto workspace = call.caller.workspace_id();
    const auto now = parts_.clock.now_ms();
    auto mark = [workspace, now](db::Connection& connection) {
        return mark_emptied(connection, workspace, now);
    };
    const auto marked = co_await call.caller.write(std::move(mark));
    if (!marked.ok()) co_return marked.error();
    Purged all;
    std::optional<Cursor> from;
    for (int batch = 0; batch < batches_in_a_request; ++batch) {
        auto work = [this, workspace, from, now](db::Connection& connection) {
            return purge_some(connection, workspace, now, from, parts_.others, now);
        };
        const auto some = co_await call.caller.write(std::move(work));
        if (!some.ok()) co_return some.error();
        all.assets += some->purged.assets;
        all.bytes += some->purged.bytes;
        parts_.hub.announce(workspace);
        from = some->next;
        if (!from) break;
    }
    parts_.purge_on();
    auto read = [workspace](db::Connection& connection) { return trash_of(connection, workspace); };
    const auto left = co_await call.caller.read(std::move(read));
    if (!left.ok()) co_return left.error();
    co_return http::json_response(
        200, json::object{{"assets", all.assets}, {"bytes", all.bytes}, {"remaining", left->assets}});
}

}  // namespace ourvidz::assets
