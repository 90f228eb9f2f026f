#include "generations/live_share.h"

#include <limits>

#include "base/id.h"

namespace ourvidz::generations {
namespace {

constexpr std::string_view progress_topic = "live";
constexpr std::string_view preview_topic = "preview";
constexpr std::string_view text_topic = "said";
constexpr std::string_view end_topic = "over";
constexpr std::size_t piece_bytes_max = 1U << 20;
constexpr auto whole_max = std::numeric_limits<std::int64_t>::max();

// A server of another release may send what we do not know: then the reader sees a little less, nothing else.
std::optional<json::object> read(std::string_view payload) {
    auto body = parse_json_object(payload);
    if (!body.ok()) return std::nullopt;
    return std::move(*body);
}

}  // namespace

LiveShare::LiveShare(LiveBoard& board, redis::Bus& bus) : board_(board), bus_(bus) {
    bus_.on(std::string(progress_topic), [this](std::string_view payload) { hear_progress(payload); });
    bus_.on(std::string(preview_topic), [this](std::string_view payload) { hear_preview(payload); });
    bus_.on(std::string(text_topic), [this](std::string_view payload) { hear_text(payload); });
    bus_.on(std::string(end_topic), [this](std::string_view generation_id) { board_.end(generation_id); });
    // The end of any of them may have been missed. The next progress brings back those that still run.
    bus_.on_gap([this] { board_.forget_far(); });
}

void LiveShare::progressed(std::string_view generation_id) {
    auto* live = board_.find(generation_id);
    if (live == nullptr || live->far) return;
    json::object body{{"generation_id", generation_id}, {"workspace_id", live->workspace_id},
                      {"phase", live->phase},           {"fraction", live->fraction},
                      {"position", live->position},     {"preview_version", live->preview_version},
                      {"started_at", live->started_at}};
    if (live->work_began_at) {
        body["work_began_at"] = *live->work_began_at;
        body["fraction_before"] = live->fraction_before;
    }
    if (live->on_server) body["on_server"] = true;
    if (live->step) body["step"] = *live->step;
    if (live->steps) body["steps"] = *live->steps;
    if (live->estimate) {
        body["estimate"] =
            json::array{live->estimate->low_ms, live->estimate->median_ms, live->estimate->high_ms};
    }
    bus_.publish(progress_topic, json::serialize(body));
    if (!live->preview || live->preview_told == live->preview_version) return;
    live->preview_told = live->preview_version;
    bus_.publish(preview_topic, std::string(generation_id) + " " + *live->preview);
}

void LiveShare::said(std::string_view generation_id, std::size_t offset, std::string_view text) {
    bus_.publish(text_topic, json::serialize(json::object{{"generation_id", generation_id},
                                                          {"offset", static_cast<std::int64_t>(offset)},
                                                          {"text", text}}));
}

void LiveShare::ended(std::string_view generation_id) {
    bus_.publish(end_topic, generation_id);
}

void LiveShare::hear_progress(std::string_view payload) {
    const auto body = read(payload);
    if (!body) return;
    FieldReader reader(*body);
    const auto id = reader.text("generation_id", id_bytes_max).value_or("");
    auto workspace_id = reader.text("workspace_id", id_bytes_max).value_or("");
    if (id.empty() || workspace_id.empty()) return;
    auto& live = board_.far(id, std::move(workspace_id));
    live.phase = reader.text("phase", id_bytes_max).value_or(live.phase);
    live.fraction = reader.number("fraction", 0, 1).value_or(live.fraction);
    live.position = reader.integer("position", 0, whole_max).value_or(live.position);
    live.preview_version = reader.integer("preview_version", 0, whole_max).value_or(live.preview_version);
    live.started_at = reader.integer("started_at", 0, whole_max).value_or(live.started_at);
    live.work_began_at = reader.integer("work_began_at", 0, whole_max);
    live.on_server = reader.boolean("on_server").value_or(false);
    live.fraction_before = reader.number("fraction_before", 0, 1).value_or(0);
    live.step = reader.integer("step", 0, whole_max);
    live.steps = reader.integer("steps", 0, whole_max);
    const auto* estimate = reader.array("estimate", 3);
    if (estimate == nullptr || estimate->size() != 3) return;
    std::int64_t times[3] = {};
    for (std::size_t i = 0; i < 3; ++i) {
        if (!(*estimate)[i].is_int64()) return;
        times[i] = (*estimate)[i].get_int64();
    }
    live.estimate = Estimate{times[0], times[1], times[2]};
}

void LiveShare::hear_preview(std::string_view payload) {
    const auto space = payload.find(' ');
    if (space == std::string_view::npos) return;
    auto* live = board_.find(payload.substr(0, space));
    if (live != nullptr && live->far)
        live->preview = std::make_shared<const std::string>(payload.substr(space + 1));
}

void LiveShare::hear_text(std::string_view payload) {
    const auto body = read(payload);
    if (!body) return;
    FieldReader reader(*body);
    auto* live = board_.find(reader.text("generation_id", id_bytes_max).value_or(""));
    const auto offset = static_cast<std::size_t>(reader.integer("offset", 0, whole_max).value_or(0));
    // Words after a gap are not words so far.
    if (live == nullptr || !live->far || offset > live->text.size()) return;
    live->text.resize(offset);
    live->text += reader.text("text", piece_bytes_max, Characters::lines).value_or("");
}

}  // namespace ourvidz::generations
