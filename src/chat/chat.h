// Conversations: a tree of messages of which one branch is shown, and what of it a model is sent. An answer
// is written by a generation; its state, its words and its error are that generation's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "catalog/manifest.h"
#include "db/database.h"
#include "generations/submit.h"
#include "safety/gate.h"

namespace ourvidz::chat {

constexpr std::size_t message_bytes_max = generations::prompt_bytes_max;  // of what a person writes
constexpr std::size_t answer_bytes_max = safety::turn_bytes_max;
constexpr std::size_t continued_bytes_max = answer_bytes_max - 8192;  // so that more of it has room
constexpr std::size_t system_bytes_max = safety::text_bytes_max;
constexpr std::size_t title_bytes_max = 200;
constexpr std::size_t messages_max = 1'000;         // of one conversation, all branches together
constexpr std::int64_t conversations_max = 10'000;  // of a workspace
constexpr std::size_t sent_messages_max = generations::messages_max;

struct Conversation {
    std::string id;
    std::string workspace_id;
    std::string kind;
    std::string title;
    std::optional<std::string> system;  // empty: the studio's own words
    std::optional<std::string> active_message_id;
    UnixMs created_at = 0;
    UnixMs changed_at = 0;
};

enum class State : std::uint8_t { done, writing, stopped, failed };
[[nodiscard]] std::string_view to_string(State state);

struct Message {
    std::string id;
    std::optional<std::string> parent_id;
    std::int64_t position = 0;
    std::string role;  // "user" or "assistant"
    std::string text;
    State state = State::done;
    bool cut = false;  // an answer that reached the model's limit before its end
    std::optional<Error> error;
    std::optional<std::string> generation_id;
    UnixMs created_at = 0;
};
// All of a conversation, in the order of their positions.
using Messages = std::vector<Message>;

// --- rules (chat.cpp) ---

// From the first message to this one. Empty when there is no such message.
[[nodiscard]] std::vector<const Message*> branch_to(const Messages& messages, std::string_view id);
// The end of the branch that was newest below this message.
[[nodiscard]] std::string newest_leaf(const Messages& messages, std::string_view id);

// What is said next: something new, another answer in place of one, or more of one that was broken off.
struct Turn {
    enum class Kind : std::uint8_t { say, answer_again, go_on };
    Kind kind = Kind::say;
    std::string text;                      // of say
    std::optional<std::string> parent_id;  // of say: the answer that it follows; none: it begins a branch
    std::string answer_id;                 // of the others
};

// A turn and what the model is sent for it.
struct Plan {
    Turn turn;
    Conversation conversation;
    // Of answer_again and go_on: the question, and what there is of the answer.
    std::optional<std::string> question_id;
    Message answer;
    std::vector<generations::Message> sent;
};
// `bytes_max`: see sent_bytes_max(). Errors: invalid_field or not_found for messages that are not there,
// conflict for what cannot be answered now.
[[nodiscard]] Result<Plan> plan(Turn turn, Conversation conversation, const Messages& messages,
                                std::size_t bytes_max);

// How much of a conversation goes to this model: at least what its context holds, so that the engine, which
// counts tokens, leaves out no more than it must, and no more than is judged at once.
[[nodiscard]] std::size_t sent_bytes_max(const catalog::Entry& entry);

// Without the earlier turns that the gate would not let pass even alone, each with its answer or question:
// nothing that was ever said makes a conversation unusable. The last turn always stays.
[[nodiscard]] std::vector<generations::Message> without_refused(std::vector<generations::Message> sent,
                                                                const safety::Gate& gate);

// The beginning of the first line, for a list.
[[nodiscard]] std::string title_of(std::string_view text);

// --- store: all SQL of conversations (chat_store.cpp) ---

struct Request {
    std::optional<std::string> key;
    std::string sha256;
};
// Whole, its messages' positions from 1. The one that was made under the same key, if there is one. Errors:
// idempotency_mismatch, too_many_requests.
[[nodiscard]] Result<Conversation> create(db::Connection& connection, const Conversation& conversation,
                                          const Messages& messages, const Request& request);
// Errors: not_found.
[[nodiscard]] Result<Conversation> find(db::Connection& connection, std::string_view workspace_id,
                                        std::string_view id);
[[nodiscard]] Result<Messages> messages_of(db::Connection& connection, const Conversation& conversation);
[[nodiscard]] json::object to_json(const Conversation& conversation);
struct Page {
    std::vector<Conversation> items;
    std::optional<std::string> next_cursor;
};
// The last changed first.
[[nodiscard]] Result<Page> list(db::Connection& connection, std::string_view workspace_id,
                                const std::optional<std::string>& cursor, int limit);
// Stores title, system words and active message.
[[nodiscard]] Result<void> update(db::Connection& connection, const Conversation& conversation);
// With all that was said: what is being written is stopped, and no words of it are left.
[[nodiscard]] Result<void> remove(db::Connection& connection, const Conversation& conversation, UnixMs now);
// Those in which nothing has been said, and that nobody has changed since this moment: somebody left before
// the first word arrived. Some at a time.
[[nodiscard]] Result<void> remove_empty(db::Connection& connection, UnixMs unchanged_since, UnixMs now);

struct Sent {
    Conversation conversation;
    Messages messages;  // the question and its answer
    generations::Accepted accepted;
};
// One transaction: the generation and its messages. Errors: as generations::submit(), conflict.
[[nodiscard]] Result<Sent> send(db::Connection& connection, const Plan& plan,
                                const safety::Cleared<generations::NewGeneration>& request,
                                const generations::Submission& submission, const Clock& clock);
// What was sent under this key before.
[[nodiscard]] Result<std::optional<Sent>> find_sent(db::Connection& connection,
                                                    const Conversation& conversation, std::string_view key,
                                                    std::string_view request_sha256);

}  // namespace ourvidz::chat
