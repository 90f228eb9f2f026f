#include "chat/chat_routes.h"

#include <utility>

#include "base/cursor.h"
#include "base/sha256.h"
#include "chat/chat_requests.h"
#include "http/page.h"
#include "http/problem.h"

namespace ourvidz::chat {

json::object to_json(const Conversation& conversation) {
    json::object settings;
    if (conversation.system) settings["system"] = *conversation.system;
    return {{"id", conversation.id},
            {"kind", conversation.kind},
            {"title", conversation.title},
            {"settings", std::move(settings)},
            {"active_message_id", or_null(conversation.active_message_id)},
            {"created_at", to_rfc3339(conversation.created_at)},
            {"changed_at", to_rfc3339(conversation.changed_at)}};
}

namespace {

// What a person says, with room for JSON's escapes, and a whole conversation.
constexpr std::uint64_t turn_body_bytes_max = 64ULL << 10U;
constexpr std::uint64_t whole_body_bytes_max = 4ULL << 20U;

json::object to_json(const Message& message) {
    json::value failure = nullptr;
    if (message.error)
        failure = json::object{{"code", ourvidz::to_string(message.error->code)},
                               {"detail", message.error->detail}};
    return {{"id", message.id},
            {"parent_id", or_null(message.parent_id)},
            {"role", message.role},
            {"text", message.text},
            {"state", to_string(message.state)},
            {"cut", message.cut},
            {"error", std::move(failure)},
            {"generation_id", or_null(message.generation_id)},
            {"created_at", to_rfc3339(message.created_at)}};
}

json::array list_of(const Messages& messages) {
    json::array list;
    for (const auto& message : messages) list.push_back(to_json(message));
    return list;
}

Result<events::Shown> read_subject(db::Connection& connection, const std::string& workspace_id,
                                   const std::string& id) {
    OURVIDZ_TRY(conversation, find(connection, workspace_id, id));
    return events::Shown([conversation = std::move(conversation)] { return to_json(conversation); });
}

// The same turn of another conversation is another request.
std::string sha256_of(const http::Request& request, std::string_view conversation_id) {
    return sha256_hex(std::string(conversation_id) + "\n" + request.body);
}

// Whoever began it has left before the first word arrived.
Result<void> remove_old_empty(db::Connection& connection, UnixMs now) {
    constexpr UnixMs kept_ms = 24LL * 60 * 60 * 1000;
    return remove_empty(connection, now - kept_ms, now);
}

// What a turn is made of, or what became of it when it was sent before.
struct Planned {
    std::optional<Sent> known;
    std::optional<Plan> plan;
};

}  // namespace

struct ChatApi::Whole {
    Conversation conversation;
    Messages messages;
};

studio::Module ChatApi::module() {
    using identity::Permission;
    const std::string all = "/api/v1/conversations";
    const std::string one = all + "/{id}";
    const http::RouteOptions turn{http::BodyUse::memory, turn_body_bytes_max, http::json_type};
    const http::RouteOptions whole{http::BodyUse::memory, whole_body_bytes_max, http::json_type};
    studio::Module chat;
    chat.routes = {
        {"GET", all, Permission::chat_read, {}, this, &ChatApi::list_page},
        {"POST", all, Permission::chat_write, whole, this, &ChatApi::create_one},
        {"GET", one, Permission::chat_read, {}, this, &ChatApi::get},
        {"PATCH", one, Permission::chat_write, turn, this, &ChatApi::change},
        {"DELETE", one, Permission::chat_write, {}, this, &ChatApi::remove_one},
        {"POST", one + "/messages", Permission::chat_write, turn, this, &ChatApi::say},
    };
    chat.subjects = {{"conversation", read_subject}};
    chat.sweeps = {{"conversations in which nothing was said", remove_old_empty}};
    return chat;
}

// On the I/O thread, which alone knows the words so far.
Messages ChatApi::with_live_words(Messages messages) const {
    for (auto& message : messages) {
        if (message.state != State::writing) continue;
        const auto* live = parts_.live.find(*message.generation_id);
        if (live != nullptr && !live->text.empty()) message.text = live->text;
    }
    return messages;
}

http::asio::awaitable<Result<http::Response>> ChatApi::whole_response(int status, Whole whole) {
    whole.messages = with_live_words(std::move(whole.messages));
    auto write = [status, whole = std::move(whole)]() -> Result<http::Response> {
        return http::json_response(status, json::object{{"conversation", to_json(whole.conversation)},
                                                        {"messages", list_of(whole.messages)}});
    };
    auto response = co_await parts_.writers.run(std::move(write));
    co_return response;
}

http::Response ChatApi::sent_response(const Sent& sent) const {
    return http::json_response(
        202, json::object{{"conversation", to_json(sent.conversation)},
                          {"messages", list_of(with_live_words(sent.messages))},
                          {"generation", generations::full_json(sent.accepted.generation, parts_.notices,
                                                                parts_.live, {})}});
}

identity::Answer ChatApi::list_page(identity::Call call) {
    auto asked = http::page_asked(call.request);
    if (!asked.ok()) co_return asked.error();
    auto read = [workspace = call.caller.workspace_id(), asked = *asked](db::Connection& connection) {
        return list(connection, workspace, asked.cursor, asked.limit);
    };
    auto page = co_await call.caller.read(std::move(read));
    if (!page.ok()) co_return page.error();
    co_return http::json_response(200, http::page_json(std::move(*page)));
}

identity::Answer ChatApi::create_one(identity::Call call) {
    auto key = generations::idempotency_key(call.request);
    if (!key.ok()) co_return key.error();
    auto reading = [this, &call]() -> Result<NewConversation> {
        OURVIDZ_TRY(body, parse_json_object(call.request.body));
        return read_new(body, parts_.clock);
    };
    auto wanted = co_await parts_.readers.run(std::move(reading));
    if (!wanted.ok()) co_return wanted.error();
    wanted->conversation.workspace_id = call.caller.workspace_id();
    auto work = [wanted = std::move(*wanted), request = Request{*key, sha256_of(call.request, "")}](
                    db::Connection& connection) -> Result<Whole> {
        OURVIDZ_TRY(made, create(connection, wanted.conversation, wanted.messages, request));
        OURVIDZ_TRY(messages, messages_of(connection, made));
        return Whole{std::move(made), std::move(messages)};
    };
    auto made = co_await call.caller.write(std::move(work));
    if (!made.ok()) co_return made.error();
    parts_.notices.changed(call.caller.workspace_id());
    const auto location = "/api/v1/conversations/" + made->conversation.id;
    auto response = co_await whole_response(201, std::move(*made));
    if (response.ok()) response->headers.emplace_back("Location", location);
    co_return response;
}

identity::Answer ChatApi::get(identity::Call call) {
    auto read = [workspace = call.caller.workspace_id(), id = std::string(call.request.parameter("id"))](
                    db::Connection& connection) -> Result<Whole> {
        OURVIDZ_TRY(conversation, find(connection, workspace, id));
        OURVIDZ_TRY(messages, messages_of(connection, conversation));
        return Whole{std::move(conversation), std::move(messages)};
    };
    auto found = co_await call.caller.read(std::move(read));
    if (!found.ok()) co_return found.error();
    auto response = co_await whole_response(200, std::move(*found));
    co_return response;
}

identity::Answer ChatApi::change(identity::Call call) {
    const auto body = parse_json_object(call.request.body);
    if (!body.ok()) co_return body.error();
    auto wanted = read_change(*body);
    if (!wanted.ok()) co_return wanted.error();
    auto work = [this, workspace = call.caller.workspace_id(), id = std::string(call.request.parameter("id")),
                 wanted = std::move(*wanted)](db::Connection& connection) -> Result<Conversation> {
        OURVIDZ_TRY(conversation, find(connection, workspace, id));
        Messages messages;
        if (wanted.active_message_id) {
            OURVIDZ_TRY(all, messages_of(connection, conversation));
            messages = std::move(all);
        }
        OURVIDZ_CHECK(apply(wanted, conversation, messages));
        // Looking at another branch is no news for the list.
        if (wanted.title || wanted.system) conversation.changed_at = parts_.clock.now_ms();
        OURVIDZ_CHECK(update(connection, conversation));
        return std::move(conversation);
    };
    const auto changed = co_await call.caller.write(std::move(work));
    if (!changed.ok()) co_return changed.error();
    parts_.notices.changed(call.caller.workspace_id());
    co_return http::json_response(200, to_json(*changed));
}

identity::Answer ChatApi::remove_one(identity::Call call) {
    const auto& workspace = call.caller.workspace_id();
    auto work = [this, workspace,
                 id = std::string(call.request.parameter("id"))](db::Connection& connection) -> Result<void> {
        OURVIDZ_TRY(conversation, find(connection, workspace, id));
        return remove(connection, conversation, parts_.clock.now_ms());
    };
    const auto removed = co_await call.caller.write(std::move(work));
    if (!removed.ok()) co_return removed.error();
    parts_.notices.wake_nodes();
    parts_.notices.changed(workspace);
    parts_.notices.line_moved(workspace);
    http::Response response;
    response.status = 204;
    co_return response;
}

// On one of the readers. What was said long ago is left out when it is that which the gate stops at.
Result<generations::Prepared> ChatApi::prepare(const Plan& plan) const {
    generations::NewGeneration wanted;
    wanted.kind = plan.conversation.kind;
    wanted.messages = plan.sent;
    auto prepared = parts_.preparer.prepare(wanted);
    if (prepared.ok()) return prepared;
    const auto code = prepared.error().code;
    if (code != ErrorCode::refused && code != ErrorCode::held) return prepared;
    wanted.messages = without_refused(plan.sent, parts_.gate);
    if (wanted.messages.size() == plan.sent.size()) return prepared;
    return parts_.preparer.prepare(std::move(wanted));
}

namespace {

// The messages that a model is sent are ours; the caller has sent the last one's text.
Error as_of_turn(Error error) {
    if (error.field.starts_with("messages[")) error.field = "text";
    return error;
}

}  // namespace

identity::Answer ChatApi::say(identity::Call call) {
    const auto body = parse_json_object(call.request.body);
    if (!body.ok()) co_return body.error();
    auto turn = read_turn(*body);
    if (!turn.ok()) co_return turn.error();
    auto key = generations::idempotency_key(call.request);
    if (!key.ok()) co_return key.error();
    const auto& workspace = call.caller.workspace_id();
    const std::string id(call.request.parameter("id"));
    const auto sha256 = sha256_of(call.request, id);
    const auto models = co_await parts_.models.ask();
    if (!models.ok()) co_return models.error();
    auto look = [turn = std::move(*turn), key = *key, workspace, id, sha256,
                 models = *models](db::Connection& connection) -> Result<Planned> {
        OURVIDZ_TRY(conversation, find(connection, workspace, id));
        if (key) {
            OURVIDZ_TRY(known, find_sent(connection, conversation, *key, sha256));
            if (known) return Planned{std::move(known), std::nullopt};
        }
        OURVIDZ_TRY(messages, messages_of(connection, conversation));
        const auto entry = models->resolve(conversation.kind);
        if (!entry.ok()) return entry.error();
        OURVIDZ_TRY(made, plan(turn, std::move(conversation), messages, sent_bytes_max(**entry)));
        return Planned{std::nullopt, std::move(made)};
    };
    auto planned = co_await call.caller.read(std::move(look));
    if (!planned.ok()) co_return planned.error();
    if (planned->known) co_return sent_response(*planned->known);
    auto judge = [this, &planned] { return prepare(*planned->plan); };
    auto prepared = co_await parts_.readers.run(std::move(judge));
    if (!prepared.ok()) co_return as_of_turn(prepared.error());
    auto submission = prepared->submission(workspace, parts_.limits);
    submission.request_sha256 = sha256;
    submission.idempotency_key = *key;
    auto work = [this, plan = std::move(*planned->plan), prepared = std::move(*prepared),
                 submission = std::move(submission)](db::Connection& connection) {
        return send(connection, plan, prepared.request, submission, parts_.clock);
    };
    const auto sent = co_await call.caller.write(std::move(work));
    if (!sent.ok()) co_return sent.error();
    if (sent->accepted.busy) co_return generations::busy_response(*sent->accepted.busy);
    if (sent->accepted.is_new) {
        parts_.metrics.accepted(sent->accepted.generation.kind);
        parts_.notices.wake_nodes();
        parts_.notices.changed(workspace);
    }
    co_return sent_response(*sent);
}

}  // namespace ourvidz::chat
