#include "http/loop_watch.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <ctime>

namespace ourvidz::http {
namespace {

constexpr std::chrono::milliseconds look_every{20};

std::chrono::nanoseconds time_of_this_thread() {
    std::timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

void LoopWatch::start(boost::asio::io_context& io) {
    boost::asio::co_spawn(io, look_for_ever(), boost::asio::detached);
}

boost::asio::awaitable<void> LoopWatch::look_for_ever() {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (;;) {
        timer.expires_after(look_every);
        const auto computed_before = time_of_this_thread();
        co_await timer.async_wait(boost::asio::use_awaitable);
        const std::chrono::nanoseconds late = std::chrono::steady_clock::now() - timer.expiry();
        longest_.late = std::max(longest_.late, late);
        longest_.busy = std::max(longest_.busy, std::min(late, time_of_this_thread() - computed_before));
    }
}

}  // namespace ourvidz::http
