// The bodies of requests, read and checked: what has the right shape may still name what is not there.
#pragma once

#include "chat/chat.h"

namespace ourvidz::chat {

struct NewConversation {
    Conversation conversation;  // with its own id, and without a workspace
    Messages messages;          // the same
};
// A new one, or a whole one that was kept elsewhere, under new ids.
[[nodiscard]] Result<NewConversation> read_new(const json::object& body, const Clock& clock);

struct Change {
    std::optional<std::string> title;
    std::optional<std::string> system;  // empty: the studio's own words
    std::optional<std::string> active_message_id;
};
[[nodiscard]] Result<Change> read_change(const json::object& body);
// Errors: invalid_field for a message that is not there.
[[nodiscard]] Result<void> apply(const Change& change, Conversation& conversation, const Messages& messages);

[[nodiscard]] Result<Turn> read_turn(const json::object& body);

}  // namespace ourvidz::chat
