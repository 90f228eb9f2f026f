// Wakes readers of event streams, in this process and on the servers beside it. Holds no truth: a reader that
// is woken reads the event log, and what is published here without a number is only the moment's state.
// Everything runs on the one I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "redis/bus.h"

namespace ourvidz::events {

namespace asio = boost::asio;

// An event that is not stored: {"progress", json}.
struct Moment {
    std::string name;
    std::string data;  // one line of JSON
};

class Hub;
class Subscription;
using Readers = std::map<std::string, std::set<Subscription*>, std::less<>>;

// One reader. Removes itself from the hub when destroyed, and may outlive it: a stream that nobody ends
// before the server goes is destroyed with the I/O context, after everything else.
class Subscription {
  public:
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

    // True as soon as there is something to read, false after `longest` without.
    [[nodiscard]] asio::awaitable<bool> wait(std::chrono::milliseconds longest);
    // Moments since the last call, oldest first. A reader that is too slow loses the oldest ones (they are
    // only moments: newer ones say more); the loss is bounded memory's price.
    [[nodiscard]] std::vector<Moment> take_moments();

  private:
    friend class Hub;
    Subscription(std::shared_ptr<Readers> readers, const asio::any_io_executor& executor,
                 std::string workspace_id);

    std::shared_ptr<Readers> readers_;
    std::string workspace_id_;
    asio::steady_timer timer_;
    bool woken_ = false;
    std::deque<Moment> moments_;
};

class Hub {
  public:
    explicit Hub(asio::any_io_executor executor);

    // Among all servers on the bus, which must outlive the hub.
    void share(redis::Bus& bus);

    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::string workspace_id);
    // The event log of this workspace has grown.
    void announce(std::string_view workspace_id);
    void publish(std::string_view workspace_id, const Moment& moment);
    // Wakes everybody; readers then see that the server is closing.
    void wake_all();
    [[nodiscard]] std::size_t readers() const;
    // Those that have readers here.
    [[nodiscard]] std::vector<std::string> workspaces() const;

  private:
    friend class Subscription;
    void announce_here(std::string_view workspace_id);
    void publish_here(std::string_view workspace_id, const Moment& moment);
    void hear_moment(std::string_view payload);

    asio::any_io_executor executor_;
    redis::Bus* bus_ = nullptr;
    std::shared_ptr<Readers> readers_ = std::make_shared<Readers>();
};

}  // namespace ourvidz::events
