// The port through which a node's poll hears that there may be something new. Losing an announcement loses
// nothing: whoever waits looks at the database at the latest when its wait ends.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

#include "redis/bus.h"

namespace ourvidz::queue {

namespace asio = boost::asio;

class Announcements {
  public:
    virtual ~Announcements() = default;
    // Something was queued, canceled or given back.
    virtual void announce() = 0;
    // How often announce() was heard so far. Read it before looking at the database.
    [[nodiscard]] virtual std::uint64_t heard() const = 0;
    // Returns as soon as heard() is more than `seen`, or after `longest`.
    [[nodiscard]] virtual asio::awaitable<void> wait(std::uint64_t seen,
                                                     std::chrono::milliseconds longest) = 0;
};

// Within one process, on its I/O thread.
[[nodiscard]] std::unique_ptr<Announcements> in_process_announcements(asio::any_io_executor executor);

// Among all servers on the bus, which must outlive it.
[[nodiscard]] std::unique_ptr<Announcements> shared_announcements(asio::any_io_executor executor,
                                                                  redis::Bus& bus);

}  // namespace ourvidz::queue
