// One model loaded into the image engine. At most one in a process: the engine's callbacks are global.
#pragma once

#include <memory>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "engine/requests.h"
#include "engine/worker/worker_loop.h"
#include "safety/gate.h"

namespace ourvidz::engine {

// What was linked: version, back ends, capabilities.
[[nodiscard]] WorkerInfo diffusion_worker_info();

// All calls from one thread.
class SdModel {
  public:
    // Roles of files: model (a whole checkpoint) or diffusion, high_noise_diffusion, clip_l, clip_g,
    // clip_vision, t5xxl, llm, llm_vision, vae, taesd, control_net, photo_maker, embeddings_connectors,
    // audio_vae, lora, and second_diffusion: another network beside `diffusion`, with the same text encoder
    // and decoder, for requests that ask for the second network. Options: see docs/worker-protocol.md.
    // Errors: invalid_field (role or option), unavailable (a file is missing), engine_failed, canceled.
    [[nodiscard]] static Result<std::unique_ptr<SdModel>> open(const ModelFiles& model, RunIo& io);
    ~SdModel();
    SdModel(const SdModel&) = delete;
    SdModel& operator=(const SdModel&) = delete;

    // Sends one output {kind: image, width, height} and returns the statistics.
    [[nodiscard]] Result<json::object> run(const safety::Cleared<ImageRequest>& request,
                                           const std::string& input_rgb, RunIo& io);
    // Sends one output {kind: frame, index, width, height} for each frame.
    [[nodiscard]] Result<json::object> run(const safety::Cleared<VideoRequest>& request,
                                           const std::string& first_frame_rgb, RunIo& io);

  private:
    struct State;
    explicit SdModel(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ourvidz::engine
