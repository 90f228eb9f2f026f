// How long the node waits for a worker that says nothing. Pure: times are given, in milliseconds of a clock
// that only goes forward.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ourvidz::engine {

struct PatienceOptions {
    // Without anything at all, not even the pulse that a worker sends every second while it works: its
    // process stands still. Long enough for a machine that is very busy.
    std::int64_t pulse_max_ms = 15'000;
    // Without progress: the engine hangs. This is the bound as long as nothing is known of its pace.
    std::int64_t silence_max_ms = 300'000;
    // Once steps have come, so many times the longest of them, but not less than silence_min_ms, since what
    // comes after the last step may take as long as many.
    std::int64_t steps_of_silence = 20;
    std::int64_t silence_min_ms = 30'000;
};

class Patience {
  public:
    Patience(PatienceOptions options, std::int64_t now_ms)
        : options_(options), pulse_at_(now_ms), progress_at_(now_ms) {}

    // The process is there.
    void pulse(std::int64_t now_ms) { pulse_at_ = now_ms; }
    // The request gets on.
    void progress(std::int64_t now_ms);
    // Why the worker is to be ended, in words that follow "The worker ..."; nullopt: not yet.
    [[nodiscard]] std::optional<std::string> exhausted(std::int64_t now_ms) const;

  private:
    [[nodiscard]] std::int64_t silence_ms() const;

    PatienceOptions options_;
    std::int64_t pulse_at_;
    std::int64_t progress_at_;
    std::int64_t longest_ms_ =
        0;  // between two signs, the first of them not counted: it has the preparations
    int signs_ = 0;
};

}  // namespace ourvidz::engine
