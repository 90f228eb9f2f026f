// The inside of a worker process: what every worker main shares. One engine, one request at a time; messages
// are read on a thread of their own, so that a cancel arrives while the engine works.
//
//   int main(int argc, char** argv) {
//       return ourvidz::engine::worker_main(argc, argv, info, [] { return make_my_engine(); });
//   }
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "engine/requests.h"

namespace ourvidz::engine {

// Who this worker is; becomes the hello message and the answer to --version.
struct WorkerInfo {
    std::string worker;                     // "diffusion", "chat", "media"
    std::string engine;                     // "stable-diffusion.cpp", ...
    std::string version;                    // of the engine
    std::vector<std::string> back_ends;     // "cpu", "cuda", ...
    std::vector<std::string> capabilities;  // what can be asked of it: "cancel", "grammar", ...
};

// A further piece of input for a run: one `input` message.
struct InputPiece {
    json::object body;
    std::string binary;
};

// What a request sees of the node while it is under way. Thread-safe, except next_input (one thread at a
// time). Sending blocks while the node does not read; when the node is gone, the process ends at once.
class RunIo {
  public:
    virtual ~RunIo() = default;

    // `phase` says what is being counted: "load", "denoise", "decode", "prompt", "encode", ...
    virtual void progress(std::string_view phase, int step, int steps) = 0;
    // RGB8, rows top to bottom, width * height * 3 bytes.
    virtual void preview(int width, int height, std::string_view rgb) = 0;
    // A part of what the run makes; `body` describes `binary`.
    virtual void output(json::object body, std::string binary) = 0;
    // The next piece of an answer, always whole UTF-8 characters.
    virtual void token(std::string_view text) = 0;

    // For work that cannot be interrupted: answers the request with `error` and ends the process at once.
    [[noreturn]] virtual void give_up(const Error& error) = 0;

    // True once the node wants this request to stop. Cheap; ask often.
    [[nodiscard]] virtual bool canceled() const = 0;
    // Waits for the next piece of input; nullopt once the request is canceled. At most input_pieces_max
    // pieces wait unread, after that the node's sending blocks.
    [[nodiscard]] virtual std::optional<InputPiece> next_input() = 0;
};

constexpr int input_pieces_max = 4;

// What a worker does. All calls come from one thread (the loop's working thread), one after the other.
// Errors become `failed` messages and the worker lives on; ErrorCode::canceled becomes `canceled`.
class WorkerEngine {
  public:
    virtual ~WorkerEngine() = default;

    // Replaces the model that is loaded, if any. After an error nothing is loaded. The default has no models.
    [[nodiscard]] virtual Result<void> load(const ModelFiles& model, RunIo& io);
    virtual void unload();
    // `body` is the run message's JSON, `binary` its binary part. The value becomes the `result` message.
    [[nodiscard]] virtual Result<json::object> run(const json::object& body, std::string binary,
                                                   RunIo& io) = 0;
};

// Locks this process in (see sandbox.h), says hello on file descriptor 3 and serves until shutdown or until
// the other end is gone. `make` is called after the lock-in, so nothing of the engine runs before it. Returns
// the process's exit status. `--version` prints the info and returns at once.
[[nodiscard]] int worker_main(int argc, char** argv, const WorkerInfo& info,
                              const std::function<Result<std::unique_ptr<WorkerEngine>>()>& make);

}  // namespace ourvidz::engine
