// Numbers that are the same for the same seed on every machine, which the standard distributions do not
// promise.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ourvidz::scenes {

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15U;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }
    double between(double low, double high) {
        return low + (high - low) * static_cast<double>(next() >> 11U) * 0x1p-53;
    }
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
    bool chance(double share) { return between(0, 1) < share; }

  private:
    std::uint64_t state_;
};

}  // namespace ourvidz::scenes
