// Watches an io_context's one thread: whatever keeps it busy keeps everybody waiting, the nodes that renew
// their leases among them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>

namespace ourvidz::http {

class LoopWatch {
  public:
    struct Longest {
        // By which something that was due came later, whatever the reason: work, a slow disk, a machine with
        // too much to do.
        std::chrono::nanoseconds late{0};
        // The part of such a time in which the thread itself was computing: a fault of ours.
        std::chrono::nanoseconds busy{0};
    };

    // Watches for as long as the io_context runs; both must outlive the watch. Looks every 20 ms, so what it
    // says may be short by as much.
    void start(boost::asio::io_context& io);
    // Since the start. From the io_context's thread.
    [[nodiscard]] const Longest& longest() const { return longest_; }

  private:
    boost::asio::awaitable<void> look_for_ever();

    Longest longest_;
};

}  // namespace ourvidz::http
