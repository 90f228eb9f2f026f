#include "redis/bus.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <map>

#include "base/id.h"
#include "redis/wire.h"

namespace ourvidz::redis {
namespace {

using asio::ip::tcp;

constexpr std::size_t unsent_max = 10'000;
constexpr std::size_t unsent_bytes_max = 16U << 20;
constexpr std::size_t block_bytes = 16U << 10;
constexpr int origin_bytes = 8;
constexpr std::string_view ping_topic = "ping";

// Ends with its connections: whoever waits on them gets an error then.
struct Session {
    explicit Session(const asio::any_io_executor& executor)
        : hearing(executor),
          speaking(executor),
          watchdog(executor),
          something_to_say(executor),
          next_ping(executor) {}

    void end() {
        boost::system::error_code ignored;
        hearing.close(ignored);
        speaking.close(ignored);
        watchdog.cancel();
        something_to_say.cancel();
        next_ping.cancel();
        over = true;
    }

    tcp::socket hearing;   // subscribed; such a connection can do nothing else
    tcp::socket speaking;  // publishes
    asio::steady_timer watchdog;
    asio::steady_timer something_to_say;
    asio::steady_timer next_ping;
    ReplyReader heard;
    bool over = false;
};

}  // namespace

class Bus::Impl : public std::enable_shared_from_this<Bus::Impl> {
  public:
    Impl(asio::any_io_executor executor, BusOptions options, Address address)
        : executor_(std::move(executor)),
          options_(std::move(options)),
          address_(std::move(address)),
          channel_("ourvidz:" + address_.number),
          pause_(executor_),
          look_(executor_) {}

    void run() {
        asio::co_spawn(executor_, keep_connected(shared_from_this()), asio::detached);
        asio::co_spawn(executor_, look_while_away(shared_from_this()), asio::detached);
    }
    void stop() {
        stopped_ = true;
        pause_.cancel();
        look_.cancel();
        if (session_) session_->end();
    }

    void publish(std::string_view topic, std::string_view payload) {
        if (!connected_ || unsent_.size() >= unsent_max || unsent_bytes_ + payload.size() > unsent_bytes_max)
            return;
        say(topic, payload);
    }

    std::map<std::string, std::function<void(std::string_view)>, std::less<>> handlers;
    std::vector<std::function<void()>> gap_handlers;
    [[nodiscard]] bool connected() const { return connected_; }
    [[nodiscard]] std::string state() const {
        if (connected_) return "answers";
        return "does not answer (" + last_failure_ + "): servers look at the database every second instead";
    }

  private:
    using Self = std::shared_ptr<Impl>;

    static asio::awaitable<void> keep_connected(Self self) {
        auto pause = self->options_.pause_first;
        while (!self->stopped_) {
            auto session = std::make_shared<Session>(self->executor_);
            self->session_ = session;
            const auto ended = co_await self->serve(session);
            session->end();
            if (self->stopped_) co_return;
            if (self->connected_) {
                spdlog::warn("Redis is away: {}", ended.error().detail);
                pause = self->options_.pause_first;
            }
            self->connected_ = false;
            self->last_failure_ = ended.error().detail;
            self->unsent_.clear();
            self->unsent_bytes_ = 0;
            self->pause_.expires_after(pause);
            boost::system::error_code woken;
            co_await self->pause_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            pause = std::min(pause * 2, self->options_.pause_longest);
        }
    }

    static asio::awaitable<void> look_while_away(Self self) {
        while (!self->stopped_) {
            self->look_.expires_after(self->options_.look_every);
            boost::system::error_code woken;
            co_await self->look_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            if (!self->stopped_ && !self->connected_) self->tell_of_gap();
        }
    }

    void tell_of_gap() const {
        for (const auto& handler : gap_handlers) handler();
    }

    void say(std::string_view topic, std::string_view payload) {
        std::string message = origin_ + " " + std::string(topic) + " ";
        message += payload;
        unsent_.push_back(command({"PUBLISH", channel_, message}));
        unsent_bytes_ += unsent_.back().size();
        if (session_) session_->something_to_say.cancel();
    }

    // The session is over unless this is called again in time.
    void expect_life(const std::shared_ptr<Session>& session) const {
        session->watchdog.expires_after(options_.silence_max);
        session->watchdog.async_wait([session](const boost::system::error_code& stopped) {
            if (!stopped && session->watchdog.expiry() <= std::chrono::steady_clock::now()) session->end();
        });
    }

    // Until the connection fails; answers why.
    asio::awaitable<Result<void>> serve(std::shared_ptr<Session> session) {
        expect_life(session);
        auto opened = co_await open(session, session->hearing);
        if (opened.ok()) opened = co_await open(session, session->speaking);
        if (!opened.ok()) co_return opened;
        const auto subscribe = command({"SUBSCRIBE", channel_});
        boost::system::error_code failure;
        co_await asio::async_write(session->hearing, asio::buffer(subscribe),
                                   asio::redirect_error(asio::use_awaitable, failure));
        if (failure) co_return gone(failure);
        asio::co_spawn(executor_, speak(shared_from_this(), session), asio::detached);
        asio::co_spawn(executor_, discard_answers(session), asio::detached);
        asio::co_spawn(executor_, ping(shared_from_this(), session), asio::detached);
        auto ended = co_await hear(session);
        co_return ended;
    }

    asio::awaitable<Result<void>> open(std::shared_ptr<Session> session, tcp::socket& socket) {
        boost::system::error_code failure;
        tcp::resolver resolver(executor_);
        const auto found = co_await resolver.async_resolve(
            address_.host, address_.port, asio::redirect_error(asio::use_awaitable, failure));
        if (failure || session->over) co_return gone(failure);
        co_await asio::async_connect(socket, found, asio::redirect_error(asio::use_awaitable, failure));
        if (failure || session->over) co_return gone(failure);
        // Asio leaves it open in programs that are started.
        ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
        socket.set_option(tcp::no_delay(true), failure);
        if (address_.password.empty()) co_return Result<void>();
        const auto login = command({"AUTH", address_.password});
        co_await asio::async_write(socket, asio::buffer(login),
                                   asio::redirect_error(asio::use_awaitable, failure));
        std::string answer(5, '\0');
        if (!failure) {
            co_await asio::async_read(socket, asio::buffer(answer),
                                      asio::redirect_error(asio::use_awaitable, failure));
        }
        if (failure) co_return gone(failure);
        if (answer != "+OK\r\n") co_return Error{ErrorCode::unavailable, "it refused the password", ""};
        co_return Result<void>();
    }

    asio::awaitable<Result<void>> hear(std::shared_ptr<Session> session) {
        std::string block(block_bytes, '\0');
        for (;;) {
            boost::system::error_code failure;
            const auto got = co_await session->hearing.async_read_some(
                asio::buffer(block), asio::redirect_error(asio::use_awaitable, failure));
            if (failure) co_return gone(failure);
            const auto put = session->heard.put({block.data(), got});
            if (!put.ok()) co_return put.error();
            for (;;) {
                auto reply = session->heard.take();
                if (!reply.ok()) co_return reply.error();
                if (!*reply) break;
                if ((*reply)->is_error)
                    co_return Error{ErrorCode::unavailable, "it said: " + (*reply)->text, ""};
                if ((*reply)->parts.size() == 3 && (*reply)->parts[0] == "message")
                    take(session, (*reply)->parts[2]);
            }
        }
    }

    // "<origin> <topic> <payload>"
    void take(const std::shared_ptr<Session>& session, std::string_view message) {
        const auto first = message.find(' ');
        const auto second = message.find(' ', first + 1);
        if (first == std::string_view::npos || second == std::string_view::npos) return;
        const auto topic = message.substr(first + 1, second - first - 1);
        if (message.substr(0, first) == origin_) {
            if (topic == ping_topic) came_back(session);
            return;
        }
        const auto handler = handlers.find(topic);
        if (handler != handlers.end()) handler->second(message.substr(second + 1));
    }

    // Our own message has made the whole way.
    void came_back(const std::shared_ptr<Session>& session) {
        expect_life(session);
        if (connected_) return;
        connected_ = true;
        spdlog::info("Redis answers");
        // What was said before this is lost.
        tell_of_gap();
    }

    static asio::awaitable<void> speak(Self self, std::shared_ptr<Session> session) {
        boost::system::error_code failure;
        while (!failure && !session->over) {
            if (self->unsent_.empty()) {
                session->something_to_say.expires_at(std::chrono::steady_clock::time_point::max());
                boost::system::error_code woken;
                co_await session->something_to_say.async_wait(
                    asio::redirect_error(asio::use_awaitable, woken));
                continue;
            }
            std::string bytes;
            while (!self->unsent_.empty()) {
                bytes += self->unsent_.front();
                self->unsent_.pop_front();
            }
            self->unsent_bytes_ = 0;
            co_await asio::async_write(session->speaking, asio::buffer(bytes),
                                       asio::redirect_error(asio::use_awaitable, failure));
        }
        session->end();
    }

    static asio::awaitable<void> discard_answers(std::shared_ptr<Session> session) {
        std::string block(block_bytes, '\0');
        boost::system::error_code failure;
        while (!failure) {
            co_await session->speaking.async_read_some(asio::buffer(block),
                                                       asio::redirect_error(asio::use_awaitable, failure));
        }
        session->end();
    }

    static asio::awaitable<void> ping(Self self, std::shared_ptr<Session> session) {
        while (!session->over) {
            self->say(ping_topic, "");
            session->next_ping.expires_after(self->options_.ping_every);
            boost::system::error_code woken;
            co_await session->next_ping.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        }
    }

    static Error gone(const boost::system::error_code& failure) {
        const bool cut = !failure || failure == asio::error::operation_aborted;
        return Error{ErrorCode::unavailable, cut ? "it was silent for too long" : failure.message(), ""};
    }

    asio::any_io_executor executor_;
    const BusOptions options_;
    const Address address_;
    const std::string channel_;
    const std::string origin_ = random_hex(origin_bytes);
    asio::steady_timer pause_;
    asio::steady_timer look_;
    std::shared_ptr<Session> session_;
    std::deque<std::string> unsent_;
    std::size_t unsent_bytes_ = 0;
    bool connected_ = false;
    bool stopped_ = false;
    std::string last_failure_ = "not yet connected";
};

Result<std::unique_ptr<Bus>> Bus::start(asio::any_io_executor executor, BusOptions options) {
    OURVIDZ_TRY(address, address_from(options.url));
    auto impl = std::make_shared<Impl>(std::move(executor), std::move(options), address);
    impl->run();
    return std::unique_ptr<Bus>(new Bus(std::move(impl)));
}

Bus::Bus(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Bus::~Bus() {
    impl_->stop();
    impl_->handlers.clear();
    impl_->gap_handlers.clear();
}

void Bus::on(std::string topic, std::function<void(std::string_view)> handler) {
    impl_->handlers[std::move(topic)] = std::move(handler);
}

void Bus::on_gap(std::function<void()> handler) {
    impl_->gap_handlers.push_back(std::move(handler));
}

void Bus::publish(std::string_view topic, std::string_view payload) {
    impl_->publish(topic, payload);
}

bool Bus::connected() const {
    return impl_->connected();
}

std::string Bus::state() const {
    return impl_->state();
}

}  // namespace ourvidz::redis
