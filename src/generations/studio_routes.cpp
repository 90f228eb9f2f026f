#include "generations/studio_routes.h"

#include "base/cursor.h"
#include "base/disk_room.h"
#include "generations/generations.h"
#include "generations/prepare.h"
#include "http/problem.h"

namespace ourvidz::generations {
namespace {

constexpr UnixMs day_ms = 86'400'000;
constexpr std::uint64_t disk_low_bytes = 1ULL << 30U;

struct Work {
    queue::Counts jobs;
    std::string stranded;  // empty: nothing is
};

json::object part(std::string_view name, bool ok, std::string_view detail) {
    return {{"name", name}, {"ok", ok}, {"detail", detail}};
}

// In the units of the rest of the app.
std::string room_text(std::uint64_t bytes) {
    constexpr std::uint64_t gigabyte = 1'000'000'000;
    return bytes < 10 * gigabyte ? std::to_string(bytes / 1'000'000) + " MB"
                                 : std::to_string(bytes / gigabyte) + " GB";
}

json::array texts(const std::vector<std::string>& list) {
    return json::array(list.begin(), list.end());
}

// The settings for which the model has a range and a preset of its own.
void offer_ranges(json::object& offer, const catalog::KindSpec& spec) {
    kinds::each_setting([&](std::string_view name, auto, const auto& shape, const kinds::Rules& rules) {
        const auto* range = rules.by_model ? spec.find_range(name) : nullptr;
        if constexpr (requires { shape.min; }) {
            using Number = std::decay_t<decltype(shape.min)>;
            if (range == nullptr) return;
            offer[name] = json::object{{"min", static_cast<Number>(range->min)},
                                       {"max", static_cast<Number>(range->max)},
                                       {"default", static_cast<Number>(range->preset)}};
        }
    });
}

json::object picture_offer(const catalog::KindSpec& spec) {
    json::array sizes;
    for (const auto& size : spec.sizes) {
        sizes.push_back(json::object{{"width", size.width}, {"height", size.height}, {"label", size.label}});
    }
    json::object offer{{"batches", json::value_from(spec.batches)},
                       {"sizes", std::move(sizes)},
                       {"samplers", texts(spec.samplers)},
                       {"seconds", spec.clip ? json::value(spec.clip->seconds) : json::value(nullptr)},
                       {"image_to_image", spec.image_to_image}};
    offer_ranges(offer, spec);
    return offer;
}

// Of one run with every setting at its preset.
std::int64_t preset_size_class(const catalog::KindSpec& spec) {
    Settings settings;
    if (!spec.sizes.empty()) {
        settings.width = spec.sizes.front().width;
        settings.height = spec.sizes.front().height;
        settings.steps = static_cast<std::int64_t>(spec.find_range("steps")->preset);
    }
    if (spec.clip) settings.seconds = spec.clip->seconds;
    return size_class(settings, 1);
}

// What is known of it without its model.
json::object kind_alone(const kinds::Kind& kind) {
    return {{"name", kind.name},
            {"medium", kinds::to_string(kind.medium())},
            {"available", true},
            {"unavailable_reason", nullptr},
            {"model", nullptr},
            {"model_title", nullptr},
            {"credits", kind.credits},
            {"batches", json::array{1}},
            {"sizes", json::array()},
            {"eta_low_ms", nullptr},
            {"eta_high_ms", nullptr},
            {"prompt_hint", nullptr},
            {"example_prompts", json::array()}};
}

json::object server_kind_json(const kinds::Kind& kind, bool enlarges) {
    auto body = kind_alone(kind);
    body["available"] = enlarges;
    if (!enlarges) {
        body["unavailable_reason"] = cannot_enlarge;
        return body;
    }
    body["model"] = kinds::server_model;
    body["model_title"] = "Upscaler";
    body["image_to_image"] = true;
    return body;
}

json::object kind_json(const kinds::Kind& kind, const Result<const catalog::Entry*>& entry,
                       const std::optional<Estimate>& usual) {
    auto body = kind_alone(kind);
    body["available"] = entry.ok();
    if (!entry.ok()) {
        body["unavailable_reason"] = entry.error().detail;
        return body;
    }
    const auto& model = **entry;
    body["model"] = model.name;
    body["model_title"] = model.title;
    if (!model.prompt_hint.empty()) body["prompt_hint"] = model.prompt_hint;
    body["example_prompts"] = texts(model.example_prompts);
    const auto* spec = model.find_kind(kind.name);
    if (kind.medium() != kinds::Medium::chat) {
        for (auto& member : picture_offer(*spec)) body[member.key()] = std::move(member.value());
    }
    if (usual) {
        body["eta_low_ms"] = usual->low_ms;
        body["eta_high_ms"] = usual->high_ms;
    }
    return body;
}

// Jobs that wait for a model of which the files are gone or damaged, and so would wait for ever.
Result<std::string> stranded(db::Connection& connection, const catalog::Catalog& models, bool enlarges) {
    OURVIDZ_TRY(rows,
                connection.query("SELECT model, COUNT(*) FROM jobs WHERE state = 'queued' AND paused = 0"
                                 " GROUP BY model ORDER BY model",
                                 {}));
    std::string text;
    for (const auto& row : rows) {
        if (enlarges && row.text(0) == kinds::server_model) continue;
        const auto* entry = models.find(row.text(0));
        if (entry != nullptr && models.usable(*entry)) continue;
        text += (text.empty() ? "" : "; ") + std::to_string(row.integer(1)) + " wait for " +
                (entry != nullptr ? entry->title : row.text(0)) + ", which cannot be used now";
    }
    return text;
}

// A change that leaves everything as it is, but that has to reach the disk. If it does not, the database may
// know more than it says to everybody.
Probe::Answer write_database(db::Database& database) {
    auto work = [](db::Connection& connection) -> Result<std::uint64_t> {
        OURVIDZ_CHECK(connection.execute("UPDATE store SET beat = beat", {}));
        return std::uint64_t{0};
    };
    auto written = database.write_now(db::Scope::server(), work);
    OURVIDZ_CHECK(database.try_out());
    return written;
}

Probe::Answer write_file(files::FileStore& files) {
    OURVIDZ_CHECK(files.try_out());
    const auto free = files.bytes_free();
    if (free < room_for_files)
        return Error{ErrorCode::unavailable,
                     "The disk is full: " + std::to_string(free >> 20U) + " MiB are free.", ""};
    return free;
}

}  // namespace

StudioApi::StudioApi(Parts parts, std::string version)
    : parts_(std::move(parts)),
      version_(std::move(version)),
      started_at_(parts_.clock.now_ms()),
      database_probe_([this] { return write_database(parts_.database); }),
      files_probe_([this] { return write_file(parts_.files); }),
      space_probe_([this] { return Probe::Answer(parts_.files.bytes_free()); }) {}

http::asio::awaitable<StudioApi::Halves> StudioApi::try_halves() {
    auto database = co_await database_probe_.ask();
    auto files = co_await files_probe_.ask();
    const auto found = parts_.findings();
    if (!found.database.empty()) database = Error{ErrorCode::unavailable, found.database, ""};
    co_return Halves{std::move(database), std::move(files)};
}

identity::Routes StudioApi::routes() {
    using identity::Permission;
    return {
        {"GET", "/api/v1/kinds", Permission::studio_read, {}, this, &StudioApi::kinds},
        {"GET", "/api/v1/models", Permission::studio_read, {}, this, &StudioApi::models},
        {"GET", "/api/v1/health", Permission::studio_read, {}, this, &StudioApi::health},
        {"GET", "/api/v1/ready", Permission::open, {}, this, &StudioApi::ready},
        {"GET", "/metrics", Permission::metrics_read, {}, this, &StudioApi::metrics},
    };
}

StudioApi::Answer StudioApi::kinds(identity::Call) {
    const auto models = co_await parts_.models.ask();
    if (!models.ok()) co_return models.error();
    auto read = [this, models = *models](db::Connection& connection) -> Result<json::array> {
        json::array items;
        for (const auto& kind : kinds::all) {
            if (kinds::among(kinds::on_server, kind.work)) {
                items.push_back(server_kind_json(kind, parts_.enlarges));
                continue;
            }
            const auto entry = models->resolve(kind.name);
            std::optional<Estimate> usual;
            if (entry.ok()) {
                const auto* spec = (*entry)->find_kind(kind.name);
                OURVIDZ_TRY(known, estimate(connection, kind.name, (*entry)->name, preset_size_class(*spec)));
                usual = known;
            }
            items.push_back(kind_json(kind, entry, usual));
        }
        return items;
    };
    auto items = co_await parts_.database.read(server_, std::move(read));
    if (!items.ok()) co_return items.error();
    co_return http::json_response(200, json::object{{"items", std::move(*items)}});
}

StudioApi::Answer StudioApi::models(identity::Call) {
    const auto known = co_await parts_.models.ask();
    if (!known.ok()) co_return known.error();
    const auto& models = **known;
    json::array items;
    for (const auto& entry : models.entries()) {
        const auto& status = models.status(entry);
        json::array kinds;
        for (const auto& kind : entry.kinds) kinds.push_back(json::value(kind.name));
        items.push_back(json::object{{"name", entry.name},
                                     {"title", entry.title},
                                     {"family", entry.family},
                                     {"engine", entry.engine},
                                     {"licence", entry.licence},
                                     {"installed", status.installed},
                                     {"missing", texts(status.missing)},
                                     {"bytes", status.bytes},
                                     {"memory_mb", entry.memory_mb},
                                     {"kinds", std::move(kinds)},
                                     {"serves", texts(models.serves(entry))}});
    }
    co_return http::json_response(200, json::object{{"items", std::move(items)}});
}

json::array StudioApi::part_list(const Halves& halves) const {
    json::array parts;
    const auto& database = halves.database;
    parts.push_back(
        part("database", database.ok(), database.ok() ? "reads and writes" : database.error().detail));
    if (parts_.bus != nullptr) parts.push_back(part("redis", parts_.bus->connected(), parts_.bus->state()));
    const auto found = parts_.findings().files;
    const auto free = halves.files.ok() ? *halves.files : 0;
    parts.push_back(part("files", free >= disk_low_bytes && found.empty(),
                         !halves.files.ok() ? halves.files.error().detail
                         : !found.empty()   ? found
                                            : room_text(free) + " free"));
    parts.push_back(part("safety", true, "has passed its self-test"));
    const auto present = parts_.nodes.present(parts_.clock.now_ms());
    for (const auto& [id, node] : present) {
        parts.push_back(part("node", true, node->note.empty() ? "works" : node->note));
        for (const auto& worker : node->workers)
            parts.push_back(part("worker:" + worker.name, worker.ok, worker.detail));
    }
    if (present.empty())
        parts.push_back(part("node", false, "no node has asked for work in the last 15 seconds"));
    return parts;
}

StudioApi::Answer StudioApi::health(identity::Call) {
    const auto models = co_await parts_.models.ask();
    if (!models.ok()) co_return models.error();
    auto read = [this, models = *models](db::Connection& connection) -> Result<Work> {
        OURVIDZ_TRY(counts, queue::counts(connection, parts_.clock.now_ms() - day_ms));
        OURVIDZ_TRY(waiting, stranded(connection, *models, parts_.enlarges));
        return Work{counts, std::move(waiting)};
    };
    const auto work = co_await parts_.database.read(server_, std::move(read));
    const auto halves = co_await try_halves();
    auto parts = part_list(halves);
    if (work.ok())
        parts.push_back(
            part("models", work->stranded.empty(),
                 work->stranded.empty() ? "nothing waits for a model that is missing" : work->stranded));
    bool ok = true;
    for (const auto& one : parts) ok = ok && one.at("ok").as_bool();
    json::object body{{"status", ok ? "ok" : "degraded"},
                      {"version", version_},
                      {"started_at", to_rfc3339(started_at_)},
                      {"parts", std::move(parts)}};
    if (work.ok()) {
        const auto& jobs = work->jobs;
        body["queue"] = json::object{{"queued", jobs.queued}, {"running", jobs.running}, {"dead", jobs.dead}};
    }
    co_return http::json_response(200, body);
}

StudioApi::Answer StudioApi::ready(identity::Call) {
    const auto halves = co_await try_halves();
    for (const auto* half : {&halves.database, &halves.files}) {
        if (!half->ok()) co_return half->error();
    }
    co_return http::json_response(200, json::object{{"ready", true}});
}

StudioApi::Answer StudioApi::metrics(identity::Call) {
    auto read = [this](db::Connection& connection) {
        return queue::counts(connection, parts_.clock.now_ms() - day_ms);
    };
    const auto jobs = co_await parts_.database.read(server_, std::move(read));
    if (!jobs.ok()) co_return jobs.error();
    const auto space = co_await space_probe_.ask();
    http::Response response;
    response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
    response.body =
        parts_.metrics.text({*jobs, parts_.event_readers(), parts_.connections(),
                             space.ok() ? std::optional(*space) : std::nullopt, parts_.loop.longest()});
    co_return response;
}

}  // namespace ourvidz::generations
