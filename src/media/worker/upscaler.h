// Enlarges pictures four times with the SRVGG network (models/upscaler), run by OpenCV on the CPU.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "media/picture.h"

namespace ourvidz::media {

class SrvggUpscaler {
  public:
    static constexpr int factor = 4;

    // `onnx` is the content of srvgg-x4.onnx. Errors: unavailable (not that file).
    [[nodiscard]] static Result<std::unique_ptr<SrvggUpscaler>> open(std::string_view onnx);
    ~SrvggUpscaler();

    // Works tile by tile, so that memory stays bounded whatever the size; tiles overlap by the network's
    // whole reach, so there are no seams. `canceled` is asked between tiles; true ends with Error canceled.
    // `made` is told after each of them how many there are of how many; it may be empty. The size times four
    // must be a work size. One thread at a time.
    [[nodiscard]] Result<Rgb8> enlarge(const Rgb8& picture, const std::function<bool()>& canceled,
                                       const std::function<void(int done, int all)>& made = {});

  private:
    struct Net;
    explicit SrvggUpscaler(std::unique_ptr<Net> net);
    std::unique_ptr<Net> net_;
};

}  // namespace ourvidz::media
