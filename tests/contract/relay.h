// A relay on loopback between a client and a real server, which can cut, stall and fail connections.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <string>
#include <thread>
#include <utility>

namespace ourvidz {

class Relay {
  public:
    // `target`: host:port with a numeric host.
    explicit Relay(const std::string& target);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    // Ends all connections at once.
    void cut();
    // While it is away, connections are cut and new ones are ended at once.
    void set_away(bool away);
    // While it stalls, no byte passes in either direction, and nothing is closed.
    void set_stalled(bool stalled) { stalled_ = stalled; }
    // The next so many connections are answered with HTTP status 503.
    void fail_next(int connections) { to_fail_ = connections; }
    // The answers on the next so many connections never arrive; what is asked does.
    void mute_next(int connections) { to_mute_ = connections; }
    [[nodiscard]] int connections() const { return accepted_; }

  private:
    struct Pair {
        int client = -1;
        int server = -1;
        bool muted = false;
        bool failing = false;
        std::string seen = {};
    };
    void run();
    void accept_one();
    bool move_bytes(Pair& pair);
    bool fail(Pair& pair);

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::uint16_t target_port_ = 0;
    std::string target_host_;
    std::atomic<bool> over_ = false;
    std::atomic<bool> away_ = false;
    std::atomic<bool> cut_ = false;
    std::atomic<bool> stalled_ = false;
    std::atomic<int> to_fail_ = 0;
    std::atomic<int> to_mute_ = 0;
    std::atomic<int> accepted_ = 0;
    std::list<Pair> pairs_;
    std::thread thread_;
};

}  // namespace ourvidz
