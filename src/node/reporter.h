// Tells the server how a job gets on, on a thread of its own, so that the engine never waits for the network.
// Only the newest state matters: what could not be sent in time is replaced, not queued.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "node/job.h"
#include "safety/gate.h"

namespace ourvidz::node {

constexpr int progress_interval_ms = 100;  // between two reports
constexpr int preview_interval_ms = 250;   // between two preview pictures

struct ProgressReport {
    std::string phase;  // "loading", "sampling" or "finishing"
    double fraction = 0;
    int position = 0;
    int step = 0;
    int steps = 0;
};
[[nodiscard]] json::object to_json(const ProgressReport& report);

// Thread-safe. Stops the job when the server says that its lease is lost.
class Reporter {
  public:
    explicit Reporter(Job& job);
    ~Reporter();  // what has not been sent is dropped
    Reporter(const Reporter&) = delete;
    Reporter& operator=(const Reporter&) = delete;

    void progress(ProgressReport report);
    // Goes through the gate; a preview that is not released is dropped, and the output is judged anyhow.
    void preview(safety::Picture picture, int position);

  private:
    struct Preview {
        safety::Picture picture;
        int position = 0;
    };
    void work(const std::stop_token& stop);
    void send_preview(Preview preview);
    void note(const Result<void>& sent);

    Job& job_;
    safety::Origin origin_;
    AttemptLink link_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::optional<ProgressReport> progress_;
    std::optional<Preview> preview_;
    std::jthread thread_;
};

}  // namespace ourvidz::node
