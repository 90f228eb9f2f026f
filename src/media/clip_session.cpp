#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "media/media_client.h"
#include "media/worker_pool.h"

namespace ourvidz::media {
namespace {

constexpr std::size_t waiting_frames_max = 3;

Result<void> take_output(FinishedClip& clip, Output output) {
    if (output.kind == "clip") clip.clip = std::move(output.picture);
    if (output.kind == "poster") clip.poster = std::move(output.picture);
    if (output.kind == "hover") clip.hover = std::move(output.picture);
    if (output.kind != "sample") return {};
    Rgb8 sample{output.picture.width, output.picture.height, std::move(output.picture.bytes)};
    if (!sample.is_valid())
        return Error{ErrorCode::engine_failed, "The media worker sent a broken sample.", ""};
    clip.samples.push_back(std::move(sample));
    return {};
}

}  // namespace

// Two threads meet here: the caller, who adds frames, and the runner, who talks to the worker.
struct ClipSession::State {
    State(MediaClient::Pool& owner, std::shared_ptr<MediaWorker> taken, ClipRequest wanted,
          std::function<void(double)> told)
        : pool(owner), worker(std::move(taken)), request(std::move(wanted)), encoded(std::move(told)) {
        runner = std::thread([this] { run(); });
    }
    ~State() {
        stop.request_stop();
        end_input();
        if (runner.joinable()) runner.join();
        pool.give_back(std::move(worker));
    }

    void run() {
        FinishedClip clip;
        engine::RunCallbacks callbacks;
        callbacks.progress = [this](const engine::Progress& progress) {
            if (encoded && progress.steps > 0) encoded(static_cast<double>(progress.step) / progress.steps);
        };
        auto result = worker->run(
            to_json(request), {}, [&clip](Output output) { return take_output(clip, std::move(output)); },
            [this] { return next_piece(); }, stop.get_token(), callbacks);
        const std::lock_guard lock(mutex);
        if (!result.ok()) {
            outcome = result.error();
        } else if (clip.clip.bytes.empty() || clip.poster.bytes.empty() || clip.samples.empty()) {
            outcome =
                Error{ErrorCode::engine_failed, "The media worker made a clip without its outputs.", ""};
        } else {
            FieldReader reader(*result);
            clip.frames = request.frames_out();
            clip.last_frame_to_file_ms =
                static_cast<int>(reader.integer("last_frame_to_file_ms", 0, 1'000'000'000).value_or(0));
            clip.upscaler = reader.text("upscaler", 64).value_or("");
            outcome = std::move(clip);
        }
        changed.notify_all();
    }

    // Called on the link's feeding thread.
    std::optional<engine::InputPiece> next_piece() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return !frames.empty() || no_more || stop.stop_requested(); });
        if (stop.stop_requested()) return std::nullopt;
        if (frames.empty()) {
            if (std::exchange(end_sent, true)) return std::nullopt;
            return engine::InputPiece{{{"end", true}}, {}};
        }
        engine::InputPiece piece{{}, std::move(frames.front().pixels)};
        frames.pop_front();
        changed.notify_all();
        return piece;
    }

    void end_input() {
        const std::lock_guard lock(mutex);
        no_more = true;
        changed.notify_all();
    }

    MediaClient::Pool& pool;
    std::shared_ptr<MediaWorker> worker;
    ClipRequest request;
    std::function<void(double)> encoded;
    std::stop_source stop;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Rgb8> frames;
    bool no_more = false;
    bool end_sent = false;
    std::optional<Result<FinishedClip>> outcome;
    std::thread runner;
};

Result<std::unique_ptr<ClipSession>> MediaClient::start_clip(const ClipRequest& request,
                                                             std::function<void(double)> encoded) {
    // The worker would refuse a bad request as well, but only after the first frame.
    OURVIDZ_TRY(checked, clip_request_from(to_json(request)));
    OURVIDZ_TRY(worker, pool_->take());
    return std::unique_ptr<ClipSession>(new ClipSession(
        std::make_unique<ClipSession::State>(*pool_, std::move(worker), checked, std::move(encoded))));
}

ClipSession::ClipSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
ClipSession::~ClipSession() = default;

Result<void> ClipSession::add(Rgb8 frame) {
    if (!frame.is_valid() || frame.width != state_->request.width_in ||
        frame.height != state_->request.height_in) {
        return invalid_field("frame", "does not have the size that the request names");
    }
    std::unique_lock lock(state_->mutex);
    state_->changed.wait(lock,
                         [this] { return state_->frames.size() < waiting_frames_max || state_->outcome; });
    if (state_->outcome) {
        if (!state_->outcome->ok()) return state_->outcome->error();
        return invalid_field("frame", "is one too many");
    }
    state_->frames.push_back(std::move(frame));
    state_->changed.notify_all();
    return {};
}

Result<FinishedClip> ClipSession::finish() {
    state_->end_input();
    std::unique_lock lock(state_->mutex);
    state_->changed.wait(lock, [this] { return state_->outcome.has_value(); });
    return std::move(*state_->outcome);
}

void ClipSession::cancel() {
    state_->stop.request_stop();
    state_->end_input();
}

}  // namespace ourvidz::media
