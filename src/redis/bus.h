// What several servers tell each other at once, through Redis. A message may be lost at any moment and
// nothing may depend on it: the database is the truth, and who waits for a message looks there as well. After
// a gap (and every second for as long as Redis is away) everybody is told to look.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ourvidz::redis {

namespace asio = boost::asio;

struct BusOptions {
    std::string
        url;  // redis://[:password@]host[:port][/number]; servers with the same number hear each other
    // Redis counts as away when a message to ourselves takes longer.
    std::chrono::milliseconds silence_max{3'000};
    std::chrono::milliseconds ping_every{1'000};
    std::chrono::milliseconds pause_first{100};  // before connecting again; doubled each time
    std::chrono::milliseconds pause_longest{2'000};
    std::chrono::milliseconds look_every{1'000};  // how often everybody looks while Redis is away
};

// Belongs to the thread of its executor.
class Bus {
  public:
    // Errors: invalid_field for a URL that it cannot read. It starts without Redis, and finds it when it
    // comes.
    [[nodiscard]] static Result<std::unique_ptr<Bus>> start(asio::any_io_executor executor,
                                                            BusOptions options);
    ~Bus();
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;

    // Handlers are set before the executor runs. A topic is one word; a server does not hear itself.
    void on(std::string topic, std::function<void(std::string_view payload)> handler);
    // Messages may have been lost.
    void on_gap(std::function<void()> handler);
    // To all other servers. Dropped while Redis is away, and when too much waits to be sent.
    void publish(std::string_view topic, std::string_view payload);

    [[nodiscard]] bool connected() const;
    // One sentence for the health page.
    [[nodiscard]] std::string state() const;

  private:
    class Impl;
    explicit Bus(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace ourvidz::redis
