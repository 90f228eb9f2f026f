// From the body of a request to one with every value that its kind has.
#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "base/id.h"
#include "generations/submit.h"

namespace ourvidz::generations {
namespace {

// A clip's or picture's source, unless the request says how much of it may change.
constexpr double strength_preset = 0.5;
constexpr std::string_view for_kind_preset = "sdxl_image_fast";
// Its purposes, which are kinds of their own now, are still understood.
constexpr std::string_view older_form = "chat_enhance";

Result<std::vector<Message>> read_messages(const json::array& list) {
    std::vector<Message> messages;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto path = "messages[" + std::to_string(i) + "]";
        if (!list[i].is_object()) return invalid_field(path, "must be an object with role and text");
        FieldReader reader(list[i].get_object(), path + ".");
        auto role = reader.choice("role", {"system", "user", "assistant"});
        if (!role) reader.fail("role", "is required");
        auto text = reader.required_text("text", prompt_bytes_max, Characters::lines);
        OURVIDZ_CHECK(reader.finish());
        messages.push_back({std::move(*role), std::move(text)});
    }
    return messages;
}

bool blank(const std::optional<std::string>& text) {
    return !text || is_blank(*text);
}

// The numbers for which each model has a range and a preset of its own.
Result<void> complete_numbers(Settings& settings, const catalog::KindSpec& spec) {
    std::optional<Error> fault;
    kinds::each_setting([&](std::string_view name, auto member, const auto&, const kinds::Rules& rules) {
        auto& value = settings.*member;
        if constexpr (requires { value = 1.0; }) {
            if (!rules.by_model || fault) return;
            const auto* range = spec.find_range(name);
            if (range == nullptr && value)
                fault = invalid_field(std::string(name), "This model has no such setting.");
            if (range == nullptr) return;
            using Number = typename std::decay_t<decltype(value)>::value_type;
            if (!value) value = static_cast<Number>(range->preset);
            const auto number = static_cast<double>(*value);
            if (number < range->min || number > range->max)
                fault = invalid_field(std::string(name), fmt::format("must be from {} to {} for this model",
                                                                     range->min, range->max));
        }
    });
    if (fault) return *fault;
    return {};
}

Result<void> complete_size(Settings& settings, const catalog::KindSpec& spec) {
    if (!settings.width && !settings.height) {
        settings.width = spec.sizes.front().width;
        settings.height = spec.sizes.front().height;
        return {};
    }
    const auto width = static_cast<int>(settings.width.value_or(0));
    const auto height = static_cast<int>(settings.height.value_or(0));
    if (spec.find_size(width, height) != nullptr) return {};
    std::string allowed;
    for (const auto& size : spec.sizes) {
        allowed +=
            (allowed.empty() ? "" : ", ") + std::to_string(size.width) + "x" + std::to_string(size.height);
    }
    const bool has_width = std::any_of(spec.sizes.begin(), spec.sizes.end(),
                                       [&](const catalog::Size& size) { return size.width == width; });
    const bool width_is_wrong = settings.width && (!settings.height || !has_width);
    return invalid_field(width_is_wrong ? "width" : "height",
                         "Width and height together must be one of this model's sizes: " + allowed + ".");
}

Result<void> complete_sampler(Settings& settings, const catalog::KindSpec& spec) {
    if (!settings.sampler) settings.sampler = spec.samplers.empty() ? "" : spec.samplers.front();
    if (spec.samplers.empty() ||
        std::find(spec.samplers.begin(), spec.samplers.end(), *settings.sampler) != spec.samplers.end()) {
        return {};
    }
    std::string allowed;
    for (const auto& name : spec.samplers) allowed += (allowed.empty() ? "" : ", ") + name;
    return invalid_field("sampler", "must be one of: " + allowed);
}

// What the model alone decides.
Result<void> complete_fact(std::string_view name, std::optional<std::int64_t>& value, int fact) {
    if (value && *value != fact)
        return invalid_field(std::string(name), "is always " + std::to_string(fact) + " for this model");
    value = fact;
    return {};
}

Result<void> complete_drawing(NewGeneration& request, const catalog::KindSpec& spec) {
    auto& settings = request.settings;
    if (blank(settings.prompt)) return invalid_field("prompt", "is empty: say what you want to see");
    if (!settings.negative_prompt) settings.negative_prompt = "";
    OURVIDZ_CHECK(complete_size(settings, spec));
    OURVIDZ_CHECK(complete_numbers(settings, spec));
    OURVIDZ_CHECK(complete_sampler(settings, spec));
    if (std::find(spec.batches.begin(), spec.batches.end(), request.batch) == spec.batches.end()) {
        std::string allowed;
        for (const auto batch : spec.batches)
            allowed += (allowed.empty() ? "" : ", ") + std::to_string(batch);
        return invalid_field("batch", "must be one of: " + allowed);
    }
    if (settings.source_asset_id && !spec.image_to_image) {
        return invalid_field("source_asset_id", "This model cannot start from a picture.");
    }
    if (settings.strength && !settings.source_asset_id) {
        return invalid_field("strength", "needs a source_asset_id");
    }
    if (settings.source_asset_id && !settings.strength) settings.strength = strength_preset;
    if (!spec.clip) return {};
    OURVIDZ_CHECK(complete_fact("seconds", settings.seconds, spec.clip->seconds));
    return complete_fact("fps", settings.fps, spec.clip->fps);
}

// What the gate would hold for being too much to judge at once.
Result<void> check_amount(const std::vector<Message>& messages) {
    std::size_t bytes = 0;
    std::size_t system = 0;
    for (const auto& message : messages) {
        bytes += message.text.size();
        system += message.role == "system" ? 1 : 0;
    }
    if (bytes > safety::request_bytes_max)
        return invalid_field("messages", "has more than " + std::to_string(safety::request_bytes_max) +
                                             " bytes together: leave out the oldest");
    if (system > safety::texts_max)
        return invalid_field(
            "messages", "may have the role system at most " + std::to_string(safety::texts_max) + " times");
    return {};
}

Result<void> complete_listening(const NewGeneration& request) {
    if (request.messages.empty()) return invalid_field("messages", "is empty: say something");
    OURVIDZ_CHECK(check_amount(request.messages));
    const auto last = request.messages.size() - 1;
    if (is_blank(request.messages[last].text))
        return invalid_field("messages[" + std::to_string(last) + "].text", "is empty: say something");
    return {};
}

Result<void> complete_talk(const NewGeneration& request) {
    OURVIDZ_CHECK(complete_listening(request));
    // The last may be an answer, which is then continued.
    const auto& messages = request.messages;
    const bool asked = std::any_of(messages.begin(), messages.end(),
                                   [](const Message& message) { return message.role == "user"; });
    if (asked && messages.back().role != "system") return {};
    return invalid_field("messages", "must end with something that the user says, or with the answer to it");
}

Result<void> complete_enlarging(const NewGeneration& request) {
    if (request.batch != 1) return invalid_field("batch", "must be 1: one picture is enlarged");
    return {};
}

Result<void> complete_prompt(const NewGeneration& request) {
    if (blank(request.settings.prompt)) return invalid_field("prompt", "is empty: there is nothing to go by");
    return {};
}

}  // namespace

Result<NewGeneration> read_request(const json::object& body) {
    NewGeneration request;
    FieldReader reader(body);
    request.kind = reader.required_text("kind", id_bytes_max);
    const auto kind = kinds::require(request.kind);
    if (!kind.ok()) reader.fail("kind", kind.error().detail);
    const auto purpose = reader.choice("purpose", {"prompt", "scene", "scenes"});
    if (purpose && request.kind != older_form) reader.fail("purpose", "is for chat_enhance only");
    if (purpose && *purpose != "prompt") request.kind = "chat_" + *purpose;
    request.batch = reader.integer("batch", 1, kinds::batch_max).value_or(1);
    request.settings = kinds::read_settings(reader, body);
    const auto* messages = reader.array("messages", messages_max);
    OURVIDZ_CHECK(reader.finish());
    if (messages != nullptr) {
        OURVIDZ_TRY(read, read_messages(*messages));
        request.messages = std::move(read);
    }
    return request;
}

Result<void> complete(NewGeneration& request, const ServingModel& model,
                      const std::function<std::int64_t()>& random_seed) {
    OURVIDZ_TRY(kind, kinds::require(request.kind));
    auto& settings = request.settings;
    if (!settings.seed && kind->work != kinds::Work::enlarge) settings.seed = random_seed();
    OURVIDZ_CHECK(kinds::refuse_others(settings, *kind));
    if (!request.messages.empty() && !kinds::among(kinds::listening, kind->work))
        return invalid_field("messages", "is for kinds that listen: " + kinds::names_of(kinds::listening));
    if (request.batch != 1 && kind->medium() == kinds::Medium::chat)
        return invalid_field("batch", "must be 1 for chat kinds");
    if (!settings.for_kind && kinds::among(kinds::helping, kind->work)) settings.for_kind = for_kind_preset;
    switch (kind->work) {
        case kinds::Work::picture:
        case kinds::Work::clip:
            return complete_drawing(request, *model.spec);
        case kinds::Work::enhance:
        case kinds::Work::scenes:
            return complete_prompt(request);
        case kinds::Work::scene:
            return complete_listening(request);
        case kinds::Work::enlarge:
            return complete_enlarging(request);
        case kinds::Work::talk:
            break;
    }
    return complete_talk(request);
}

}  // namespace ourvidz::generations
