// The engine inside the media worker: every decode, encode and resize of the product (docs/media-worker.md).
#pragma once

#include <memory>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "engine/worker/worker_loop.h"
#include "media/worker/upscaler.h"

namespace ourvidz::media {

class MediaEngine final : public engine::WorkerEngine {
  public:
    // Starts the codecs, uses each of them once so that nothing has to be opened later, and then gives up the
    // right to open files. `upscaler_onnx` empty: no network, pictures are enlarged by Lanczos.
    [[nodiscard]] static Result<std::unique_ptr<engine::WorkerEngine>> open(const std::string& upscaler_onnx,
                                                                            int threads);

    [[nodiscard]] Result<json::object> run(const json::object& body, std::string binary,
                                           engine::RunIo& io) override;

  private:
    MediaEngine(std::unique_ptr<SrvggUpscaler> network, int threads);

    [[nodiscard]] Result<json::object> dispatch(const json::object& body, std::string binary,
                                                engine::RunIo& io);
    [[nodiscard]] Result<json::object> decode_upload(const std::string& binary, engine::RunIo& io);
    [[nodiscard]] Result<json::object> decode_source(const json::object& body, const std::string& binary,
                                                     engine::RunIo& io);
    [[nodiscard]] Result<json::object> preview(const json::object& body, std::string binary,
                                               engine::RunIo& io);
    [[nodiscard]] Result<json::object> finish_picture(const json::object& body, std::string binary,
                                                      engine::RunIo& io);

    std::unique_ptr<SrvggUpscaler> network_;
    int threads_;
};

}  // namespace ourvidz::media
