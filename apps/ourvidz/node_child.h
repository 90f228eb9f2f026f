// The node that `ourvidz serve` runs on its own machine: a child process, started again when it ends.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace ourvidz {

class NodeChild {
  public:
    // `environment` is added to this process's own. The child dies with the thread that made this object.
    NodeChild(boost::asio::io_context& io, std::filesystem::path executable,
              std::vector<std::string> environment);
    ~NodeChild();
    NodeChild(const NodeChild&) = delete;
    NodeChild& operator=(const NodeChild&) = delete;

    // The child has been heard of. One that stands still for silence_ticks_max seconds is killed, and started
    // again. On the I/O thread.
    void heard() { silent_ticks_ = 0; }
    // Asks the child to give its work back and end. On the I/O thread.
    void ask_to_stop();
    // Waits for that, but not longer than a few seconds; then ends it. On any thread, after ask_to_stop().
    void wait_until_stopped();

  private:
    void start();
    void watch();
    void tick();
    void ended();

    std::filesystem::path executable_;
    std::vector<std::string> environment_;
    boost::asio::signal_set child_signals_;
    boost::asio::steady_timer restart_;
    boost::asio::steady_timer tick_;
    int pid_ = -1;
    int quick_deaths_ = 0;
    int silent_ticks_ =
        0;  // counted on the I/O thread, so that a server that stood still itself blames nobody
    std::int64_t started_ms_ = 0;
    bool stopping_ = false;
};

}  // namespace ourvidz
