// The media worker processes of one client: started when needed, reused, replaced when they died.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/remote/worker_link.h"
#include "media/media_client.h"

namespace ourvidz::media {

// Takes one output of a run: its kind, the picture it describes and, for samples, the frame's number.
struct Output {
    std::string kind;
    EncodedPicture picture;
};
using TakeOutput = std::function<Result<void>(Output output)>;

class MediaWorker final : public engine::WorkerLink {
  public:
    [[nodiscard]] static Result<std::unique_ptr<MediaWorker>> start(const MediaOptions& options);

    [[nodiscard]] Result<json::object> run(json::object body, std::string binary, const TakeOutput& take,
                                           const engine::InputSource& input, std::stop_token stop,
                                           const engine::RunCallbacks& callbacks = {});

  private:
    using WorkerLink::WorkerLink;
};

// Thread-safe.
class MediaClient::Pool {
  public:
    Pool(MediaOptions options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}

    // Waits for a free worker or starts one. Error unavailable.
    [[nodiscard]] Result<std::shared_ptr<MediaWorker>> take();
    void give_back(std::shared_ptr<MediaWorker> worker);

    // When the worker dies without an answer, the run is tried once more with a fresh one: it may have died
    // before, while it was idle. One that hung is not tried again.
    [[nodiscard]] Result<json::object> run(const json::object& body, const std::string& binary,
                                           const TakeOutput& take, std::stop_token stop,
                                           const engine::RunCallbacks& callbacks = {});

    [[nodiscard]] bool has(std::string_view capability) const;
    [[nodiscard]] std::vector<int> pids() const;

  private:
    [[nodiscard]] bool may_start();
    [[nodiscard]] Result<std::shared_ptr<MediaWorker>> start_one();

    const MediaOptions options_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::shared_ptr<MediaWorker>> idle_;
    std::set<std::shared_ptr<MediaWorker>> busy_;
    int starting_ = 0;
    std::deque<UnixMs> deaths_;  // the last, for may_start()
    std::vector<std::string> capabilities_;
};

}  // namespace ourvidz::media
