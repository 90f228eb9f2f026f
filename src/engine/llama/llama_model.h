// One model loaded into the chat engine.
#pragma once

#include <memory>

#include "base/json.h"
#include "base/result.h"
#include "engine/requests.h"
#include "engine/worker/worker_loop.h"
#include "safety/gate.h"

namespace ourvidz::engine {

// What was linked: version, back ends, capabilities.
[[nodiscard]] WorkerInfo chat_worker_info();

// All calls from one thread. At most one in a process: the engine's log is global.
class LlamaModel {
  public:
    // Roles of files: model (GGUF). Options: see docs/worker-protocol.md.
    // Errors: invalid_field (role or option), unavailable (the file is missing), engine_failed, canceled.
    [[nodiscard]] static Result<std::unique_ptr<LlamaModel>> open(const ModelFiles& model, RunIo& io);
    ~LlamaModel();
    LlamaModel(const LlamaModel&) = delete;
    LlamaModel& operator=(const LlamaModel&) = delete;

    // The request with those turns alone that fit into the context beside an answer. Errors as of run().
    [[nodiscard]] Result<ChatRequest> as_read(const ChatRequest& request) const;
    // Sends the answer as tokens and returns the statistics. The same request and seed give the same answer.
    [[nodiscard]] Result<json::object> run(const safety::Cleared<ChatRequest>& request, RunIo& io);

  private:
    struct State;
    explicit LlamaModel(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ourvidz::engine
