// The rules of accepting and canceling.
#include <fmt/format.h>

#include <algorithm>

#include "base/exact_integer.h"
#include "base/id.h"
#include "generations/generations_jobs.h"
#include "generations/submit.h"
#include "prompts/seed.h"
#include "queue/outlook.h"
#include "queue/request_keys.h"

namespace ourvidz::generations {
namespace {

// A clip's or picture's source, unless the request says how much of it may change.
constexpr double strength_preset = 0.5;
constexpr std::size_t sampler_bytes_max = 64;
constexpr std::size_t id_bytes_max = 64;
constexpr std::int64_t side_max = 8192;
constexpr std::int64_t steps_max = 1'000;
constexpr double guidance_max = 100;
constexpr std::int64_t batch_max = 6;
constexpr std::int64_t expired_at_once_max = 200;

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

template <class Number>
std::string range_text(const catalog::Range<Number>& range) {
    return fmt::format("must be from {} to {} for this model", range.min, range.max);
}

template <class Number, class Given>
Result<void> fill_from_range(std::string_view name, std::optional<Given>& value,
                             const catalog::Range<Number>& range) {
    if (!value) value = static_cast<Given>(range.preset);
    if (*value < static_cast<Given>(range.min) || *value > static_cast<Given>(range.max)) {
        return invalid_field(std::string(name), range_text(range));
    }
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

// What the model alone decides; 0: the kind has no such thing.
Result<void> complete_fact(std::string_view name, std::optional<std::int64_t>& value, int fact) {
    if (fact == 0) {
        if (value) return invalid_field(std::string(name), "is for clips only");
        return {};
    }
    if (value && *value != fact)
        return invalid_field(std::string(name), "is always " + std::to_string(fact) + " for this model");
    value = fact;
    return {};
}

Result<void> refuse_enhancing(const Settings& settings) {
    if (settings.purpose) return invalid_field("purpose", "is for chat_enhance only");
    if (settings.for_kind) return invalid_field("for_kind", "is for chat_enhance only");
    return {};
}

Result<void> complete_picture(NewGeneration& request, const catalog::KindSpec& spec) {
    auto& settings = request.settings;
    if (blank(settings.prompt)) return invalid_field("prompt", "is empty: say what you want to see");
    if (!request.messages.empty()) return invalid_field("messages", "is for chat kinds only");
    OURVIDZ_CHECK(refuse_enhancing(settings));
    if (!settings.negative_prompt) settings.negative_prompt = "";
    OURVIDZ_CHECK(complete_size(settings, spec));
    OURVIDZ_CHECK(fill_from_range("steps", settings.steps, spec.steps));
    OURVIDZ_CHECK(fill_from_range("guidance", settings.guidance, spec.guidance));
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
    OURVIDZ_CHECK(complete_fact("seconds", settings.seconds, spec.clip ? spec.clip->seconds : 0));
    return complete_fact("fps", settings.fps, spec.clip ? spec.clip->fps : 0);
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

Result<void> complete_talk(const NewGeneration& request) {
    if (request.settings.prompt) return invalid_field("prompt", "belongs into messages for this kind");
    if (request.messages.empty()) return invalid_field("messages", "is empty: say something");
    OURVIDZ_CHECK(check_amount(request.messages));
    const auto last = request.messages.size() - 1;
    if (is_blank(request.messages[last].text))
        return invalid_field("messages[" + std::to_string(last) + "].text", "is empty: say something");
    return {};
}

Result<void> complete_chat(NewGeneration& request) {
    auto& settings = request.settings;
    if (settings.width || settings.height || settings.steps || settings.guidance || settings.sampler ||
        settings.source_asset_id || settings.strength || settings.negative_prompt || settings.seconds ||
        settings.fps) {
        return invalid_field("kind", "Chat kinds take only prompt or messages, purpose, for_kind and seed.");
    }
    if (request.batch != 1) return invalid_field("batch", "must be 1 for chat kinds");
    if (request.kind == "chat_enhance") {
        if (!settings.purpose) settings.purpose = "prompt";
        if (!settings.for_kind) settings.for_kind = "sdxl_image_fast";
        if (*settings.purpose == "scene") return complete_talk(request);
        if (blank(settings.prompt)) return invalid_field("prompt", "is empty: there is nothing to enhance");
        if (!request.messages.empty())
            return invalid_field("messages", "goes with the purpose scene; this purpose takes a prompt");
        return {};
    }
    OURVIDZ_CHECK(refuse_enhancing(settings));
    OURVIDZ_CHECK(complete_talk(request));
    // The last may be an answer, which is then continued.
    const auto& messages = request.messages;
    const bool asked = std::any_of(messages.begin(), messages.end(),
                                   [](const Message& message) { return message.role == "user"; });
    if (!asked || messages.back().role == "system") {
        return invalid_field("messages",
                             "must end with something that the user says, or with the answer to it");
    }
    return {};
}

// Without any measurement, a guess that is neither rude nor useless.
constexpr std::int64_t retry_after_unknown_s = 10;
constexpr std::int64_t retry_after_max_s = 3'600;

Result<std::optional<Busy>> over_limit(db::Connection& connection, const std::string& kind,
                                       const Submission& submission) {
    OURVIDZ_TRY(load, queue::load(connection, submission.workspace_id, kind));
    const auto& limits = submission.limits;
    const bool everybodys = load.everybody >= limits.everybody;
    std::string detail;
    if (everybodys) detail = "The studio's queue is full.";
    if (load.own >= limits.workspace)
        detail = "You have " + std::to_string(load.own) + " waiting, which is all that may.";
    if (load.own_of_kind >= limits.kind)
        detail =
            "You have " + std::to_string(load.own_of_kind) + " of this kind waiting, which is all that may.";
    if (detail.empty()) return std::optional<Busy>();
    OURVIDZ_TRY(next_ms,
                queue::next_start_ms(connection, submission.workspace_id, submission.line, everybodys));
    const auto after_s = next_ms ? (*next_ms + 999) / 1'000 : retry_after_unknown_s;
    return std::optional(Busy{Error{ErrorCode::too_many_requests,
                                    detail + " Wait until some of it is done, or cancel something.", ""},
                              std::clamp<std::int64_t>(after_s, 1, retry_after_max_s)});
}

Result<queue::NewJob> job_of(db::Connection& connection, const Generation& generation,
                             const std::string& line, const Clock& clock) {
    queue::NewJob job;
    job.id = new_id("job", clock);
    job.workspace_id = generation.workspace_id;
    job.subject = {std::string(subject_name), generation.id};
    job.kind = generation.kind;
    job.needs = {line, generation.model, size_class(generation.settings, generation.batch)};
    job.credits = generation.credits;
    OURVIDZ_TRY(usual, estimate(connection, job.kind, job.needs.model, job.needs.size_class));
    if (usual) job.needs.service_ms = usual->median_ms;
    return job;
}

}  // namespace

Result<NewGeneration> read_request(const json::object& body) {
    NewGeneration request;
    FieldReader reader(body);
    request.kind = reader.required_text("kind", id_bytes_max);
    if (!request.kind.empty() && !catalog::medium_of(request.kind)) {
        std::string known;
        for (const auto& kind : catalog::kinds) known.append(known.empty() ? "" : ", ").append(kind.name);
        reader.fail("kind", "must be one of: " + known);
    }
    auto& settings = request.settings;
    settings.prompt = reader.text("prompt", prompt_bytes_max, Characters::lines);
    settings.purpose = reader.choice("purpose", {"prompt", "scene", "scenes"});
    settings.for_kind = reader.choice("for_kind", {"sdxl_image_fast", "sdxl_image_high", "image_fast",
                                                   "image_high", "video_fast", "video_high"});
    settings.negative_prompt = reader.text("negative_prompt", prompt_bytes_max, Characters::lines);
    request.batch = reader.integer("batch", 1, batch_max).value_or(1);
    settings.width = reader.integer("width", 1, side_max);
    settings.height = reader.integer("height", 1, side_max);
    settings.steps = reader.integer("steps", 1, steps_max);
    settings.guidance = reader.number("guidance", 0, guidance_max);
    settings.sampler = reader.text("sampler", sampler_bytes_max);
    settings.seed = exact_integer(reader, body, "seed", 0, prompts::seed_max);
    settings.source_asset_id = reader.text("source_asset_id", id_bytes_max);
    settings.strength = reader.number("strength", 0, 1);
    const auto* messages = reader.array("messages", messages_max);
    // Facts of the kind; they are accepted so that a generation's settings can be sent again.
    settings.seconds = reader.integer("seconds", 0, 3'600);
    settings.fps = reader.integer("fps", 0, 240);
    // The same goes for what was read from the prompts: the prompts and the seed say it again.
    (void)reader.array("resolved", batch_max);
    (void)reader.array("loras", prompts::loras_max);
    OURVIDZ_CHECK(reader.finish());
    if (messages != nullptr) {
        OURVIDZ_TRY(read, read_messages(*messages));
        request.messages = std::move(read);
    }
    return request;
}

Result<void> complete(NewGeneration& request, const Server& server,
                      const std::function<std::int64_t()>& random_seed) {
    if (!request.settings.seed) request.settings.seed = random_seed();
    if (catalog::medium_of(request.kind) == catalog::Medium::chat) return complete_chat(request);
    return complete_picture(request, *server.spec);
}

Result<void> check_source(db::Connection& connection, std::string_view workspace_id,
                          const Settings& settings) {
    if (!settings.source_asset_id) return {};
    auto source = assets::find(connection, workspace_id, *settings.source_asset_id);
    if (!source.ok()) {
        if (source.error().code != ErrorCode::not_found) return source.error();
        return invalid_field("source_asset_id", "There is no such picture; it may have been deleted.");
    }
    if (!source->visible()) return Error{ErrorCode::held, source->verdict.sentence, "source_asset_id"};
    if (source->medium != "image") return invalid_field("source_asset_id", "is not a picture");
    return {};
}

Result<Accepted> submit(db::Connection& connection, const safety::Cleared<NewGeneration>& cleared,
                        const Submission& submission, const Clock& clock) {
    const auto& request = cleared.request();
    if (submission.idempotency_key) {
        OURVIDZ_TRY(known, queue::find_by_key(connection, submission.workspace_id,
                                              *submission.idempotency_key, submission.request_sha256));
        if (known) {
            OURVIDZ_TRY(generation, find(connection, submission.workspace_id, known->id));
            return Accepted{std::move(generation), "", false, {}};
        }
    }
    const bool scheduled = !submission.after.empty() || submission.needs_approval;
    if (!scheduled) {
        OURVIDZ_TRY(busy, over_limit(connection, request.kind, submission));
        if (busy) return Accepted{{}, "", false, std::move(busy)};
    }
    OURVIDZ_CHECK(check_source(connection, submission.workspace_id, request.settings));
    const auto now = clock.now_ms();
    Generation generation;
    generation.id = new_id("gen", clock);
    generation.workspace_id = submission.workspace_id;
    generation.kind = request.kind;
    generation.medium = std::string(catalog::to_string(*catalog::medium_of(request.kind)));
    generation.model = submission.model;
    generation.settings = request.settings;
    generation.messages = request.messages;
    generation.batch = request.batch;
    generation.state = scheduled ? "scheduled" : "queued";
    generation.credits = catalog::find_kind(request.kind)->credits * request.batch;
    generation.hold = "placed";
    generation.hint = submission.hint;
    generation.created_at = now;
    OURVIDZ_TRY(job, job_of(connection, generation, submission.line, clock));
    job.after = submission.after;
    job.needs_approval = submission.needs_approval;
    OURVIDZ_CHECK(insert(connection, generation, job, clock));
    if (submission.idempotency_key) {
        OURVIDZ_CHECK(queue::remember_key(connection, job, *submission.idempotency_key,
                                          submission.request_sha256, now));
    }
    return Accepted{std::move(generation), std::move(job.id), true, {}};
}

Result<Generation> cancel(db::Connection& connection, std::string_view workspace_id, std::string_view id,
                          UnixMs now) {
    OURVIDZ_TRY(generation, find(connection, workspace_id, id));
    if (generation.over()) return std::move(generation);
    OURVIDZ_TRY(job, queue::cancel(connection, id, now));
    if (!job) return std::move(generation);  // its node hears of it and ends it
    OURVIDZ_CHECK(end(connection, {*job, id}, Change{"canceled", {}, {}}, ledger::HoldEnd::voided, now));
    return find(connection, workspace_id, id);
}

Result<void> expire(db::Connection& connection, UnixMs before, UnixMs now) {
    OURVIDZ_TRY(old, connection.query("SELECT id FROM generations WHERE state IN ('scheduled', 'queued')"
                                      " AND created_at < $1 ORDER BY id LIMIT $2",
                                      {before, expired_at_once_max}));
    const Error error{ErrorCode::canceled, "Nothing could make it for so long that it was given up.", ""};
    for (const auto& row : old) {
        OURVIDZ_TRY(job, queue::cancel(connection, row.text(0), now));
        if (!job) continue;
        OURVIDZ_CHECK(end(connection, {*job, row.text(0)}, Change{"canceled", {}, error},
                          ledger::HoldEnd::expired, now));
    }
    return {};
}

}  // namespace ourvidz::generations
