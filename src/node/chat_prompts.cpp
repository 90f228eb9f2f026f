#include "node/chat_prompts.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ourvidz::node {
namespace {

constexpr std::string_view conversation_words =
    "You are the assistant of OurVidz, a studio for pictures and short clips. You are an AI and say so when "
    "you are "
    "asked. Answer in a friendly way, in plain words, and keep to what the user asks.";

constexpr std::string_view enhance_words =
    "You add detail to picture prompts. You are given a prompt and answer with four short phrases, separated "
    "by "
    "commas: the surroundings, the light, the colours, the mood. No people.";

// One example shows a small model the form better than any rule.
constexpr std::string_view example_prompt = "a small boat on a lake";
constexpr std::string_view example_details =
    "calm water with reeds and distant hills, soft light of an early morning, pale blue and warm brown, "
    "quiet and "
    "peaceful mood";

// Four phrases of two to seven plain words: the model cannot ramble, repeat the prompt or start a story.
constexpr std::string_view details_grammar = R"(root ::= phrase ", " phrase ", " phrase ", " phrase
phrase ::= word " " word (" " word){0,5}
word ::= [a-z] [a-z-]{0,11}
)";

std::string trimmed(std::string_view text) {
    constexpr std::string_view around = " \t\r\n.,;";
    const auto first = text.find_first_not_of(around);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(around) - first + 1));
}

// No longer than `bytes_max` and no character cut in two.
std::string cut(std::string text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0U) == 0x80U) --bytes_max;
    text.resize(bytes_max);
    return text;
}

Result<ChatOrder> enhance_order(const Lease& lease) {
    std::string prompt = trimmed(lease.settings.prompt);
    if (prompt.empty() && !lease.messages.empty()) prompt = trimmed(lease.messages.back().text);
    if (prompt.empty()) return invalid_field("prompt", "There is no prompt to enrich.");
    prompt = cut(std::move(prompt), enhance_head_bytes_max);
    ChatOrder order;
    order.request.turns = {{"system", std::string(enhance_words)},
                           {"user", std::string(example_prompt)},
                           {"assistant", std::string(example_details)},
                           {"user", prompt}};
    order.request.grammar = details_grammar;
    order.head = prompt + ", ";
    return order;
}

Result<ChatOrder> conversation_order(const Lease& lease) {
    ChatOrder order;
    order.request.turns = lease.messages;
    if (order.request.turns.empty() && !lease.settings.prompt.empty())
        order.request.turns.push_back({"user", lease.settings.prompt});
    if (order.request.turns.empty()) return invalid_field("messages", "There is nothing to answer.");
    const bool has_system = std::any_of(order.request.turns.begin(), order.request.turns.end(),
                                        [](const engine::ChatTurn& turn) { return turn.role == "system"; });
    if (!has_system)
        order.request.turns.insert(order.request.turns.begin(), {"system", std::string(conversation_words)});
    return order;
}

}  // namespace

Result<ChatOrder> chat_order(const Lease& lease, const catalog::ChatSpec& spec) {
    auto made = lease.kind == "chat_enhance" ? enhance_order(lease) : conversation_order(lease);
    if (!made) return made;
    engine::ChatRequest& request = made->request;
    request.tokens_max = spec.tokens.preset;
    request.temperature = spec.temperature;
    request.top_p = spec.top_p;
    request.repetition_penalty = spec.repetition_penalty;
    request.seed = lease.settings.seed;
    return made;
}

}  // namespace ourvidz::node
