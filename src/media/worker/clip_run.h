// One clip from its first frame to its outputs.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "engine/worker/worker_loop.h"
#include "media/requests.h"
#include "media/worker/upscaler.h"

namespace ourvidz::media {

constexpr std::size_t hover_bytes_max = 200'000;

// Reads frames from `io` until the end marker and sends the outputs; the value is the run's result.
[[nodiscard]] Result<json::object> run_clip(const ClipRequest& request, SrvggUpscaler* network, int threads,
                                            engine::RunIo& io);

}  // namespace ourvidz::media
