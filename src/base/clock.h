// Time and randomness are handed in, so that tests decide both.
#pragma once

#include <chrono>
#include <cstdint>

namespace ourvidz {

// Milliseconds since the Unix epoch, UTC. All times in the database and the API's internals.
using UnixMs = std::int64_t;

// Milliseconds of a clock that nobody sets and that has no beginning: for how long something takes.
[[nodiscard]] inline std::int64_t steady_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual UnixMs now_ms() const = 0;
};

class SystemClock final : public Clock {
  public:
    [[nodiscard]] UnixMs now_ms() const override {
        using namespace std::chrono;
        return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    }
};

class ManualClock final : public Clock {
  public:
    explicit ManualClock(UnixMs start) : now_(start) {}
    [[nodiscard]] UnixMs now_ms() const override { return now_; }
    void advance(UnixMs by_ms) { now_ += by_ms; }

  private:
    UnixMs now_;
};

}  // namespace ourvidz
