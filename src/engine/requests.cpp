#include "engine/requests.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "prompts/lora_tag.h"
#include "prompts/prompt.h"

namespace ourvidz::engine {
namespace {

std::optional<std::string> read(FieldReader& reader, std::string_view name, const Words&) {
    return reader.text(name, prompt_bytes_max, Characters::lines);
}

// The names of sampling methods and schedulers are engine identifiers, never words of a user.
std::optional<std::string> read(FieldReader& reader, std::string_view name, const Identifier&) {
    auto text = reader.text(name, identifier_bytes_max);
    const auto sent = text.value_or("");
    const bool clean = std::all_of(sent.begin(), sent.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+';
    });
    if (!clean) reader.fail(name, "may only have the characters a-z, 0-9, _ and +");
    return text;
}

std::optional<std::int64_t> read(FieldReader& reader, std::string_view name, const Whole& whole) {
    return reader.integer(name, whole.min, whole.max);
}

std::optional<double> read(FieldReader& reader, std::string_view name, const Real& real) {
    return reader.number(name, real.min, real.max);
}

std::optional<bool> read(FieldReader& reader, std::string_view name, const Flag&) {
    return reader.boolean(name);
}

Result<std::vector<LoraWeight>> loras_from(const json::array& list, const std::string& path) {
    std::vector<LoraWeight> loras;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string item_path = path + "loras[" + std::to_string(i) + "]";
        if (!list[i].is_object()) return invalid_field(item_path, "must be an object");
        FieldReader reader(list[i].get_object(), item_path + ".");
        LoraWeight lora;
        lora.name = reader.required_text("name", prompts::lora_name_bytes_max);
        lora.weight = reader.number("weight", -lora_weight_max, lora_weight_max).value_or(1);
        lora.file = reader.required_text("file", path_bytes_max);
        OURVIDZ_CHECK(reader.finish());
        loras.push_back(std::move(lora));
    }
    return loras;
}

Result<ImageRequest> image_request_at(const json::object& body, const std::string& path) {
    FieldReader reader(body, path);
    ImageRequest request;
    each_field([&](std::string_view name, auto member, const auto& shape, Need need) {
        auto sent = read(reader, name, shape);
        if (!sent && need == Need::required) reader.fail(name, "is required");
        if (sent) request.*member = static_cast<std::decay_t<decltype(request.*member)>>(std::move(*sent));
    });
    const auto* loras = reader.array("loras", loras_max);
    OURVIDZ_CHECK(reader.finish());
    if (loras != nullptr) {
        OURVIDZ_TRY(list, loras_from(*loras, path));
        request.loras = std::move(list);
    }
    return request;
}

Result<std::vector<ChatTurn>> turns_from(const json::array& list) {
    std::vector<ChatTurn> turns;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string path = "turns[" + std::to_string(i) + "]";
        if (!list[i].is_object()) return invalid_field(path, "must be an object");
        FieldReader reader(list[i].get_object(), path + ".");
        ChatTurn turn;
        turn.role = reader.choice("role", {"system", "user", "assistant"}).value_or("");
        if (turn.role.empty()) reader.fail("role", "is missing");
        turn.text = reader.required_text("text", turn_bytes_max, Characters::lines);
        OURVIDZ_CHECK(reader.finish());
        turns.push_back(std::move(turn));
    }
    return turns;
}

}  // namespace

safety::TextToCheck text_to_check(const ImageRequest& request) {
    safety::TextToCheck check{{request.prompt, request.negative_prompt}, {}};
    // Weights can stand in the middle of a word, which the model reads as one.
    for (const auto* text : {&request.prompt, &request.negative_prompt}) {
        auto words = prompts::plain_text(*text);
        if (words != *text) check.texts.push_back(std::move(words));
    }
    std::string names;
    for (const auto& lora : request.loras) names += lora.name + "\n";
    if (!names.empty()) check.texts.push_back(std::move(names));
    return check;
}

safety::TextToCheck text_to_check(const VideoRequest& request) {
    return text_to_check(request.picture);
}

safety::TextToCheck text_to_check(const ChatRequest& request) {
    safety::TextToCheck text;
    for (const auto& turn : request.turns) {
        (turn.role == "system" ? text.texts : text.conversation).push_back(turn.text);
    }
    // A grammar can spell out what the model must say.
    if (!request.grammar.empty()) text.texts.push_back(request.grammar);
    return text;
}

json::object to_json(const ImageRequest& request) {
    json::array loras;
    for (const auto& lora : request.loras)
        loras.push_back({{"name", lora.name}, {"weight", lora.weight}, {"file", lora.file}});
    json::object body;
    each_field([&](std::string_view name, auto member, const auto&, Need) { body[name] = request.*member; });
    body["loras"] = std::move(loras);
    return body;
}

json::object to_json(const VideoRequest& request) {
    return {{"picture", to_json(request.picture)}, {"frames", request.frames}, {"fps", request.fps}};
}

json::object to_json(const ChatRequest& request) {
    json::array turns;
    for (const auto& turn : request.turns) turns.push_back({{"role", turn.role}, {"text", turn.text}});
    return {{"turns", std::move(turns)},
            {"tokens_max", request.tokens_max},
            {"temperature", request.temperature},
            {"top_p", request.top_p},
            {"repetition_penalty", request.repetition_penalty},
            {"seed", request.seed},
            {"grammar", request.grammar}};
}

Result<ImageRequest> image_request_from(const json::object& body) {
    return image_request_at(body, "");
}

Result<VideoRequest> video_request_from(const json::object& body) {
    FieldReader reader(body);
    VideoRequest request;
    const auto* picture = reader.object("picture");
    if (picture == nullptr) reader.fail("picture", "is missing");
    request.frames = static_cast<int>(reader.required_integer("frames", 1, frames_max));
    request.fps = static_cast<int>(reader.required_integer("fps", 1, fps_max));
    OURVIDZ_CHECK(reader.finish());
    OURVIDZ_TRY(inner, image_request_at(*picture, "picture."));
    request.picture = std::move(inner);
    return request;
}

Result<ChatRequest> chat_request_from(const json::object& body) {
    FieldReader reader(body);
    ChatRequest request;
    const auto* turns = reader.array("turns", turns_max);
    if (turns == nullptr || turns->empty()) reader.fail("turns", "must have at least one turn");
    request.tokens_max = static_cast<int>(reader.required_integer("tokens_max", 1, tokens_max_max));
    request.temperature = reader.number("temperature", 0, 5).value_or(request.temperature);
    request.top_p = reader.number("top_p", 0, 1).value_or(request.top_p);
    request.repetition_penalty =
        reader.number("repetition_penalty", 0.5, 2).value_or(request.repetition_penalty);
    request.seed = reader.required_integer("seed", 0, std::numeric_limits<std::int64_t>::max());
    request.grammar = reader.text("grammar", grammar_bytes_max, Characters::lines).value_or("");
    OURVIDZ_CHECK(reader.finish());
    OURVIDZ_TRY(list, turns_from(*turns));
    request.turns = std::move(list);
    return request;
}

json::object to_json(const ModelFiles& model) {
    json::object files;
    for (const auto& [role, path] : model.files) files[role] = path;
    return {{"model", model.model},
            {"family", model.family},
            {"files", std::move(files)},
            {"options", model.options}};
}

Result<ModelFiles> model_files_from(const json::object& body) {
    FieldReader reader(body);
    ModelFiles model;
    model.model = reader.required_text("model", identifier_bytes_max);
    model.family = reader.required_text("family", identifier_bytes_max);
    const auto* files = reader.object("files");
    if (files == nullptr || files->empty()) reader.fail("files", "must name at least one file");
    if (const auto* options = reader.object("options")) model.options = *options;
    OURVIDZ_CHECK(reader.finish());
    if (files->size() > model_files_max) return invalid_field("files", "has too many files");
    for (const auto& [role, path] : *files) {
        if (!path.is_string() || path.get_string().empty() || path.get_string().size() > path_bytes_max) {
            return invalid_field("files." + std::string(role), "must be a path");
        }
        // The engine would open what stands before it.
        if (role.find('\0') != std::string_view::npos ||
            path.get_string().find('\0') != std::string_view::npos)
            return invalid_field("files", "has the control character U+0000");
        model.files[role] = std::string(path.get_string());
    }
    return model;
}

}  // namespace ourvidz::engine
