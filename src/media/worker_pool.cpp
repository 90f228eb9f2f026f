#include "media/worker_pool.h"

#include <algorithm>
#include <utility>

namespace ourvidz::media {
namespace {

// Workers that die again and again must not keep the machine busy with starting them.
constexpr std::size_t deaths_max = 20;
constexpr UnixMs deaths_window_ms = 10'000;
constexpr int attempts_max = 2;
constexpr std::size_t word_bytes_max = 64;

Result<Output> output_from(const json::object& body, std::string binary) {
    FieldReader reader(body);
    Output output;
    output.kind = reader.required_text("kind", word_bytes_max);
    output.picture.content_type = reader.required_text("content_type", word_bytes_max);
    output.picture.width = static_cast<int>(reader.required_integer("width", 1, side_max));
    output.picture.height = static_cast<int>(reader.required_integer("height", 1, side_max));
    for (const auto* extra : {"index", "frames", "fps"}) (void)reader.integer(extra, 0, clip_frames_max);
    OURVIDZ_CHECK(reader.finish());
    output.picture.bytes = std::move(binary);
    return output;
}

// As opposed to a refusal that a worker gave before it ended.
bool says_that_the_worker_is_gone(const Error& error) {
    return error.code == ErrorCode::engine_failed || error.code == ErrorCode::unavailable;
}

}  // namespace

Result<std::unique_ptr<MediaWorker>> MediaWorker::start(const MediaOptions& options) {
    engine::WorkerOptions worker;
    worker.executable = options.executable;
    worker.environment = {{"OURVIDZ_UPSCALER", options.upscaler_path},
                          {"OURVIDZ_MEDIA_THREADS", std::to_string(options.threads)},
                          {"OURVIDZ_MEDIA_MEMORY_MB", std::to_string(options.memory_mb)}};
    worker.patience.silence_max_ms = options.silence_max_ms;
    // A clip's next frame may come late, which says nothing of the worker.
    worker.patience.silence_min_ms = options.silence_max_ms;
    OURVIDZ_TRY(state, WorkerLink::start(std::move(worker)));
    return std::unique_ptr<MediaWorker>(new MediaWorker(std::move(state)));
}

Result<json::object> MediaWorker::run(json::object body, std::string binary, const TakeOutput& take,
                                      const engine::InputSource& input, std::stop_token stop,
                                      const engine::RunCallbacks& callbacks) {
    const engine::OutputSink sink = [&](const json::object& described, std::string bytes) -> Result<void> {
        OURVIDZ_TRY(output, output_from(described, std::move(bytes)));
        return take(std::move(output));
    };
    return exchange_run(std::move(body), std::move(binary), callbacks, sink, input, std::move(stop));
}

// One that we end ourselves, since nobody needs it, is no death.
bool MediaClient::Pool::may_start() {
    while (!deaths_.empty() && deaths_.front() <= clock_.now_ms() - deaths_window_ms) deaths_.pop_front();
    return deaths_.size() < deaths_max;
}

Result<std::shared_ptr<MediaWorker>> MediaClient::Pool::start_one() {
    auto started = MediaWorker::start(options_);
    const std::lock_guard lock(mutex_);
    --starting_;
    freed_.notify_one();
    if (!started.ok()) {
        deaths_.push_back(clock_.now_ms());
        return started.error();
    }
    std::shared_ptr<MediaWorker> worker = std::move(*started);
    capabilities_ = worker->info().capabilities;
    busy_.insert(worker);
    return worker;
}

Result<std::shared_ptr<MediaWorker>> MediaClient::Pool::take() {
    {
        std::unique_lock lock(mutex_);
        while (true) {
            const auto died = std::erase_if(idle_, [](const auto& worker) { return !worker->alive(); });
            deaths_.insert(deaths_.end(), died, clock_.now_ms());
            if (!idle_.empty()) {
                auto worker = std::move(idle_.back());
                idle_.pop_back();
                busy_.insert(worker);
                return worker;
            }
            if (static_cast<int>(busy_.size()) + starting_ < options_.workers_max) break;
            freed_.wait(lock);
        }
        if (!may_start()) {
            return Error{ErrorCode::unavailable,
                         "The media worker keeps dying; it is not started again for a while.", ""};
        }
        ++starting_;
    }
    return start_one();
}

void MediaClient::Pool::give_back(std::shared_ptr<MediaWorker> worker) {
    // One that is not kept ends after the lock is free again: that takes a moment.
    const std::lock_guard lock(mutex_);
    busy_.erase(worker);
    const bool is_surplus = static_cast<int>(idle_.size()) >= options_.idle_max;
    if (!worker->alive()) deaths_.push_back(clock_.now_ms());
    if (worker->alive() && !is_surplus) idle_.push_back(std::move(worker));
    freed_.notify_one();
}

Result<json::object> MediaClient::Pool::run(const json::object& body, const std::string& binary,
                                            const TakeOutput& take_output, std::stop_token stop,
                                            const engine::RunCallbacks& callbacks) {
    for (int attempt = 1;; ++attempt) {
        OURVIDZ_TRY(worker, take());
        const UnixMs start = clock_.now_ms();
        auto result = worker->run(body, binary, take_output, {}, stop, callbacks);
        const bool died = !worker->alive();
        give_back(std::move(worker));
        const bool hung = clock_.now_ms() - start >= options_.silence_max_ms;
        const bool answered = result.ok() || !says_that_the_worker_is_gone(result.error());
        if (answered || !died || hung || attempt == attempts_max || stop.stop_requested()) return result;
    }
}

bool MediaClient::Pool::has(std::string_view capability) const {
    const std::lock_guard lock(mutex_);
    return std::find(capabilities_.begin(), capabilities_.end(), capability) != capabilities_.end();
}

std::vector<int> MediaClient::Pool::pids() const {
    const std::lock_guard lock(mutex_);
    std::vector<int> list;
    for (const auto& worker : idle_) {
        if (worker->alive()) list.push_back(worker->pid());
    }
    for (const auto& worker : busy_) {
        if (worker->alive()) list.push_back(worker->pid());
    }
    return list;
}

}  // namespace ourvidz::media
