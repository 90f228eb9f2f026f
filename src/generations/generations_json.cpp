#include <algorithm>

#include "base/cursor.h"
#include "base/exact_integer.h"
#include "generations/generations.h"
#include "prompts/prompt.h"

namespace ourvidz::generations {
namespace {

template <class T>
void put(json::object& body, std::string_view name, const std::optional<T>& value) {
    if (value) body[name] = *value;
}

std::optional<std::string> text_of(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    return value != nullptr && value->is_string() ? std::optional(std::string(value->get_string()))
                                                  : std::nullopt;
}

template <class Number>
std::optional<Number> number_of(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    return value != nullptr && value->is_number() ? std::optional(value->to_number<Number>()) : std::nullopt;
}

}  // namespace

namespace {

void put_reading(json::object& body, const Settings& settings) {
    json::array resolved;
    for (const auto& one : settings.resolved) {
        resolved.push_back({{"prompt", one.prompt}, {"negative_prompt", one.negative_prompt}});
    }
    if (!resolved.empty()) body["resolved"] = std::move(resolved);
    json::array loras;
    for (const auto& lora : settings.loras) loras.push_back({{"name", lora.name}, {"weight", lora.weight}});
    if (!loras.empty()) body["loras"] = std::move(loras);
    json::array warnings;
    for (const auto& warning : settings.warnings) {
        warnings.push_back({{"field", warning.field},
                            {"at", warning.at > 0 ? json::value(warning.at) : json::value(nullptr)},
                            {"detail", warning.detail}});
    }
    if (!warnings.empty()) body["warnings"] = std::move(warnings);
}

// Calls `take(object)` for each object of the list, if there is one.
template <class Take>
void each_object_of(const json::object& body, std::string_view name, Take take) {
    const auto* list = body.if_contains(name);
    if (list == nullptr || !list->is_array()) return;
    for (const auto& item : list->get_array()) {
        if (item.is_object()) take(item.get_object());
    }
}

void take_reading(const json::object& body, Settings& settings) {
    each_object_of(body, "resolved", [&](const json::object& item) {
        settings.resolved.push_back(
            {text_of(item, "prompt").value_or(""), text_of(item, "negative_prompt").value_or("")});
    });
    each_object_of(body, "loras", [&](const json::object& item) {
        settings.loras.push_back(
            {text_of(item, "name").value_or(""), number_of<double>(item, "weight").value_or(1)});
    });
    each_object_of(body, "warnings", [&](const json::object& item) {
        settings.warnings.push_back({text_of(item, "field").value_or(""),
                                     number_of<std::int64_t>(item, "at").value_or(0),
                                     text_of(item, "detail").value_or("")});
    });
}

}  // namespace

json::object to_json(const Settings& settings) {
    json::object body;
    put(body, "prompt", settings.prompt);
    put(body, "purpose", settings.purpose);
    put(body, "for_kind", settings.for_kind);
    put(body, "for_model", settings.for_model);
    put(body, "negative_prompt", settings.negative_prompt);
    put(body, "width", settings.width);
    put(body, "height", settings.height);
    put(body, "steps", settings.steps);
    put(body, "guidance", settings.guidance);
    put(body, "sampler", settings.sampler);
    if (settings.seed) body["seed"] = exact_integer(*settings.seed);
    put(body, "source_asset_id", settings.source_asset_id);
    put(body, "strength", settings.strength);
    put(body, "seconds", settings.seconds);
    put(body, "fps", settings.fps);
    put_reading(body, settings);
    return body;
}

Settings settings_from(const json::object& body) {
    Settings settings;
    settings.prompt = text_of(body, "prompt");
    settings.purpose = text_of(body, "purpose");
    settings.for_kind = text_of(body, "for_kind");
    settings.for_model = text_of(body, "for_model");
    settings.negative_prompt = text_of(body, "negative_prompt");
    settings.width = number_of<std::int64_t>(body, "width");
    settings.height = number_of<std::int64_t>(body, "height");
    settings.steps = number_of<std::int64_t>(body, "steps");
    settings.guidance = number_of<double>(body, "guidance");
    settings.sampler = text_of(body, "sampler");
    if (const auto* seed = body.if_contains("seed")) settings.seed = exact_integer_in(*seed);
    settings.source_asset_id = text_of(body, "source_asset_id");
    settings.strength = number_of<double>(body, "strength");
    settings.seconds = number_of<std::int64_t>(body, "seconds");
    settings.fps = number_of<std::int64_t>(body, "fps");
    take_reading(body, settings);
    return settings;
}

json::array to_json(const std::vector<Message>& messages) {
    json::array list;
    for (const auto& message : messages) {
        list.push_back(json::object{{"role", message.role}, {"text", message.text}});
    }
    return list;
}

json::object to_json(const Generation& generation) {
    json::array made;
    for (const auto& asset : generation.assets) made.push_back(assets::to_json(asset));
    json::value failure = nullptr;
    if (generation.error) {
        failure =
            json::object{{"code", to_string(generation.error->code)}, {"detail", generation.error->detail}};
    }
    auto settings = to_json(generation.settings);
    json::value warnings = json::array();
    if (auto* told = settings.if_contains("warnings")) {
        warnings = std::move(*told);
        settings.erase("warnings");
    }
    return json::object{
        {"id", generation.id},
        {"kind", generation.kind},
        {"medium", generation.medium},
        {"state", generation.state},
        {"paused", generation.paused},
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
