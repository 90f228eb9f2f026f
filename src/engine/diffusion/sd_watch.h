// One call into the image engine: what it tells meanwhile, its end by cancel, its words when it fails.
#pragma once

#include <stable-diffusion.h>

#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/diffusion/preview_pace.h"
#include "engine/diffusion/run_phase.h"
#include "engine/worker/worker_loop.h"

namespace ourvidz::engine {

// Receives the engine's callbacks for the time of one call into it. They are global to the process.
class Watch {
  public:
    // `context` is null while it is being made.
    Watch(RunIo& io, sd_ctx_t* context, bool previews);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    [[nodiscard]] int steps_done() const { return steps_done_; }

    // Calls the engine; an error also when it throws or was canceled.
    Result<void> call(const std::function<bool()>& engine);

  private:
    void log(sd_log_level_t level, std::string_view text);
    [[nodiscard]] std::string last_lines() const;
    void progress(int step, int steps);
    void stop(Phase phase);
    void allow_preview(bool allowed);
    void preview(const sd_image_t* images, int count);

    RunIo& io_;
    sd_ctx_t* context_;
    RunPhase phase_;
    PreviewPace pace_;
    bool previews_ = false;
    int steps_done_ = 0;
    std::deque<std::string> lines_;
};

}  // namespace ourvidz::engine
