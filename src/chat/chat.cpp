// The rules of conversations: branches, what may be said next, and what a model is sent.
#include "chat/chat.h"

#include <algorithm>

#include "base/text.h"
#include "generations/prepare.h"

namespace ourvidz::chat {
namespace {

constexpr std::string_view studio_words =
    "You are the assistant of OurVidz, a studio for pictures and short clips. You are an AI and say so when "
    "you are asked. Answer in a friendly way, in plain words, and keep to what the user asks.";

// More than a token of any language has on average, and what an entry has that says nothing.
constexpr std::size_t bytes_per_token = 6;
constexpr std::size_t own_title_bytes_max = 80;

const Message* find_in(const Messages& messages, std::string_view id) {
    const auto found =
        std::find_if(messages.begin(), messages.end(), [id](const Message& one) { return one.id == id; });
    return found == messages.end() ? nullptr : &*found;
}

// What was really said, oldest first. A question whose answer has failed is left out together with it, since
// the same would fail again.
std::vector<generations::Message> said_in(const std::vector<const Message*>& branch) {
    std::vector<generations::Message> said;
    for (std::size_t i = 0; i < branch.size(); ++i) {
        const auto& message = *branch[i];
        const bool spoiled =
            message.state == State::failed ||
            (message.role == "user" && i + 1 < branch.size() && branch[i + 1]->state == State::failed);
        if (!spoiled && !is_blank(message.text)) said.push_back({message.role, message.text});
    }
    return said;
}

// The newest that fit, behind the system words; the last one in any case.
std::vector<generations::Message> newest_that_fit(std::vector<generations::Message> said, std::string system,
                                                  std::size_t bytes_max) {
    std::size_t bytes = system.size();
    auto first = said.end();
    while (first != said.begin()) {
        const auto size = std::prev(first)->text.size();
        const bool is_last = first == said.end();
        const auto count = static_cast<std::size_t>(said.end() - first) + 1;  // the system words are one too
        if (!is_last && (bytes + size > bytes_max || count >= sent_messages_max)) break;
        bytes += size;
        --first;
    }
    // An answer that has lost its question tells nothing.
    while (std::distance(first, said.end()) > 1 && first->role == "assistant") ++first;
    std::vector<generations::Message> sent{{"system", std::move(system)}};
    sent.insert(sent.end(), std::move_iterator(first), std::move_iterator(said.end()));
    return sent;
}

Result<const Message*> answer_in(const Messages& messages, std::string_view id, std::string_view field) {
    const auto* answer = find_in(messages, id);
    if (answer == nullptr || answer->role != "assistant" || !answer->parent_id)
        return invalid_field(std::string(field), "is no answer of this conversation");
    if (answer->state == State::writing)
        return Error{ErrorCode::conflict, "This answer is still being written. Wait for it, or stop it.", ""};
    return answer;
}

Result<void> require_unfinished(const Message& answer) {
    if (answer.text.empty() || (!answer.cut && answer.state != State::stopped))
        return Error{ErrorCode::conflict, "This answer is complete. Ask for more in a new message.", ""};
    if (answer.text.size() > continued_bytes_max) {
        return Error{ErrorCode::conflict,
                     "This answer is as long as one may be. Ask for more in a new message.", ""};
    }
    return {};
}

// The messages before the answer, or before what is said.
Result<std::vector<generations::Message>> said_before(Plan& plan, const Messages& messages) {
    const auto& turn = plan.turn;
    if (turn.kind == Turn::Kind::say) {
        if (!turn.parent_id) return std::vector<generations::Message>();
        OURVIDZ_TRY(parent, answer_in(messages, *turn.parent_id, "parent_id"));
        return said_in(branch_to(messages, parent->id));
    }
    const bool again = turn.kind == Turn::Kind::answer_again;
    OURVIDZ_TRY(answer, answer_in(messages, turn.answer_id, again ? "again" : "continue"));
    if (!again) OURVIDZ_CHECK(require_unfinished(*answer));
    plan.answer = *answer;
    plan.question_id = answer->parent_id;
    return said_in(branch_to(messages, *answer->parent_id));
}

}  // namespace

std::string_view to_string(State state) {
    switch (state) {
        case State::done:
            return "done";
        case State::writing:
            return "writing";
        case State::stopped:
            return "stopped";
        case State::failed:
            return "failed";
    }
    return "failed";
}

std::vector<const Message*> branch_to(const Messages& messages, std::string_view id) {
    std::vector<const Message*> branch;
    const auto* message = find_in(messages, id);
    while (message != nullptr && branch.size() < messages.size()) {
        branch.push_back(message);
        message = message->parent_id ? find_in(messages, *message->parent_id) : nullptr;
    }
    std::reverse(branch.begin(), branch.end());
    return branch;
}

std::string newest_leaf(const Messages& messages, std::string_view id) {
    std::string leaf(id);
    for (bool deeper = true; deeper;) {
        const auto child = std::find_if(messages.rbegin(), messages.rend(), [&leaf](const Message& one) {
            return one.parent_id && *one.parent_id == leaf;
        });
        deeper = child != messages.rend();
        if (deeper) leaf = child->id;
    }
    return leaf;
}

Result<Plan> plan(Turn turn, Conversation conversation, const Messages& messages, std::size_t bytes_max) {
    constexpr std::size_t added_max = 2;
    if (messages.size() + added_max > messages_max) {
        return Error{ErrorCode::conflict, "This conversation is as long as one may be. Begin a new one.", ""};
    }
    Plan plan;
    plan.turn = std::move(turn);
    plan.conversation = std::move(conversation);
    OURVIDZ_TRY(said, said_before(plan, messages));
    if (plan.turn.kind == Turn::Kind::say) said.push_back({"user", plan.turn.text});
    if (plan.turn.kind == Turn::Kind::go_on) said.push_back({"assistant", plan.answer.text});
    plan.sent = newest_that_fit(std::move(said), plan.conversation.system.value_or(std::string(studio_words)),
                                bytes_max);
    return plan;
}

std::size_t sent_bytes_max(const catalog::Entry& entry) {
    return std::min(generations::context_tokens(entry) * bytes_per_token, safety::request_bytes_max);
}

std::vector<generations::Message> without_refused(std::vector<generations::Message> sent,
                                                  const safety::Gate& gate) {
    const auto passes = [&gate](const generations::Message& message) {
        safety::TextToCheck alone;
        alone.conversation.push_back(message.text);
        const auto decision = gate.judge(alone).decision;
        return decision == safety::Decision::allow || decision == safety::Decision::standard_only;
    };
    std::vector<bool> spoiled(sent.size());
    for (std::size_t i = 0; i + 1 < sent.size(); ++i) {
        if (sent[i].role == "system" || passes(sent[i])) continue;
        spoiled[i] = true;
        const bool is_answer = sent[i].role == "assistant";
        if (is_answer && i > 0 && sent[i - 1].role == "user") spoiled[i - 1] = true;
        if (!is_answer && i + 2 < sent.size() && sent[i + 1].role == "assistant") spoiled[i + 1] = true;
    }
    std::vector<generations::Message> kept;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        if (!spoiled[i]) kept.push_back(std::move(sent[i]));
    }
    return kept;
}

std::string title_of(std::string_view text) {
    const auto start = text.find_first_not_of(" \t\n");
    if (start == std::string_view::npos) return {};
    auto line = text.substr(start, text.find('\n', start) - start);
    if (line.size() > own_title_bytes_max) {
        auto end = own_title_bytes_max;
        while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
        line = line.substr(0, end);
    }
    std::string title(line);
    std::replace(title.begin(), title.end(), '\t', ' ');
    return title;
}

}  // namespace ourvidz::chat
