#include "chat/chat_requests.h"

#include <algorithm>
#include <unordered_map>

#include "base/id.h"
#include "base/text.h"

namespace ourvidz::chat {
namespace {

constexpr std::string_view kind_preset = "chat_conversation";

std::optional<std::string> read_system(FieldReader& reader) {
    return reader.text("system", system_bytes_max, Characters::lines);
}

// Null where there is none.
Result<std::optional<std::string>> read_settings(const json::object* settings) {
    if (settings == nullptr) return std::optional<std::string>();
    FieldReader reader(*settings, "settings.");
    auto system = read_system(reader);
    OURVIDZ_CHECK(reader.finish());
    return system;
}

State state_named(const std::optional<std::string>& name) {
    if (name == "stopped") return State::stopped;
    return name == "failed" ? State::failed : State::done;
}

// The messages that were read before this one, by the ids that the request gives them.
using Known = std::unordered_map<std::string, const Message*>;

Result<Message> read_message(const json::object& body, const std::string& path, const Known& known) {
    FieldReader reader(body, path);
    Message message;
    const auto given = reader.required_text("id", id_bytes_max);
    if (known.contains(given)) reader.fail("id", "is that of another message");
    const auto parent = reader.text("parent_id", id_bytes_max);
    const auto role = reader.choice("role", {"user", "assistant"});
    if (!role) reader.fail("role", "is required");
    message.role = role.value_or("user");
    const bool answer = message.role == "assistant";
    message.text =
        reader.required_text("text", answer ? answer_bytes_max : message_bytes_max, Characters::lines);
    message.state = state_named(reader.choice("state", {"done", "stopped", "failed"}));
    if (!answer) {
        message.state = State::done;
        if (is_blank(message.text)) reader.fail("text", "is empty");
    }
    if (parent) {
        const auto before = known.find(*parent);
        if (before == known.end()) {
            reader.fail("parent_id", "names no message that stands before this one");
        } else if (before->second->role == message.role) {
            reader.fail("role", "must be the other one than that of the message before");
        } else {
            message.parent_id = before->second->id;
        }
    } else if (answer) {
        reader.fail("parent_id", "is required: an answer follows its question");
    }
    OURVIDZ_CHECK(reader.finish());
    return message;
}

// `active`: the id that the request gives to the last message of the branch that is shown.
Result<Messages> read_messages(const json::array& list, std::optional<std::string>& active,
                               const Clock& clock) {
    Messages messages;
    messages.reserve(list.size());  // what is known points into it
    Known known;
    std::string shown;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto path = "messages[" + std::to_string(i) + "]";
        if (!list[i].is_object()) return invalid_field(path, "must be an object");
        OURVIDZ_TRY(message, read_message(list[i].get_object(), path + ".", known));
        message.id = new_id("msg", clock);
        message.position = static_cast<std::int64_t>(i) + 1;
        message.created_at = clock.now_ms();
        messages.push_back(std::move(message));
        known.emplace(list[i].at("id").as_string(), &messages.back());
    }
    if (active) {
        const auto named = known.find(*active);
        if (named == known.end()) return invalid_field("active_message_id", "is none of the messages");
        shown = named->second->id;
    } else if (!messages.empty()) {
        shown = messages.back().id;
    }
    active = shown.empty() ? std::nullopt : std::optional(newest_leaf(messages, shown));
    return messages;
}

std::string title_from(const Messages& messages) {
    return messages.empty() ? std::string() : title_of(messages.front().text);
}

}  // namespace

Result<NewConversation> read_new(const json::object& body, const Clock& clock) {
    FieldReader reader(body);
    NewConversation read;
    auto& conversation = read.conversation;
    conversation.id = new_id("cnv", clock);
    conversation.created_at = conversation.changed_at = clock.now_ms();
    conversation.kind = reader.text("kind", id_bytes_max).value_or(std::string(kind_preset));
    const auto* kind = kinds::find(conversation.kind);
    if (kind == nullptr || kind->work != kinds::Work::talk)
        reader.fail("kind", "must be one of: " + kinds::names_of(kinds::any_of({kinds::Work::talk})));
    conversation.title = reader.text("title", title_bytes_max).value_or("");
    conversation.active_message_id = reader.text("active_message_id", id_bytes_max);
    const auto* settings = reader.object("settings");
    const auto* list = reader.array("messages", messages_max);
    OURVIDZ_CHECK(reader.finish());
    OURVIDZ_TRY(system, read_settings(settings));
    if (system && !is_blank(*system)) conversation.system = std::move(*system);
    static const json::array none;
    OURVIDZ_TRY(messages,
                read_messages(list != nullptr ? *list : none, conversation.active_message_id, clock));
    read.messages = std::move(messages);
    if (is_blank(conversation.title)) conversation.title = title_from(read.messages);
    return read;
}

Result<Change> read_change(const json::object& body) {
    FieldReader reader(body);
    Change change;
    change.title = reader.text("title", title_bytes_max);
    if (change.title && is_blank(*change.title)) reader.fail("title", "is empty");
    change.active_message_id = reader.text("active_message_id", id_bytes_max);
    const auto* settings = reader.object("settings");
    OURVIDZ_CHECK(reader.finish());
    OURVIDZ_TRY(system, read_settings(settings));
    change.system = std::move(system);
    if (!change.title && !change.system && !change.active_message_id)
        return invalid_field("", "Name something to change: title, active_message_id or settings.");
    return change;
}

Result<void> apply(const Change& change, Conversation& conversation, const Messages& messages) {
    if (change.title) conversation.title = *change.title;
    if (change.system) {
        conversation.system = is_blank(*change.system) ? std::nullopt : change.system;
    }
    if (change.active_message_id) {
        if (branch_to(messages, *change.active_message_id).empty())
            return invalid_field("active_message_id", "is no message of this conversation");
        conversation.active_message_id = newest_leaf(messages, *change.active_message_id);
    }
    return {};
}

Result<Turn> read_turn(const json::object& body) {
    FieldReader reader(body);
    Turn turn;
    const auto text = reader.text("text", message_bytes_max, Characters::lines);
    turn.parent_id = reader.text("parent_id", id_bytes_max);
    const auto again = reader.text("again", id_bytes_max);
    const auto go_on = reader.text("continue", id_bytes_max);
    if (text && is_blank(*text)) reader.fail("text", "is empty: say something");
    if (!text && turn.parent_id) reader.fail("parent_id", "goes with text");
    const int given = int{text.has_value()} + int{again.has_value()} + int{go_on.has_value()};
    OURVIDZ_CHECK(reader.finish());
    if (given != 1) return invalid_field("text", "Give one of text, again and continue.");
    if (text) turn.text = *text;
    if (!text) turn.kind = again ? Turn::Kind::answer_again : Turn::Kind::go_on;
    if (!text) turn.answer_id = again ? *again : *go_on;
    return turn;
}

}  // namespace ourvidz::chat
