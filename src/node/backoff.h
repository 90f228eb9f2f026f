// Exponential back-off with jitter, for restarts and for a server that is away.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

namespace ourvidz::node {

// Uniform in [0, 1).
using Random = std::function<double()>;

class Backoff {
  public:
    Backoff(int first_ms, int max_ms) : first_ms_(first_ms), max_ms_(max_ms), next_ms_(first_ms) {}

    // How long to wait after one more failure: doubles up to the maximum, and a random half of it is taken
    // off so that many nodes do not come back at the same moment.
    [[nodiscard]] int next_ms(const Random& random) {
        const int whole = next_ms_;
        next_ms_ = next_ms_ > max_ms_ / 2 ? max_ms_ : next_ms_ * 2;
        const int half = whole / 2;
        return half + static_cast<int>(random() * (whole - half));
    }
    void reset() { next_ms_ = first_ms_; }

  private:
    int first_ms_;
    int max_ms_;
    int next_ms_;
};

}  // namespace ourvidz::node
