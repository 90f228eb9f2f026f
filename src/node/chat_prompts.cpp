#include "node/chat_prompts.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "node/known_words.h"
#include "node/scene_prompts.h"
#include "node/story.h"

namespace ourvidz::node {
namespace {

constexpr std::string_view enhance_words =
    "You add detail to picture prompts: what is around, the light, the colours and the mood. Choose what "
    "fits the "
    "prompt best.";

constexpr std::string_view known_words =
    "You add to picture prompts: one thing that stands beside what is there, and the colour of the "
    "background. "
    "Choose what fits the prompt best.";

// Examples show a small model the form better than any rule.
struct Example {
    std::string_view prompt;
    std::string_view details;
};
constexpr std::array examples{
    Example{"a small boat on a lake",
            "with reeds and hills around, soft morning light, pale blue and brown colours, peaceful "
            "mood"},
    Example{
        "a bowl of fruit",
        "with leaves and curtains around, soft window light, warm yellow and green colours, cheerful mood"},
    Example{"a space station",
            "with stars and planets around, cold star light, dark blue and silver colours, mysterious "
            "mood"},
};

// The model fills in two words of its own and chooses the rest from lists, so that even a very small one
// cannot ramble, repeat the prompt or invent words. Each part begins with its space, as the words of a
// model's vocabulary do.
constexpr std::string_view details_grammar =
    R"(root ::= "with" thing " and" thing " around" slots
thing ::= " hills" | " mountains" | " trees" | " flowers" | " grass" | " leaves" | " rocks" | " waves" | " clouds" | " stars" | " planets" | " snow" | " sand" | " shells" | " reeds" | " fields" | " mushrooms" | " bridges" | " boats" | " birds" | " butterflies" | " fireflies" | " lanterns" | " windows" | " rooftops" | " street lamps" | " puddles" | " books" | " plants" | " tools" | " machines" | " toys" | " curtains" | " corals" | " bubbles" | " pine trees" | " cliffs" | " gardens" | " mist" | " ice"
)";

std::string trimmed(std::string_view text) {
    constexpr std::string_view around = " \t\r\n.,;";
    const auto first = text.find_first_not_of(around);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(around) - first + 1));
}

void show(ChatOrder& order, std::string_view prompt, std::string_view details) {
    order.request.turns.push_back({"user", std::string(prompt)});
    order.request.turns.push_back({"assistant", std::string(details)});
}

Result<ChatOrder> enhance_order(const Lease& lease, const catalog::Entry* painter) {
    std::string prompt = trimmed(lease.settings.prompt.value_or(""));
    if (prompt.empty() && !lease.messages.empty()) prompt = trimmed(lease.messages.back().text);
    if (prompt.empty()) return invalid_field("prompt", "There is no prompt to enrich.");
    prompt.resize(whole_characters(prompt, enhance_head_bytes_max));
    ChatOrder order;
    if (painter != nullptr && painter->vocabulary) {
        const auto addition = addition_to(prompt, *painter);
        if (!addition)
            return invalid_field("prompt", "Nothing can be added that " + painter->title + " would follow.");
        order.request.turns.push_back({"system", std::string(known_words)});
        for (const auto& [given, added] : addition->examples) show(order, given, added);
        order.request.grammar = addition->grammar;
        order.head = prompt + " ";
    } else {
        order.request.turns.push_back({"system", std::string(enhance_words)});
        for (const Example& example : examples) show(order, example.prompt, example.details);
        order.request.grammar = std::string(details_grammar) + std::string(slot_rules());
        order.head = prompt + ", ";
    }
    order.request.turns.push_back({"user", prompt});
    return order;
}

// One worked example and a short answer keep a small model in its role, which the description alone does not.
void introduce_persona(std::vector<engine::ChatTurn>& turns) {
    const auto is_answer = [](const engine::ChatTurn& turn) { return turn.role == "assistant"; };
    if (turns.empty() || turns[0].role != "system" || std::any_of(turns.begin(), turns.end(), is_answer))
        return;
    const auto persona = persona_of(turns[0].text);
    if (persona.name.empty()) return;
    turns[0].text += " Answer in one or two short sentences, as " + persona.name + ".";
    turns.insert(turns.begin() + 1,
                 {{"user", "Hello! Who is there?"},
                  {"assistant", "Hello! I am " + persona.look + ". I am glad that you are here."}});
}

Result<ChatOrder> conversation_order(const Lease& lease, bool needs_example) {
    ChatOrder order;
    order.request.turns = lease.messages;
    if (order.request.turns.empty()) return invalid_field("messages", "There is nothing to answer.");
    // An answer that stands last is continued.
    if (order.request.turns.back().role == "assistant") order.head = order.request.turns.back().text;
    if (needs_example) introduce_persona(order.request.turns);
    return order;
}

Result<ChatOrder> order_for(const Lease& lease, bool needs_example, const catalog::Entry* painter) {
    OURVIDZ_TRY(kind, kinds::require(lease.kind));
    switch (kind->work) {
        case kinds::Work::enhance:
            return enhance_order(lease, painter);
        case kinds::Work::scene:
            return scene_order(lease, painter);
        case kinds::Work::scenes:
            return scenes_order(lease, painter);
        case kinds::Work::talk:
            return conversation_order(lease, needs_example);
        case kinds::Work::picture:
        case kinds::Work::clip:
        case kinds::Work::enlarge:
            break;
    }
    return invalid_field("kind", "is not done in words");
}

}  // namespace

Result<ChatOrder> chat_order(const Lease& lease, const catalog::ChatSpec& spec,
                             const catalog::Entry* painter) {
    auto made = order_for(lease, spec.needs_example, painter);
    if (!made) return made;
    engine::ChatRequest& request = made->request;
    request.tokens_max = spec.tokens.preset;
    request.temperature = spec.temperature;
    request.top_p = spec.top_p;
    request.repetition_penalty = spec.repetition_penalty;
    request.seed = lease.settings.seed.value_or(0);
    return made;
}

}  // namespace ourvidz::node
