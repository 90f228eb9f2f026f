#include "http/server.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <chrono>
#include <ctime>

#include "base/clock.h"
#include "http/problem.h"
#include "http/server_session.h"

namespace ourvidz::http {
namespace {

using boost::system::error_code;

constexpr int accept_pause_ms = 100;  // after the system had no descriptor left
constexpr int sweep_ms_max = 1'000;
constexpr int sweep_ms_min = 5;
constexpr int backlog = 4'096;
constexpr int descriptors_in_a_block = 256;

std::string http_date() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[40];
    return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

Error cannot_listen(const ServerOptions& options, error_code failure) {
    const auto place = options.host + " port " + std::to_string(options.port);
    if (failure == asio::error::address_in_use) {
        return Error{ErrorCode::unavailable, "Cannot listen on " + place + ": another program already does.",
                     ""};
    }
    return Error{ErrorCode::unavailable, "Cannot listen on " + place + ": " + failure.message() + ".", ""};
}

// Sent without looking at the request when there are too many connections.
std::string overload_response() {
    const auto full = problem(Error{ErrorCode::unavailable, "There are too many connections.", ""});
    return "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
           "Cache-Control: no-store\r\n" +
           std::string(security_headers) + std::string(plain_content_policy) +
           "Content-Type: application/problem+json\r\nContent-Length: " + std::to_string(full.body.size()) +
           "\r\n\r\n" + full.body;
}

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
  public:
    Impl(asio::io_context& io, const Router& router, ServerOptions options)
        : acceptor_(io),
          sweep_timer_(io),
          pause_timer_(io),
          host_(new SessionHost{router, std::move(options)}) {}

    Result<void> listen() {
        const auto& options = host_->options;
        error_code failure;
        const auto address =
            asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, failure);
        if (failure)
            return Error{ErrorCode::unavailable, "\"" + options.host + "\" is not an IP address.", ""};
        const tcp::endpoint endpoint(address, options.port);
        protocol_ = endpoint.protocol();
        open_acceptor(endpoint, failure);
        if (!failure) acceptor_.set_option(tcp::acceptor::reuse_address(true), failure);
        if (!failure) acceptor_.bind(endpoint, failure);
        if (!failure) acceptor_.listen(backlog, failure);
        if (failure) return cannot_listen(options, failure);
        port_ = acceptor_.local_endpoint().port();
        return {};
    }

    void run() {
        tick();
        auto self = shared_from_this();
        host_->on_last_session_ended = [weak = weak_from_this()] {
            const auto impl = weak.lock();
            if (impl && impl->host_->stopping) impl->sweep_timer_.cancel();
        };
        asio::co_spawn(acceptor_.get_executor(), accept(self), asio::detached);
        asio::co_spawn(acceptor_.get_executor(), sweep(self), asio::detached);
    }

    void stop() {
        if (host_->stopping) return;
        host_->stopping = true;
        cut_at_ms_ = steady_ms() + host_->options.stop_grace_ms;
        error_code ignored;
        acceptor_.close(ignored);
        pause_timer_.cancel();
        for_each_session([](SessionEntry& session) { session.finish(); });
        if (host_->session_count == 0) sweep_timer_.cancel();
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int open_connections() const { return host_->session_count; }

  private:
    static asio::awaitable<void> accept(std::shared_ptr<Impl> self) {
        const auto overload = overload_response();
        while (!self->host_->stopping) {
            error_code failure;
            tcp::socket socket(self->acceptor_.get_executor());
            co_await self->acceptor_.async_wait(tcp::acceptor::wait_read,
                                                asio::redirect_error(asio::use_awaitable, failure));
            if (self->host_->stopping) break;
            if (!failure) self->accept_one(socket, failure);
            if (failure == asio::error::try_again || failure == asio::error::connection_aborted) continue;
            if (failure) {
                self->pause_timer_.expires_after(std::chrono::milliseconds(accept_pause_ms));
                co_await self->pause_timer_.async_wait(asio::redirect_error(asio::use_awaitable, failure));
            } else if (self->host_->session_count >= self->host_->options.connections_max) {
                socket.non_blocking(true, failure);
                socket.send(asio::buffer(overload), 0, failure);
            } else {
                Session::start(self->host_, std::move(socket));
            }
        }
    }

    // Asio's own calls leave sockets open in programs that are started: these are closed there.
    void open_acceptor(const tcp::endpoint& endpoint, error_code& failure) {
        const int made =
            ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (made < 0) {
            failure.assign(errno, boost::system::system_category());
            return;
        }
        acceptor_.assign(endpoint.protocol(), made, failure);
        if (failure) ::close(made);
    }

    void accept_one(tcp::socket& socket, error_code& failure) {
        prepare_descriptors();
        const int made = ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (made < 0) {
            failure.assign(errno, boost::system::system_category());
            return;
        }
        socket.assign(protocol_, made, failure);
        if (failure) ::close(made);
    }

    static asio::awaitable<void> sweep(std::shared_ptr<Impl> self) {
        const auto& options = self->host_->options;
        const int shortest =
            std::min({options.header_timeout_ms, options.body_timeout_ms, options.idle_timeout_ms,
                      options.write_timeout_ms, options.stop_grace_ms});
        const std::chrono::milliseconds pause(std::clamp(shortest / 4, sweep_ms_min, sweep_ms_max));
        while (!self->host_->stopping || self->host_->session_count > 0) {
            error_code ignored;
            self->sweep_timer_.expires_after(pause);
            co_await self->sweep_timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            self->tick();
        }
    }

    void tick() {
        host_->now_ms = steady_ms();
        host_->date = http_date();
        const bool cut = host_->stopping && host_->now_ms >= cut_at_ms_;
        for_each_session([cut](SessionEntry& session) { cut ? session.cut() : session.check_deadline(); });
    }

    // Asio keeps a small object for each descriptor that it has ever had. Made one by one, each would lie
    // between the buffers of two connections, and its page could never be given back: so they are made in
    // blocks.
    void prepare_descriptors() {
        if (host_->session_count < prepared_) return;
        prepared_ += descriptors_in_a_block;
        std::vector<asio::posix::stream_descriptor> block;
        block.reserve(descriptors_in_a_block);
        for (int i = 0; i < descriptors_in_a_block; ++i) {
            const int made = ::eventfd(0, EFD_CLOEXEC);
            if (made < 0) return;
            block.emplace_back(acceptor_.get_executor(), made);
        }
    }

    // What is called may end the session that it is called with.
    template <class Action>
    void for_each_session(Action action) {
        for (auto it = host_->sessions.begin(); it != host_->sessions.end();) action(*it++);
    }

    tcp::acceptor acceptor_;
    asio::steady_timer sweep_timer_;
    asio::steady_timer pause_timer_;
    const std::shared_ptr<SessionHost> host_;
    tcp protocol_ = tcp::v4();
    std::uint16_t port_ = 0;
    std::int64_t cut_at_ms_ = 0;
    int prepared_ = 0;
};

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
    stop();
}

Result<std::unique_ptr<Server>> Server::start(asio::io_context& io, const Router& router,
                                              ServerOptions options) {
    auto impl = std::make_shared<Impl>(io, router, std::move(options));
    OURVIDZ_CHECK(impl->listen());
    impl->run();
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const {
    return impl_->port();
}
void Server::stop() {
    impl_->stop();
}
int Server::open_connections() const {
    return impl_->open_connections();
}

}  // namespace ourvidz::http
