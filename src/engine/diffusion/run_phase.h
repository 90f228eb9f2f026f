// What the image engine is doing, read from its log lines: its progress callback counts the denoising steps,
// but also tensors while it loads and tiles while it encodes and decodes, and does not say which.
#pragma once

#include <string_view>

namespace ourvidz::engine {

enum class Phase { encode, load, denoise, decode };
[[nodiscard]] std::string_view to_string(Phase phase);

class RunPhase {
  public:
    // One line of the engine's log, in the order in which they come.
    void take_log(std::string_view line);
    [[nodiscard]] Phase now() const;

  private:
    Phase run_ = Phase::encode;
    bool loading_ = false;  // weights are read when they are first needed, in the middle of anything
};

}  // namespace ourvidz::engine
