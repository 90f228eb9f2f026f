#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "base/cursor.h"
#include "generations/generations.h"
#include "prompts/prompt.h"

namespace ourvidz::generations {
namespace {

constexpr std::array<std::string_view, 6> states{"scheduled", "queued", "running",
                                                 "succeeded", "failed", "canceled"};
static_assert(states.size() == static_cast<std::size_t>(State::canceled) + 1);

}  // namespace

std::string_view to_string(State state) {
    return states.at(static_cast<std::size_t>(state));
}

State state_from(std::string_view name) {
    const auto* found = std::find(states.begin(), states.end(), name);
    assert(found != states.end());
    return static_cast<State>(found - states.begin());
}

bool is_over(State state) {
    return state == State::succeeded || state == State::failed || state == State::canceled;
}

json::array to_json(const std::vector<Message>& messages) {
    json::array list;
    for (const auto& message : messages) {
        list.push_back(json::object{{"role", message.role}, {"text", message.text}});
    }
    return list;
}

namespace {

// What the prompts were read as is no setting.
json::value taken_out(json::object& settings, std::string_view name) {
    auto* told = settings.if_contains(name);
    if (told == nullptr) return json::array();
    auto list = std::move(*told);
    settings.erase(name);
    return list;
}

}  // namespace

json::object to_json(Generation generation) {
    json::array made;
    made.reserve(generation.assets.size());
    for (auto& asset : generation.assets) made.push_back(assets::to_json(std::move(asset)));
    json::value failure = nullptr;
    if (generation.error) {
        failure =
            json::object{{"code", to_string(generation.error->code)}, {"detail", generation.error->detail}};
    }
    auto settings = kinds::to_json(generation.settings);
    auto warnings = taken_out(settings, "warnings");
    auto replaced = taken_out(settings, "replaced");
    return json::object{
        {"id", generation.id},
        {"kind", generation.kind},
        {"medium", generation.medium},
        {"state", to_string(generation.state)},
        {"paused", generation.paused},
        {"put_away", generation.put_away},
        {"model", generation.model},
        {"settings", std::move(settings)},
        {"batch", generation.batch},
        {"created_at", to_rfc3339(generation.created_at)},
        {"started_at", or_null(to_rfc3339(generation.started_at))},
        {"ended_at", or_null(to_rfc3339(generation.ended_at))},
        {"credits", generation.credits},
        {"hold", generation.hold},
        {"error", std::move(failure)},
        {"text", or_null(generation.text)},
        {"cut", generation.cut},
        {"hint", or_null(generation.hint)},
        {"warnings", std::move(warnings)},
        {"replaced", std::move(replaced)},
        {"progress", nullptr},
        {"assets", std::move(made)},
    };
}

safety::TextToCheck text_to_check(const NewGeneration& request) {
    safety::TextToCheck check;
    for (const auto* text : {&request.settings.prompt, &request.settings.negative_prompt}) {
        if (*text) check.texts.push_back(**text);
    }
    // What the engine gets, and what it reads there: weights can stand in the middle of a word.
    const auto add = [&check](std::string text) {
        if (std::find(check.texts.begin(), check.texts.end(), text) == check.texts.end())
            check.texts.push_back(std::move(text));
    };
    for (const auto& resolved : request.settings.resolved) {
        for (const auto* text : {&resolved.prompt, &resolved.negative_prompt}) {
            add(*text);
            add(prompts::plain_text(*text));
        }
    }
    // A LoRA that a word list names stands in none of the prompts.
    std::string names;
    for (const auto& lora : request.settings.loras) names += lora.name + "\n";
    if (!names.empty()) add(std::move(names));
    for (const auto& message : request.messages) {
        (message.role == "system" ? check.texts : check.conversation).push_back(message.text);
    }
    return check;
}

}  // namespace ourvidz::generations
