#include "http/loop_watch.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <stdexcept>
#include <thread>

#include "http/run_on.h"

namespace ourvidz::http {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// Long before what is measured, and long after it: the timers are those of the watch itself.
constexpr auto block = 300ms;
constexpr auto whole = 600ms;

LoopWatch::Longest watched(void (*work)()) {
    asio::io_context io(1);
    LoopWatch watch;
    watch.start(io);
    asio::post(io, work);
    asio::steady_timer end(io, whole);
    end.async_wait([&io](auto) { io.stop(); });
    io.run();
    return watch.longest();
}

TEST(LoopWatch, SeesAThreadThatComputes) {
    const auto longest = watched([] {
        const auto end = std::chrono::steady_clock::now() + block;
        while (std::chrono::steady_clock::now() < end) {
        }
    });
    EXPECT_GE(longest.late, block - 20ms);
    EXPECT_GT(longest.busy, 20ms);
    EXPECT_LE(longest.busy, longest.late);
}

TEST(LoopWatch, TellsWaitingFromComputing) {
    const auto longest = watched([] { std::this_thread::sleep_for(block); });
    EXPECT_GE(longest.late, block - 20ms);
    EXPECT_LT(longest.busy, block / 2);
}

TEST(RunOn, GivesAnExceptionToWhoWaits) {
    asio::io_context io(1);
    asio::thread_pool pool(1);
    auto failing = []() -> int { throw std::runtime_error("no room"); };
    const auto wait = [&]() -> asio::awaitable<void> { (void)co_await run_on(pool, failing); };
    std::string what;
    asio::co_spawn(io, wait(), [&](std::exception_ptr failure) {
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (const std::runtime_error& error) {
            what = error.what();
        }
    });
    const auto busy = asio::make_work_guard(io);
    while (what.empty() && io.run_one() > 0) {
    }
    EXPECT_EQ(what, "no room");
}

}  // namespace
}  // namespace ourvidz::http
