// One worker process seen from the node, whatever its engine: start it, exchange requests with it, notice its
// death. The typed clients are made of it: WorkerProcess (image, video, chat) takes only safety::Cleared
// requests, and the media client has its own tasks. That is why the members that send anything are protected.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "engine/remote/patience.h"
#include "engine/worker/worker_loop.h"
#include "safety/gate.h"

namespace ourvidz::engine {

struct WorkerOptions {
    std::string executable;  // absolute path
    // Added to the minimal environment (which has no secrets of ours: see worker_link.cpp for the list).
    std::vector<std::pair<std::string, std::string>> environment;
    int hello_timeout_ms = 20'000;
    int load_timeout_ms = 600'000;
    // While a request runs; then the worker is killed. Signs of progress are progress, preview, output and
    // token.
    PatienceOptions patience;
    int cancel_timeout_ms = 30'000;  // from the cancel to the end of the request; then the process is killed
    int shutdown_timeout_ms = 5'000;
    // The worker's own log lines; never prompts. Called on the thread that waits for a request. May be empty.
    std::function<void(std::string_view level, std::string_view message)> log;
};

struct Progress {
    std::string phase;  // "load", "denoise", "decode", "prompt", ...
    int step = 0;       // 1..steps
    int steps = 0;
};

struct LoadReport {
    std::uint64_t memory_bytes = 0;  // resident in the process after loading
    int load_ms = 0;
};

// All are called on the thread that called run() or load(), and may be empty.
struct RunCallbacks {
    std::function<void(const Progress&)> progress;
    std::function<void(safety::Picture)> preview;
    std::function<void(std::string_view text)> token;
};

// Hands out pieces of input until nullopt. Called on a thread of its own, so it may wait; when the request is
// over or stopped it is not called again, but a call that waits must be ended by its owner.
using InputSource = std::function<std::optional<InputPiece>()>;
// Takes one output message. An error stops the request and becomes its result.
using OutputSink = std::function<Result<void>(json::object body, std::string binary)>;

// Threads: the requests (load, unload, run, shutdown) come from one thread at a time and block it. Everything
// else may be called from any thread. The process dies with this object, and with this program in any case.
class WorkerLink {
  public:
    WorkerLink(const WorkerLink&) = delete;
    WorkerLink& operator=(const WorkerLink&) = delete;
    virtual ~WorkerLink();  // kills the process if it still runs

    [[nodiscard]] const WorkerInfo& info() const;
    [[nodiscard]] pid_t pid() const;
    [[nodiscard]] bool alive() const;
    // What the process itself last said about its resident memory; 0 before it said anything.
    [[nodiscard]] std::uint64_t resident_bytes() const;

    // Asks the process to end and waits; kills it after shutdown_timeout_ms. Error unavailable: it had to be
    // killed, or ended otherwise than with status 0. The process is gone in every case.
    Result<void> shutdown();
    // Ends the process now; a request in progress returns with Error engine_failed.
    void kill();

  protected:
    struct State;
    using StatePointer = std::unique_ptr<State, void (*)(State*)>;

    // Starts the process and waits for its hello. Errors: unavailable (no such program, no hello, wrong
    // protocol).
    [[nodiscard]] static Result<StatePointer> start(WorkerOptions options);
    explicit WorkerLink(StatePointer state);

    // Errors: engine_failed with the engine's words; canceled; unavailable when the process is gone already.
    [[nodiscard]] Result<LoadReport> exchange_load(const ModelFiles& model, const RunCallbacks& callbacks,
                                                   std::stop_token stop);
    [[nodiscard]] Result<void> exchange_unload();
    // One run: sends `body` and `binary`, then the input pieces; the value is the `result` message.
    // Errors: those that the worker sent in `failed`; engine_failed when it died or hung (with its last
    // words); canceled after `stop`; unavailable when it was gone before.
    [[nodiscard]] Result<json::object> exchange_run(json::object body, std::string binary,
                                                    const RunCallbacks& callbacks, const OutputSink& output,
                                                    const InputSource& input, std::stop_token stop);

  private:
    class Exchange;
    StatePointer state_;
};

}  // namespace ourvidz::engine
