// Ctrl-C as a question instead of an end: the first one asks whoever is waiting to stop, the second one ends
// the program.
#pragma once

#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace ourvidz::cli {

// Make one in the main thread before any other thread exists: SIGINT and SIGTERM are blocked as long as it
// lives.
class Interrupt {
  public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    [[nodiscard]] bool requested() const { return requested_; }
    // Called from another thread when the request comes, and at once if it has come already. One at a time;
    // an empty function removes it.
    void on_request(std::function<void()> wake);
    // False if the request came while waiting.
    bool wait(std::chrono::milliseconds time);
    // The signals that were blocked before, for child processes.
    [[nodiscard]] const sigset_t& previous_mask() const { return previous_; }

  private:
    void listen();

    sigset_t signals_{};
    sigset_t previous_{};
    std::atomic<bool> requested_ = false;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> wake_;
    std::thread thread_;
};

}  // namespace ourvidz::cli
