#include "relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace ourvidz {
namespace {

constexpr int poll_ms = 20;

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    return address;
}

bool send_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool readable(int socket) {
    pollfd one{socket, POLLIN, 0};
    return ::poll(&one, 1, 0) > 0;
}

}  // namespace

Relay::Relay(const std::string& target) : target_host_(target.substr(0, target.find(':'))) {
    target_port_ = static_cast<std::uint16_t>(std::atoi(target.c_str() + target.find(':') + 1));
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = address_of("127.0.0.1", 0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
    over_ = true;
    thread_.join();
    ::close(listener_);
}

void Relay::cut() {
    cut_ = true;
    while (cut_) std::this_thread::yield();
}

void Relay::set_away(bool away) {
    away_ = away;
    if (away) cut();
}

void Relay::run() {
    while (!over_) {
        if (cut_) {
            for (const auto& pair : pairs_) {
                ::close(pair.client);
                ::close(pair.server);
            }
            pairs_.clear();
            cut_ = false;
        }
        if (stalled_) {
            ::poll(nullptr, 0, poll_ms);
            continue;
        }
        std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
        for (const auto& pair : pairs_) {
            waiting.push_back({pair.client, POLLIN, 0});
            waiting.push_back({pair.server, POLLIN, 0});
        }
        ::poll(waiting.data(), waiting.size(), poll_ms);
        if (readable(listener_)) accept_one();
        for (auto pair = pairs_.begin(); pair != pairs_.end();) {
            if (move_bytes(*pair)) {
                ++pair;
                continue;
            }
            ::close(pair->client);
            ::close(pair->server);
            pair = pairs_.erase(pair);
        }
    }
    for (const auto& pair : pairs_) {
        ::close(pair.client);
        ::close(pair.server);
    }
}

void Relay::accept_one() {
    Pair pair;
    pair.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (pair.client < 0) return;
    ++accepted_;
    const auto address = address_of(target_host_, target_port_);
    pair.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected =
        !away_ && ::connect(pair.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    if (!connected) {
        ::close(pair.client);
        ::close(pair.server);
        return;
    }
    if (to_fail_ > 0) {
        --to_fail_;
        pair.failing = true;
    } else if (to_mute_ > 0) {
        --to_mute_;
        pair.muted = true;
    }
    pairs_.push_back(std::move(pair));
}

// False when the connection is over.
bool Relay::move_bytes(Pair& pair) {
    if (pair.failing) return fail(pair);
    std::array<char, 65'536> bytes{};
    for (const bool asking : {true, false}) {
        const int from = asking ? pair.client : pair.server;
        if (!readable(from)) continue;
        if (!asking && pair.muted) {
            // Nor that the server has ended the connection.
            ::recv(from, bytes.data(), bytes.size(), 0);
            continue;
        }
        const ssize_t got = ::recv(from, bytes.data(), bytes.size(), 0);
        if (got <= 0) return false;
        if (!send_all(asking ? pair.server : pair.client, {bytes.data(), static_cast<std::size_t>(got)}))
            return false;
    }
    return true;
}

bool Relay::fail(Pair& pair) {
    if (!readable(pair.client)) return true;
    std::array<char, 65'536> bytes{};
    const ssize_t got = ::recv(pair.client, bytes.data(), bytes.size(), 0);
    if (got <= 0) return false;
    pair.seen.append(bytes.data(), static_cast<std::size_t>(got));
    if (pair.seen.find("\r\n\r\n") == std::string::npos) return true;
    send_all(pair.client, "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return false;
}

}  // namespace ourvidz
