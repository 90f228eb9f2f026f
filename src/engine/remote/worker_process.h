// A diffusion or chat worker, as the node uses it. Blocking; one object is one process; see WorkerLink for
// the thread rules. Cancel by the stop token: the run then ends with Error canceled, within one step or
// token, and the model stays loaded. After Error engine_failed ask alive(): a worker that only failed goes
// on, one that died does not.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "engine/remote/worker_link.h"
#include "engine/requests.h"
#include "safety/gate.h"

namespace ourvidz::engine {

struct ImageOutcome {
    safety::Picture picture;
    json::object statistics;  // generate_ms, steps, seed, ...
};

struct VideoOutcome {
    int frames = 0;  // as many as were handed to on_frame
    int fps = 0;
    json::object statistics;
};

enum class ChatStop {
    end,      // the model said it is done
    length,   // tokens_max reached
    context,  // the model's context is full
};

struct ChatOutcome {
    std::string text;   // the whole answer: the tokens joined
    int tokens_in = 0;  // of the prompt after truncation
    int tokens_out = 0;
    int turns_dropped = 0;   // oldest turns that did not fit into the context
    int ms_first_token = 0;  // from the start of the run
    ChatStop stop = ChatStop::end;
    json::object statistics;  // prompt_ms, generate_ms, ...
};

class WorkerProcess final : public WorkerLink {
  public:
    [[nodiscard]] static Result<std::unique_ptr<WorkerProcess>> start(WorkerOptions options);

    // Replaces what is loaded. After an error nothing is.
    [[nodiscard]] Result<LoadReport> load(const ModelFiles& model, const RunCallbacks& callbacks = {},
                                          std::stop_token stop = {});
    [[nodiscard]] Result<void> unload();

    // `input_rgb`: the input picture, RGB8 of exactly width x height, iff request.has_input.
    [[nodiscard]] Result<ImageOutcome> run(const safety::Cleared<ImageRequest>& request,
                                           std::string input_rgb, const RunCallbacks& callbacks = {},
                                           std::stop_token stop = {});
    // Frames come in order; an error from on_frame stops the run and becomes its result.
    [[nodiscard]] Result<VideoOutcome> run(
        const safety::Cleared<VideoRequest>& request, std::string first_frame_rgb,
        const std::function<Result<void>(int index, safety::Picture frame)>& on_frame,
        const RunCallbacks& callbacks = {}, std::stop_token stop = {});
    [[nodiscard]] Result<ChatOutcome> run(const safety::Cleared<ChatRequest>& request,
                                          const RunCallbacks& callbacks = {}, std::stop_token stop = {});

  private:
    using WorkerLink::WorkerLink;
};

}  // namespace ourvidz::engine
