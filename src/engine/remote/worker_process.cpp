#include "engine/remote/worker_process.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ourvidz::engine {
namespace {

Error broken(const std::string& how) {
    return Error{ErrorCode::engine_failed, "The worker does not keep to the protocol: " + how + ".", ""};
}

Result<safety::Picture> picture_from(const json::object& body, std::string binary) {
    FieldReader reader(body);
    safety::Picture picture;
    (void)reader.choice("kind", {"image", "frame"});
    (void)reader.integer("index", 0, frames_max);
    picture.width = static_cast<int>(reader.required_integer("width", 1, side_max));
    picture.height = static_cast<int>(reader.required_integer("height", 1, side_max));
    const auto bytes = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3;
    if (!reader.finish().ok() || binary.size() != bytes) return broken("a picture of the wrong size");
    picture.rgb = std::move(binary);
    return picture;
}

Result<void> check_input(const ImageRequest& request, const std::string& rgb) {
    const auto bytes = static_cast<std::size_t>(request.width) * static_cast<std::size_t>(request.height) * 3;
    if (rgb.size() != (request.has_input ? bytes : 0)) {
        return invalid_field("input", "The input picture must have exactly the size of the request.");
    }
    return {};
}

int count_in(const json::object& body, std::string_view name) {
    FieldReader reader(body);
    return static_cast<int>(reader.integer(name, 0, std::numeric_limits<int>::max()).value_or(0));
}

ChatStop stop_from(const json::object& body) {
    FieldReader reader(body);
    const auto name = reader.text("stop", identifier_bytes_max).value_or("end");
    if (name == "length") return ChatStop::length;
    return name == "context" ? ChatStop::context : ChatStop::end;
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(WorkerOptions options) {
    OURVIDZ_TRY(state, WorkerLink::start(std::move(options)));
    return std::unique_ptr<WorkerProcess>(new WorkerProcess(std::move(state)));
}

Result<LoadReport> WorkerProcess::load(const ModelFiles& model, const RunCallbacks& callbacks,
                                       std::stop_token stop) {
    return exchange_load(model, callbacks, std::move(stop));
}

Result<void> WorkerProcess::unload() {
    return exchange_unload();
}

Result<ImageOutcome> WorkerProcess::run(const safety::Cleared<ImageRequest>& request, std::string input_rgb,
                                        const RunCallbacks& callbacks, std::stop_token stop) {
    OURVIDZ_CHECK(check_input(request.request(), input_rgb));
    ImageOutcome outcome;
    const OutputSink keep = [&](const json::object& body, std::string binary) -> Result<void> {
        OURVIDZ_TRY(picture, picture_from(body, std::move(binary)));
        outcome.picture = std::move(picture);
        return {};
    };
    OURVIDZ_TRY(statistics, exchange_run({{"task", "image"}, {"request", to_json(request.request())}},
                                         std::move(input_rgb), callbacks, keep, {}, std::move(stop)));
    if (outcome.picture.rgb.empty()) return broken("a result without a picture");
    outcome.statistics = std::move(statistics);
    return outcome;
}

Result<VideoOutcome> WorkerProcess::run(const safety::Cleared<VideoRequest>& request,
                                        std::string first_frame_rgb,
                                        const std::function<Result<void>(int, safety::Picture)>& on_frame,
                                        const RunCallbacks& callbacks, std::stop_token stop) {
    OURVIDZ_CHECK(check_input(request.request().picture, first_frame_rgb));
    VideoOutcome outcome;
    const OutputSink hand_on = [&](const json::object& body, std::string binary) -> Result<void> {
        OURVIDZ_TRY(frame, picture_from(body, std::move(binary)));
        return on_frame(outcome.frames++, std::move(frame));
    };
    OURVIDZ_TRY(statistics,
                exchange_run({{"task", "video"}, {"request", to_json(request.request())}},
                             std::move(first_frame_rgb), callbacks, hand_on, {}, std::move(stop)));
    if (outcome.frames == 0) return broken("a clip without frames");
    outcome.fps = count_in(statistics, "fps");
    outcome.statistics = std::move(statistics);
    return outcome;
}

Result<ChatOutcome> WorkerProcess::run(const safety::Cleared<ChatRequest>& request,
                                       const RunCallbacks& callbacks, std::stop_token stop) {
    ChatOutcome outcome;
    RunCallbacks joined = callbacks;
    joined.token = [&](std::string_view text) {
        outcome.text += text;
        if (callbacks.token) callbacks.token(text);
    };
    OURVIDZ_TRY(statistics, exchange_run({{"task", "chat"}, {"request", to_json(request.request())}}, {},
                                         joined, {}, {}, std::move(stop)));
    outcome.tokens_in = count_in(statistics, "tokens_in");
    outcome.tokens_out = count_in(statistics, "tokens_out");
    outcome.turns_dropped = count_in(statistics, "turns_dropped");
    outcome.ms_first_token = count_in(statistics, "ms_first_token");
    outcome.stop = stop_from(statistics);
    outcome.statistics = std::move(statistics);
    return outcome;
}

}  // namespace ourvidz::engine
