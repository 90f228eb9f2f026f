#include "generations/edit.h"

#include "events/event_log.h"
#include "queue/own_order.h"

namespace ourvidz::generations {
json::object asked_again(const Generation& stored) {
    auto asked = kinds::asked_again(stored.settings);
    asked["kind"] = stored.kind;
    asked["batch"] = stored.batch;
    return asked;
}

Result<NewGeneration> edited(const Generation& stored, const json::object& body) {
    if (stored.state != State::queued) return queue::waits_no_more();
    const auto* kind = kinds::find(stored.kind);
    if (kind != nullptr && kind->work == kinds::Work::enlarge)
        return Error{ErrorCode::conflict, "Nothing of this can be changed: it follows from the picture.", ""};
    if (stored.medium == "chat")
        return Error{ErrorCode::conflict, "What was said cannot be changed; cancel it and say it anew.", ""};
    if (body.empty()) return invalid_field("", "Name at least one setting to change.");
    auto asked = asked_again(stored);
    for (const auto& [name, value] : body) {
        if (!kinds::is_editable(name))
            return invalid_field(std::string(name), "cannot be changed while it waits");
        if (value.is_null()) {
            asked.erase(name);
        } else {
            asked[name] = value;
        }
    }
    return read_request(asked);
}

Result<void> store_settings(db::Connection& connection, const Generation& before, const Prepared& prepared,
                            UnixMs now) {
    const auto& request = prepared.request.request();
    OURVIDZ_CHECK(check_source(connection, before.workspace_id, request.settings));
    const auto size = size_class(request.settings, request.batch);
    OURVIDZ_TRY(usual, estimate(connection, before.kind, prepared.model, size));
    const auto service = usual ? std::optional(usual->median_ms) : std::nullopt;
    // The job's row too, so that a claim at the same moment collides with it.
    OURVIDZ_CHECK(queue::change_needs(connection, before.id, {prepared.line, prepared.model, size, service}));
    OURVIDZ_CHECK(
        connection.execute("UPDATE generations SET settings = $2, model = $3, hint = $4, source_asset_id = $5"
                           " WHERE id = $1",
                           {before.id, json::serialize(kinds::to_json(request.settings)), prepared.model,
                            db::nullable(prepared.hint), db::nullable(request.settings.source_asset_id)}));
    return events::append(connection, before.workspace_id, subject_name, before.id, now);
}

Result<Generation> store_edit(db::Connection& connection, const Generation& before, const Prepared& prepared,
                              UnixMs now) {
    OURVIDZ_TRY(current, find(connection, before.workspace_id, before.id));
    if (current.state != State::queued) return queue::waits_no_more();
    if (kinds::to_json(current.settings) != kinds::to_json(before.settings))
        return Error{ErrorCode::conflict, "It was changed elsewhere meanwhile. Look at it again.", ""};
    OURVIDZ_CHECK(store_settings(connection, before, prepared, now));
    return find(connection, before.workspace_id, before.id);
}

Result<Generation> put_away(db::Connection& connection, const std::string& workspace_id,
                            const std::string& id, bool away, UnixMs now) {
    OURVIDZ_TRY(current, find(connection, workspace_id, id));
    if (current.state != State::failed)
        return Error{ErrorCode::conflict, "Only what has failed can be put away.", ""};
    if (current.put_away == away) return current;
    OURVIDZ_CHECK(
        connection.execute("UPDATE generations SET put_away = $2 WHERE id = $1", {id, std::int64_t{away}}));
    OURVIDZ_CHECK(events::append(connection, workspace_id, subject_name, id, now));
    current.put_away = away;
    return current;
}

}  // namespace ourvidz::generations
