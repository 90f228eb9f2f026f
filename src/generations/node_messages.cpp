#include "generations/node_messages.h"

#include <algorithm>
#include <limits>

#include "assets/media.h"
#include "base/exact_integer.h"
#include "kinds/settings.h"

namespace ourvidz::generations {
namespace {

constexpr std::size_t word_bytes_max = 128;
constexpr std::size_t file_name_bytes_max = 256;
constexpr std::size_t recipe_bytes_max = 64 * 1024;
constexpr std::size_t facts_bytes_max = 16 * 1024;
constexpr std::size_t sentence_bytes_max = 2'000;
constexpr std::size_t answer_bytes_max = 64 * 1024;
constexpr std::size_t wants_max = 8;
constexpr std::size_t running_max = 256;
constexpr std::size_t workers_max = 64;
constexpr std::size_t node_models_max = 256;
constexpr std::int64_t wait_ms_max = 20'000;
constexpr std::int64_t side_max = 16'384;
constexpr std::int64_t any_max = std::numeric_limits<std::int64_t>::max();

template <class Found>
Found required(FieldReader& reader, std::string_view name, Found found) {
    if (!found) reader.fail(name, "is required");
    return found;
}

Result<const json::object*> object_at(const json::array& list, std::size_t index, const std::string& path) {
    if (!list[index].is_object()) return invalid_field(path, "must be an object");
    return &list[index].get_object();
}

// What is kept as it is, and shown to its owner.
Result<json::object> small_object(const json::object& object, const std::string& field,
                                  std::size_t bytes_max) {
    if (json::serialize(object).size() <= bytes_max) return object;
    return invalid_field(field, "is larger than " + std::to_string(bytes_max / 1024) + " KiB");
}

Result<PollMessage::Want> read_want(const json::object& body, const std::string& path) {
    FieldReader reader(body, path);
    PollMessage::Want want;
    want.count = static_cast<int>(reader.required_integer("count", 0, 64));
    const auto* names = required(reader, "kinds", reader.array("kinds", kinds::all.size()));
    OURVIDZ_CHECK(reader.finish());
    for (const auto& kind : *names) {
        if (!kind.is_string() || kinds::find(kind.get_string()) == nullptr)
            return invalid_field(path + "kinds", "has an unknown kind");
        want.kinds.emplace_back(kind.get_string());
    }
    return want;
}

Result<ModelNames> read_models(const json::array& list) {
    ModelNames names;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const json::object one{{"name", list[i]}};
        FieldReader reader(one);
        auto name = reader.required_text("name", word_bytes_max);
        if (const auto read = reader.finish(); !read.ok())
            return invalid_field("status.models[" + std::to_string(i) + "]", read.error().detail);
        names.insert(std::move(name));
    }
    return names;
}

Result<NodeStatus> read_status(const json::object& body) {
    FieldReader reader(body, "status.");
    NodeStatus status;
    status.memory_mb = reader.integer("memory_mb", 0, any_max).value_or(0);
    status.memory_used_mb = reader.integer("memory_used_mb", 0, any_max).value_or(0);
    status.note = reader.text("note", sentence_bytes_max, Characters::lines).value_or("");
    const auto* workers = reader.array("workers", workers_max);
    const auto* models = reader.array("models", node_models_max);
    if (const auto* counters = reader.object("counters")) status.counters = *counters;
    OURVIDZ_CHECK(reader.finish());
    if (models != nullptr) {
        OURVIDZ_TRY(names, read_models(*models));
        status.models = std::move(names);
    }
    for (std::size_t i = 0; workers != nullptr && i < workers->size(); ++i) {
        const auto path = "status.workers[" + std::to_string(i) + "]";
        OURVIDZ_TRY(object, object_at(*workers, i, path));
        FieldReader worker(*object, path + ".");
        WorkerStatus one{worker.required_text("name", word_bytes_max),
                         required(worker, "ok", worker.boolean("ok")).value_or(false),
                         worker.required_text("detail", sentence_bytes_max, Characters::lines)};
        OURVIDZ_CHECK(worker.finish());
        status.workers.push_back(std::move(one));
    }
    return status;
}

Result<safety::Verdict> read_verdict(const json::object* body) {
    if (body == nullptr) return invalid_field("verdict", "is required");
    FieldReader reader(*body, "verdict.");
    safety::Verdict verdict;
    const auto decision = safety::decision_from(reader.required_text("decision", word_bytes_max));
    if (!decision) reader.fail("decision", "is not a decision");
    verdict.decision = decision.value_or(safety::Decision::hold);
    verdict.reason_code = reader.text("reason_code", word_bytes_max).value_or("");
    verdict.sentence = reader.text("sentence", sentence_bytes_max, Characters::lines).value_or("");
    verdict.policy = static_cast<int>(reader.required_integer("policy", 0, 1'000'000));
    OURVIDZ_CHECK(reader.finish());
    return verdict;
}

Result<std::vector<assets::AssetFile>> read_files(const json::object* body, std::string_view medium) {
    if (body == nullptr || body->if_contains("original") == nullptr)
        return invalid_field("files.original", "is required");
    std::vector<assets::AssetFile> files;
    FieldReader reader(*body, "files.");
    for (const auto& variant : assets::variants) {
        const auto* one = reader.object(variant.name);
        if (one == nullptr) continue;
        FieldReader file(*one, "files." + std::string(variant.name) + ".");
        auto key = file.required_text("file", file_name_bytes_max);
        auto type = file.required_text("content_type", word_bytes_max);
        const auto types = assets::content_types_of(variant, medium);
        if (std::find(types.begin(), types.end(), type) == types.end())
            file.fail("content_type", "is not a type of this file");
        OURVIDZ_CHECK(file.finish());
        files.push_back({std::string(variant.name), std::move(key), std::move(type), 0, ""});
    }
    OURVIDZ_CHECK(reader.finish());
    return files;
}

}  // namespace

Result<PollMessage> read_poll(const std::string& body) {
    OURVIDZ_TRY(object, parse_json_object(body));
    FieldReader reader(object);
    PollMessage message;
    message.node_id = reader.required_text("node_id", word_bytes_max);
    message.wait_ms = reader.required_integer("wait_ms", 0, wait_ms_max);
    const auto* want = required(reader, "want", reader.array("want", wants_max));
    const auto* running = required(reader, "running", reader.array("running", running_max));
    const auto* status = reader.object("status");
    const auto* card = reader.object("card");
    OURVIDZ_CHECK(reader.finish());
    for (std::size_t i = 0; i < want->size(); ++i) {
        const auto path = "want[" + std::to_string(i) + "]";
        OURVIDZ_TRY(one, object_at(*want, i, path));
        OURVIDZ_TRY(read, read_want(*one, path + "."));
        message.want.push_back(std::move(read));
    }
    for (std::size_t i = 0; i < running->size(); ++i) {
        const auto path = "running[" + std::to_string(i) + "]";
        OURVIDZ_TRY(one, object_at(*running, i, path));
        FieldReader held(*one, path + ".");
        message.running.push_back(
            {held.required_text("attempt_id", word_bytes_max), held.required_integer("fence", 0, any_max)});
        OURVIDZ_CHECK(held.finish());
    }
    if (status != nullptr) {
        OURVIDZ_TRY(read, read_status(*status));
        message.status = std::move(read);
    }
    if (card != nullptr) {
        OURVIDZ_TRY(read, read_card(*card));
        message.card = std::move(read);
    }
    return message;
}

Result<ProgressMessage> read_progress(const std::string& body) {
    OURVIDZ_TRY(object, parse_json_object(body));
    FieldReader reader(object);
    ProgressMessage message;
    message.fence = reader.required_integer("fence", 0, any_max);
    message.phase =
        required(reader, "phase", reader.choice("phase", {"loading", "sampling", "finishing"})).value_or("");
    message.fraction = required(reader, "fraction", reader.number("fraction", 0, 1)).value_or(0);
    message.position = reader.required_integer("position", 0, kinds::batch_max - 1);
    message.step = reader.integer("step", 0, any_max);
    message.steps = reader.integer("steps", 0, any_max);
    message.text = reader.text("text", answer_bytes_max, Characters::lines);
    OURVIDZ_CHECK(reader.finish());
    return message;
}

Result<OutputMessage> read_output(const std::string& body) {
    OURVIDZ_TRY(object, parse_json_object(body));
    FieldReader reader(object);
    OutputMessage message;
    message.fence = reader.required_integer("fence", 0, any_max);
    auto& output = message.output;
    output.position = reader.required_integer("position", 0, kinds::batch_max - 1);
    output.medium = reader.required_text("medium", word_bytes_max);
    if (!assets::is_medium(output.medium)) reader.fail("medium", "is not a medium");
    output.width = reader.required_integer("width", 1, side_max);
    output.height = reader.required_integer("height", 1, side_max);
    output.duration_ms = reader.integer("duration_ms", 0, any_max);
    const auto seed = exact_integer(reader, object, "seed", 0, any_max);
    if (!seed) reader.fail("seed", "is required");
    output.seed = seed.value_or(0);
    const auto* recipe = required(reader, "recipe", reader.object("recipe"));
    const auto* facts = reader.object("facts");
    const auto* verdict = reader.object("verdict");
    const auto* files = reader.object("files");
    OURVIDZ_CHECK(reader.finish());
    OURVIDZ_TRY(kept_recipe, small_object(*recipe, "recipe", recipe_bytes_max));
    output.recipe = std::move(kept_recipe);
    if (facts != nullptr) {
        OURVIDZ_TRY(kept_facts, small_object(*facts, "facts", facts_bytes_max));
        output.facts = std::move(kept_facts);
    }
    OURVIDZ_TRY(read_verdict_value, read_verdict(verdict));
    output.verdict = std::move(read_verdict_value);
    OURVIDZ_TRY(read_file_list, read_files(files, output.medium));
    output.files = std::move(read_file_list);
    return message;
}

Result<FinishMessage> read_finish(const std::string& body) {
    OURVIDZ_TRY(object, parse_json_object(body));
    FieldReader reader(object);
    FinishMessage message;
    message.fence = reader.required_integer("fence", 0, any_max);
    auto& finish = message.finish;
    const auto outcome = required(reader, "outcome",
                                  reader.choice("outcome", {"succeeded", "failed", "canceled", "released"}));
    if (outcome == "succeeded") finish.outcome = Finish::Outcome::succeeded;
    if (outcome == "canceled") finish.outcome = Finish::Outcome::canceled;
    if (outcome == "released") finish.outcome = Finish::Outcome::released;
    finish.retry = reader.boolean("retry").value_or(true);
    finish.error.code = error_code_from(reader.text("code", word_bytes_max).value_or("engine_failed"))
                            .value_or(ErrorCode::engine_failed);
    finish.error.detail = reader.text("detail", sentence_bytes_max, Characters::lines)
                              .value_or("The engine failed without saying why.");
    finish.text = reader.text("text", answer_bytes_max, Characters::lines);
    finish.cut = reader.boolean("cut").value_or(false);
    finish.engine_ms = reader.integer("engine_ms", 0, any_max);
    finish.work_ms = reader.integer("work_ms", 0, any_max);
    OURVIDZ_CHECK(reader.finish());
    return message;
}

}  // namespace ourvidz::generations
