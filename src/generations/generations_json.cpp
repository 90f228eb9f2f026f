#include "base/cursor.h"
#include "generations/generations.h"

namespace ourvidz::generations {
namespace {

json::value time_or_null(const std::optional<UnixMs>& time) {
    return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

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

json::object to_json(const Settings& settings) {
    json::object body;
    put(body, "prompt", settings.prompt);
    put(body, "purpose", settings.purpose);
    put(body, "negative_prompt", settings.negative_prompt);
    put(body, "width", settings.width);
    put(body, "height", settings.height);
    put(body, "steps", settings.steps);
    put(body, "guidance", settings.guidance);
    put(body, "sampler", settings.sampler);
    put(body, "seed", settings.seed);
    put(body, "source_asset_id", settings.source_asset_id);
    put(body, "strength", settings.strength);
    put(body, "seconds", settings.seconds);
    put(body, "fps", settings.fps);
    return body;
}

Settings settings_from(const json::object& body) {
    Settings settings;
    settings.prompt = text_of(body, "prompt");
    settings.purpose = text_of(body, "purpose");
    settings.negative_prompt = text_of(body, "negative_prompt");
    settings.width = number_of<std::int64_t>(body, "width");
    settings.height = number_of<std::int64_t>(body, "height");
    settings.steps = number_of<std::int64_t>(body, "steps");
    settings.guidance = number_of<double>(body, "guidance");
    settings.sampler = text_of(body, "sampler");
    settings.seed = number_of<std::int64_t>(body, "seed");
    settings.source_asset_id = text_of(body, "source_asset_id");
    settings.strength = number_of<double>(body, "strength");
    settings.seconds = number_of<std::int64_t>(body, "seconds");
    settings.fps = number_of<std::int64_t>(body, "fps");
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
    return json::object{
        {"id", generation.id},
        {"kind", generation.kind},
        {"medium", generation.medium},
        {"state", generation.state},
        {"model", generation.model},
        {"settings", to_json(generation.settings)},
        {"batch", generation.batch},
        {"created_at", to_rfc3339(generation.created_at)},
        {"started_at", time_or_null(generation.started_at)},
        {"ended_at", time_or_null(generation.ended_at)},
        {"credits", generation.credits},
        {"hold", generation.hold},
        {"error", std::move(failure)},
        {"text", or_null(generation.text)},
        {"hint", or_null(generation.hint)},
        {"progress", nullptr},
        {"assets", std::move(made)},
    };
}

safety::TextToCheck text_to_check(const NewGeneration& request) {
    safety::TextToCheck check;
    for (const auto* text : {&request.settings.prompt, &request.settings.negative_prompt}) {
        if (*text) check.texts.push_back(**text);
    }
    for (const auto& message : request.messages) {
        (message.role == "system" ? check.texts : check.conversation).push_back(message.text);
    }
    return check;
}

}  // namespace ourvidz::generations
