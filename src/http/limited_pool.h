// Threads for work that the I/O thread must not do, with a limit on what waits for them: beyond it, people
// are told to come back instead of waiting longer and longer, and what they sent is not kept meanwhile.
#pragma once

#include <atomic>

#include "base/result.h"
#include "http/run_on.h"

namespace ourvidz::http {

class LimitedPool {
  public:
    // `tasks_max`: those at work included.
    LimitedPool(std::size_t threads, int tasks_max) : tasks_max_(tasks_max), pool_(threads) {}

    // As run_on(). `work` answers a Result. Errors: its own, and unavailable where there is no room.
    template <class F>
    boost::asio::awaitable<std::invoke_result_t<F&>> run(F work) {
        if (tasks_.fetch_add(1) >= tasks_max_) {
            --tasks_;
            co_return Error{ErrorCode::unavailable,
                            "The studio has much to read right now. Try again in a moment.", ""};
        }
        auto counted = [this, work = std::move(work)]() mutable {
            const Leave leave{tasks_};
            return work();
        };
        co_return co_await run_on(pool_, std::move(counted));
    }

  private:
    struct Leave {
        std::atomic<int>& tasks;
        ~Leave() { --tasks; }
    };

    const int tasks_max_;
    std::atomic<int> tasks_ = 0;
    boost::asio::thread_pool pool_;  // last: its threads count down until they end
};

}  // namespace ourvidz::http
