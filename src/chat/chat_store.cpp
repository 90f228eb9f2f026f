// All SQL of conversations.
#include <algorithm>
#include <unordered_map>

#include "base/id.h"
#include "chat/chat.h"
#include "db/page_query.h"
#include "events/event_log.h"
#include "queue/request_keys.h"

namespace ourvidz::chat {
namespace {

constexpr std::string_view select_conversation =
    "SELECT id, workspace_id, kind, title, settings, active_message_id, created_at, changed_at"
    " FROM conversations ";
constexpr std::int64_t removed_at_once_max = 100;
constexpr std::string_view select_message =
    "SELECT id, parent_id, position, role, text, state, generation_id, created_at FROM messages ";

Conversation conversation_from(const db::Row& row) {
    Conversation conversation;
    conversation.id = row.text(0);
    conversation.workspace_id = row.text(1);
    conversation.kind = row.text(2);
    conversation.title = row.text(3);
    if (const auto settings = parse_json_object(row.text(4)); settings.ok()) {
        const auto* system = settings->if_contains("system");
        if (system != nullptr && system->is_string()) conversation.system = std::string(system->get_string());
    }
    conversation.active_message_id = row.optional_text(5);
    conversation.created_at = row.integer(6);
    conversation.changed_at = row.integer(7);
    return conversation;
}

std::string settings_text(const Conversation& conversation) {
    json::object settings;
    if (conversation.system) settings["system"] = *conversation.system;
    return json::serialize(settings);
}

State state_from(std::string_view text) {
    if (text == "done") return State::done;
    return text == "stopped" ? State::stopped : State::failed;
}

Message message_from(const db::Row& row) {
    Message message;
    message.id = row.text(0);
    message.parent_id = row.optional_text(1);
    message.position = row.integer(2);
    message.role = row.text(3);
    message.text = row.text(4);
    message.state = state_from(row.text(5));
    message.generation_id = row.optional_text(6);
    message.created_at = row.integer(7);
    return message;
}

// The answer as its generation has left it. One that was to be continued and could not be is what it was.
void take(Message& message, generations::Outcome&& outcome) {
    const bool had_words = !message.text.empty();
    // It begins with the words that there were before.
    if (outcome.text && !outcome.text->empty()) message.text = std::move(*outcome.text);
    message.error = std::move(outcome.error);
    message.cut = outcome.cut;
    switch (outcome.state) {
        case generations::State::succeeded:
            message.state = State::done;
            break;
        case generations::State::canceled:
            message.state = State::stopped;
            break;
        case generations::State::failed:
            message.state = had_words ? State::done : State::failed;
            message.cut = had_words;
            break;
        default:
            message.state = State::writing;
    }
}

Result<Messages> read_messages(db::Connection& connection, const std::string& where,
                               const std::vector<db::Value>& values) {
    OURVIDZ_TRY(rows, connection.query(std::string(select_message) + where + " ORDER BY position", values));
    OURVIDZ_TRY(outcomes,
                generations::outcomes(connection, "SELECT generation_id FROM messages " + where, values));
    std::unordered_map<std::string, generations::Outcome*> of_generation;
    for (auto& outcome : outcomes) of_generation.emplace(outcome.generation_id, &outcome);
    Messages messages;
    messages.reserve(rows.size());
    for (const auto& row : rows) {
        auto message = message_from(row);
        if (message.generation_id) {
            const auto known = of_generation.find(*message.generation_id);
            if (known != of_generation.end()) take(message, std::move(*known->second));
        }
        messages.push_back(std::move(message));
    }
    return messages;
}

Result<void> append_event(db::Connection& connection, const Conversation& conversation, UnixMs now) {
    return events::append(connection, conversation.workspace_id, "conversation", conversation.id, now);
}

Result<void> insert(db::Connection& connection, const Conversation& conversation, const Message& message) {
    return connection.change(
        "INSERT INTO messages (id, workspace_id, conversation_id, parent_id, position, role, text, state,"
        " generation_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        {message.id, conversation.workspace_id, conversation.id, db::nullable(message.parent_id),
         message.position, message.role, message.text, std::string(to_string(message.state)),
         db::nullable(message.generation_id), message.created_at});
}

Result<std::optional<Conversation>> made_before(db::Connection& connection, const std::string& workspace_id,
                                                const Request& request) {
    if (!request.key) return std::optional<Conversation>();
    OURVIDZ_TRY(rows, connection.query("SELECT request_sha256, id FROM conversations"
                                       " WHERE workspace_id = $1 AND request_key = $2",
                                       {workspace_id, *request.key}));
    if (rows.empty()) return std::optional<Conversation>();
    if (rows[0].text(0) != request.sha256) {
        return Error{ErrorCode::idempotency_mismatch,
                     "This Idempotency-Key was used before with another request.", ""};
    }
    OURVIDZ_TRY(found, find(connection, workspace_id, rows[0].text(1)));
    return std::optional(std::move(found));
}

// The question and its answer, as they stand behind the generation.
Result<Messages> exchange_of(db::Connection& connection, const Conversation& conversation,
                             const std::string& generation_id) {
    return read_messages(connection,
                         "WHERE workspace_id = $1 AND conversation_id = $2 AND (generation_id = $3 OR id ="
                         " (SELECT a.parent_id FROM messages a WHERE a.workspace_id = $1 AND"
                         " a.generation_id = $3))",
                         {conversation.workspace_id, conversation.id, generation_id});
}

// Puts the turn behind its generation. Answers the id of its answer.
Result<std::string> add_turn(db::Connection& connection, const Plan& plan, const std::string& generation_id,
                             const Clock& clock) {
    const auto& conversation = plan.conversation;
    if (plan.turn.kind == Turn::Kind::go_on) {
        OURVIDZ_TRY(changed, connection.execute("UPDATE messages SET text = $4, state = 'done',"
                                                " generation_id = $3 WHERE workspace_id = $1 AND id = $2"
                                                " AND COALESCE(generation_id, '') = $5",
                                                {conversation.workspace_id, plan.answer.id, generation_id,
                                                 plan.answer.text, plan.answer.generation_id.value_or("")}));
        if (changed == 0)
            return Error{ErrorCode::conflict, "This answer has gone on already. Look at it again.", ""};
        if (plan.answer.generation_id) {
            // The message and the generation that goes on have its words.
            OURVIDZ_CHECK(
                generations::forget_words(connection, conversation.workspace_id, *plan.answer.generation_id));
        }
        return plan.answer.id;
    }
    OURVIDZ_TRY(rows, connection.query("SELECT COALESCE(MAX(position), 0) FROM messages"
                                       " WHERE workspace_id = $1 AND conversation_id = $2",
                                       {conversation.workspace_id, conversation.id}));
    Message answer;
    answer.id = new_id("msg", clock);
    answer.role = "assistant";
    answer.position = rows.at(0).integer(0) + 1;
    answer.parent_id = plan.question_id;
    answer.generation_id = generation_id;
    answer.created_at = clock.now_ms();
    if (plan.turn.kind == Turn::Kind::say) {
        Message question;
        question.id = new_id("msg", clock);
        question.parent_id = plan.turn.parent_id;
        question.position = answer.position++;
        question.role = "user";
        question.text = plan.turn.text;
        question.created_at = answer.created_at;
        answer.parent_id = question.id;
        OURVIDZ_CHECK(insert(connection, conversation, question));
    }
    OURVIDZ_CHECK(insert(connection, conversation, answer));
    return std::move(answer.id);
}

}  // namespace

Result<Conversation> create(db::Connection& connection, const Conversation& conversation,
                            const Messages& messages, const Request& request) {
    OURVIDZ_TRY(before, made_before(connection, conversation.workspace_id, request));
    if (before) return std::move(*before);
    OURVIDZ_TRY(counted, connection.query("SELECT COUNT(*) FROM conversations WHERE workspace_id = $1",
                                          {conversation.workspace_id}));
    if (counted.at(0).integer(0) >= conversations_max) {
        return Error{ErrorCode::conflict,
                     "You have " + std::to_string(conversations_max) +
                         " conversations, which is the most there can be. Remove some of them.",
                     ""};
    }
    OURVIDZ_CHECK(connection.change(
        "INSERT INTO conversations (id, workspace_id, kind, title, settings, active_message_id, request_key,"
        " request_sha256, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        {conversation.id, conversation.workspace_id, conversation.kind, conversation.title,
         settings_text(conversation), db::nullable(conversation.active_message_id), db::nullable(request.key),
         request.sha256, conversation.created_at, conversation.changed_at}));
    for (const auto& message : messages) OURVIDZ_CHECK(insert(connection, conversation, message));
    OURVIDZ_CHECK(append_event(connection, conversation, conversation.created_at));
    return conversation;
}

Result<Conversation> find(db::Connection& connection, std::string_view workspace_id, std::string_view id) {
    OURVIDZ_TRY(rows,
                connection.query(std::string(select_conversation) + "WHERE workspace_id = $1 AND id = $2",
                                 {std::string(workspace_id), std::string(id)}));
    if (rows.empty()) return Error{ErrorCode::not_found, "There is no such conversation.", ""};
    return conversation_from(rows[0]);
}

Result<Messages> messages_of(db::Connection& connection, const Conversation& conversation) {
    return read_messages(connection, "WHERE workspace_id = $1 AND conversation_id = $2",
                         {conversation.workspace_id, conversation.id});
}

Result<Page> list(db::Connection& connection, std::string_view workspace_id,
                  const std::optional<std::string>& cursor, int limit) {
    db::PageQuery query("", limit, "changed_at");
    query.where_equal("workspace_id", std::string(workspace_id));
    OURVIDZ_CHECK(query.start_after(cursor));
    const auto sql = std::string(select_conversation) + query.sql();
    OURVIDZ_TRY(rows, connection.query(sql, query.values()));
    Page page;
    for (const auto& row : rows) page.items.push_back(conversation_from(row));
    page.next_cursor = query.next_cursor(page.items, &Conversation::changed_at);
    return page;
}

Result<void> update(db::Connection& connection, const Conversation& conversation) {
    OURVIDZ_TRY(changed,
                connection.execute("UPDATE conversations SET title = $3, settings = $4,"
                                   " active_message_id = $5, changed_at = $6"
                                   " WHERE workspace_id = $1 AND id = $2",
                                   {conversation.workspace_id, conversation.id, conversation.title,
                                    settings_text(conversation), db::nullable(conversation.active_message_id),
                                    conversation.changed_at}));
    if (changed == 0) return Error{ErrorCode::not_found, "There is no such conversation.", ""};
    return append_event(connection, conversation, conversation.changed_at);
}

Result<void> remove(db::Connection& connection, const Conversation& conversation, UnixMs now) {
    const std::vector<db::Value> it{conversation.workspace_id, conversation.id};
    OURVIDZ_TRY(rows, connection.query("SELECT generation_id FROM messages WHERE workspace_id = $1"
                                       " AND conversation_id = $2 AND generation_id IS NOT NULL",
                                       it));
    for (const auto& row : rows) {
        OURVIDZ_TRY(stopped, generations::cancel(connection, conversation.workspace_id, row.text(0), now));
        OURVIDZ_CHECK(generations::forget_words(connection, conversation.workspace_id, stopped.id));
    }
    OURVIDZ_CHECK(
        connection.change("DELETE FROM messages WHERE workspace_id = $1 AND conversation_id = $2", it));
    OURVIDZ_CHECK(connection.change("DELETE FROM conversations WHERE workspace_id = $1 AND id = $2", it));
    return append_event(connection, conversation, now);
}

Result<void> remove_empty(db::Connection& connection, UnixMs unchanged_since, UnixMs now) {
    OURVIDZ_TRY(rows, connection.query(std::string(select_conversation) +
                                           "WHERE active_message_id IS NULL AND changed_at < $1 LIMIT $2",
                                       {unchanged_since, removed_at_once_max}));
    for (const auto& row : rows) OURVIDZ_CHECK(remove(connection, conversation_from(row), now));
    return {};
}

Result<Sent> send(db::Connection& connection, const Plan& plan,
                  const safety::Cleared<generations::NewGeneration>& request,
                  const generations::Submission& submission, const Clock& clock) {
    OURVIDZ_TRY(conversation, find(connection, plan.conversation.workspace_id, plan.conversation.id));
    OURVIDZ_TRY(accepted, generations::submit(connection, request, submission, clock));
    Sent sent;
    sent.accepted = std::move(accepted);
    if (sent.accepted.busy) return sent;
    if (sent.accepted.is_new) {
        OURVIDZ_TRY(answer_id, add_turn(connection, plan, sent.accepted.generation.id, clock));
        conversation.active_message_id = answer_id;
        if (conversation.title.empty()) conversation.title = title_of(plan.turn.text);
        conversation.changed_at = clock.now_ms();
        OURVIDZ_CHECK(update(connection, conversation));
    }
    OURVIDZ_TRY(messages, exchange_of(connection, conversation, sent.accepted.generation.id));
    sent.messages = std::move(messages);
    sent.conversation = std::move(conversation);
    return sent;
}

Result<std::optional<Sent>> find_sent(db::Connection& connection, const Conversation& conversation,
                                      std::string_view key, std::string_view request_sha256) {
    OURVIDZ_TRY(known, queue::find_by_key(connection, conversation.workspace_id, key, request_sha256));
    if (!known) return std::optional<Sent>();
    Sent sent;
    OURVIDZ_TRY(generation, generations::find(connection, conversation.workspace_id, known->id));
    sent.accepted.generation = std::move(generation);
    sent.accepted.is_new = false;
    OURVIDZ_TRY(messages, exchange_of(connection, conversation, known->id));
    sent.messages = std::move(messages);
    sent.conversation = conversation;
    return std::optional(std::move(sent));
}

}  // namespace ourvidz::chat
