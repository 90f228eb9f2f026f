// Whether a part of the studio works, found out by using it. However many ask, it is used once in a few
// seconds, on a thread of its own, and nobody waits longer than that.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace ourvidz::generations {

constexpr std::chrono::seconds probe_fresh{5};
constexpr std::chrono::seconds probe_patience{3};

class Probe {
  public:
    // Bytes that are free there; 0 where nobody would ask.
    using Answer = Result<std::uint64_t>;
    // May block, but not for ever: the destructor waits for it.
    explicit Probe(std::function<Answer()> use);
    ~Probe();
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;

    // The newest answer if it is fresh, else a new one; unavailable if that takes too long. From one thread,
    // that of the coroutine's executor.
    [[nodiscard]] boost::asio::awaitable<Answer> ask();

  private:
    struct State;
    std::function<Answer()> use_;
    std::shared_ptr<State> state_;
    boost::asio::thread_pool thread_{1};
};

}  // namespace ourvidz::generations
