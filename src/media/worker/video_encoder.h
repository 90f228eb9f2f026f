// H.264 in MP4, in memory. Every clip of one size and rate is encoded with the same parameters and closed
// groups of pictures, so that clips can be joined by copying packets.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "media/picture.h"

namespace ourvidz::media {

class VideoEncoder {
  public:
    // Even sizes; `threads` encode. Errors: unavailable (no H.264 encoder in this libavcodec).
    [[nodiscard]] static Result<std::unique_ptr<VideoEncoder>> open(int width, int height, int fps,
                                                                    int threads);
    ~VideoEncoder();

    // The next frame, of exactly the size given to open().
    [[nodiscard]] Result<void> add(const Rgb8& frame);
    // The whole file, its index in front ("faststart"). No more frames after this.
    [[nodiscard]] Result<std::string> finish();

  private:
    struct State;
    explicit VideoEncoder(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ourvidz::media
