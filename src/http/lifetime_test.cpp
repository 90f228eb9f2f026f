// Time limits, readers that leave, stopping, many connections.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "http/sse.h"
#include "http/test_support.h"

namespace ourvidz::http {
namespace {

using testing::get;
using testing::patience_ms;
using testing::RawConnection;
using testing::TestServer;

// Tells how a coroutine ended, whichever way it did.
class EndSignal {
  public:
    [[nodiscard]] bool came() {
        return future_.wait_for(std::chrono::milliseconds(patience_ms)) == std::future_status::ready;
    }
    [[nodiscard]] std::int64_t value() { return future_.get(); }

    class Guard {
      public:
        explicit Guard(EndSignal& signal) : signal_(signal) {}
        ~Guard() { signal_.promise_.set_value(count); }
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;
        std::int64_t count = 0;

      private:
        EndSignal& signal_;
    };

  private:
    std::promise<std::int64_t> promise_;
    std::future<std::int64_t> future_ = promise_.get_future();
};

asio::awaitable<void> wait_for_ever() {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> say_hello_and_wait(Stream& stream) {
    auto chunk = sse_event("hello", "there");
    if (co_await stream.write(std::move(chunk))) co_await wait_for_ever();
}

asio::awaitable<Response> open_stream(Request) {
    Response response;
    response.headers.emplace_back("Content-Type", "text/event-stream");
    response.stream = say_hello_and_wait;
    co_return response;
}

asio::awaitable<Response> hello(Request) {
    Response response;
    response.body = "hello";
    co_return response;
}

// A route that the test can hold inside its handler.
class HeldRoute {
  public:
    asio::awaitable<Response> handle(Request) {
        const EndSignal::Guard guard(ended);
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
        timer_ = &timer;
        started.set_value();
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        Response response;
        response.body = "done";
        co_return response;
    }
    void release() { timer_->cancel(); }  // on the I/O thread

    std::promise<void> started;
    EndSignal ended;

  private:
    asio::steady_timer* timer_ = nullptr;
};

TEST(Lifetime, EndsConnectionsThatAreTooSlow) {
    const struct {
        const char* name;
        const char* bytes;
        ServerOptions options;
    } rows[] = {
        {"nothing sent", "", {.idle_timeout_ms = 30}},
        {"half a header", "GET / HTTP/1.1\r\nHost: loc", {.header_timeout_ms = 30}},
        {"half a request line", "GE", {.header_timeout_ms = 30}},
        {"half a body",
         "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf",
         {.body_timeout_ms = 30}},
        {"idle after a request", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", {.idle_timeout_ms = 30}},
    };
    Router router;
    router.add("GET", "/", {}, hello);
    router.add("POST", "/body", {BodyUse::memory, 100}, hello);
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        TestServer server(router, row.options);
        RawConnection connection(server.port());
        ASSERT_TRUE(connection.send(row.bytes));
        const auto got = connection.read_to_end();
        EXPECT_EQ(got.empty(), !std::string_view(row.bytes).starts_with("GET / HTTP/1.1\r\nHost: localhost"))
            << got;
    }
}

TEST(Lifetime, NoticesThatTheReaderOfAQuietStreamLeft) {
    EndSignal ended;
    Router router;
    const auto quiet = [&ended](Stream& stream) -> asio::awaitable<void> {
        const EndSignal::Guard guard(ended);
        co_await say_hello_and_wait(stream);
    };
    const auto route = [&quiet](Request) -> asio::awaitable<Response> {
        Response response;
        response.stream = quiet;
        co_return response;
    };
    router.add("GET", "/", {}, route);
    TestServer server(router);
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(get("/")));
    connection.read_until("there\n\n");
    connection.close();
    EXPECT_TRUE(ended.came());
}

TEST(Lifetime, NoticesThatTheReaderOfABusyStreamLeft) {
    EndSignal ended;
    Router router;
    const auto busy = [&ended](Stream& stream) -> asio::awaitable<void> {
        EndSignal::Guard guard(ended);
        std::string chunk(1000, 'x');
        while (co_await stream.write(chunk)) ++guard.count;
    };
    const auto route = [&busy](Request) -> asio::awaitable<Response> {
        Response response;
        response.stream = busy;
        co_return response;
    };
    router.add("GET", "/", {}, route);
    TestServer server(router);
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(get("/")));
    connection.read_until("xxxx");
    connection.close();
    ASSERT_TRUE(ended.came());
    EXPECT_GT(ended.value(), 0);
}

TEST(Lifetime, BoundsWhatASlowReaderMakesItKeep) {
    EndSignal ended;
    Router router;
    const auto flood = [&ended](Stream& stream) -> asio::awaitable<void> {
        EndSignal::Guard guard(ended);
        std::string chunk(64 * 1024, 'x');
        while (co_await stream.write(chunk)) guard.count += static_cast<std::int64_t>(chunk.size());
    };
    const auto route = [&flood](Request) -> asio::awaitable<Response> {
        Response response;
        response.stream = flood;
        co_return response;
    };
    router.add("GET", "/", {}, route);
    TestServer server(router, {.write_timeout_ms = 50});
    RawConnection connection(server.port(), 4096);
    ASSERT_TRUE(connection.send(get("/")));
    ASSERT_TRUE(ended.came());
    EXPECT_LT(ended.value(), 4 * 1024 * 1024);
}

TEST(Lifetime, SaysThatThePortIsTaken) {
    const Router router;
    TestServer first(router);
    asio::io_context io;
    const auto second = Server::start(io, router, {.port = first.port()});
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::unavailable);
    EXPECT_NE(second.error().detail.find("port " + std::to_string(first.port())), std::string::npos);
    EXPECT_NE(second.error().detail.find("another program"), std::string::npos);
    for (const auto* host : {"203.0.113.1", "no address", ""}) {
        const auto elsewhere = Server::start(io, router, {.host = host});
        ASSERT_FALSE(elsewhere.ok()) << host;
        EXPECT_EQ(elsewhere.error().code, ErrorCode::unavailable);
    }
}

TEST(Lifetime, StopsAtOnceWithStreamsAndIdleConnectionsOpen) {
    Router router;
    router.add("GET", "/", {}, hello);
    router.add("GET", "/stream", {}, open_stream);
    TestServer server(router);
    std::vector<std::unique_ptr<RawConnection>> connections;
    for (int i = 0; i < 10; ++i) {
        auto& connection = *connections.emplace_back(std::make_unique<RawConnection>(server.port()));
        ASSERT_TRUE(connection.send(get(i % 2 == 0 ? "/" : "/stream")));
        connection.read_until(i % 2 == 0 ? "hello" : "there\n\n");
    }
    server.stop();
    server.stop();
    EXPECT_TRUE(server.ends());
    for (auto& connection : connections)
        EXPECT_EQ(connection->read_to_end().find("0\r\n\r\n"), std::string::npos);
}

TEST(Lifetime, LetsRequestsInFlightFinishWhenItStops) {
    HeldRoute held;
    Router router;
    router.add("GET", "/", {}, [&held](Request request) { return held.handle(std::move(request)); });
    TestServer server(router);
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(get("/")));
    held.started.get_future().wait();
    server.stop();
    asio::post(server.io(), [&held] { held.release(); });
    const auto response = connection.read_response();
    EXPECT_EQ(response.body, "done");
    EXPECT_TRUE(response.has("connection: close"));
    EXPECT_TRUE(server.ends());
}

TEST(Lifetime, CutsRequestsThatDoNotFinishInTime) {
    HeldRoute held;
    Router router;
    router.add("GET", "/", {}, [&held](Request request) { return held.handle(std::move(request)); });
    TestServer server(router, {.stop_grace_ms = 30});
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(get("/")));
    held.started.get_future().wait();
    server.stop();
    EXPECT_EQ(connection.read_to_end(), "");
    EXPECT_TRUE(held.ended.came());
    EXPECT_TRUE(server.ends());
}

TEST(Lifetime, MayBeDestroyedWithTheIoContext) {
    Router router;
    router.add("GET", "/stream", {}, open_stream);
    auto server = std::make_unique<TestServer>(router);
    RawConnection connection(server->port());
    ASSERT_TRUE(connection.send(get("/stream")));
    connection.read_until("there\n\n");
    server->io().stop();  // the coroutines are destroyed where they wait
    server.reset();
    EXPECT_EQ(connection.read_to_end().find("0\r\n\r\n"), std::string::npos);
}

TEST(Lifetime, RefusesConnectionsOverTheLimit) {
    Router router;
    router.add("GET", "/", {}, hello);
    TestServer server(router, {.connections_max = 2});
    RawConnection first(server.port());
    EXPECT_EQ(first.ask(get("/")).status, 200);
    RawConnection second(server.port());
    EXPECT_EQ(second.ask(get("/")).status, 200);
    RawConnection third(server.port());
    const auto refused = third.read_response();
    EXPECT_EQ(refused.status, 503);
    EXPECT_TRUE(refused.has("retry-after: 1"));
    EXPECT_TRUE(refused.has("x-frame-options: deny"));
    EXPECT_NE(refused.head.find("content-security-policy: default-src 'none'"), std::string::npos);
    EXPECT_EQ(third.read_to_end(), "");
    EXPECT_EQ(first.ask(get("/")).status, 200);
}

TEST(Lifetime, ServesAThousandConnectionsAtOnce) {
    constexpr int count = 1000;
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < 2 * count + 100) GTEST_SKIP() << "this machine allows too few open files";
    Router router;
    router.add("GET", "/", {}, hello);
    router.add("GET", "/stream", {}, open_stream);
    TestServer server(router);
    std::vector<std::unique_ptr<RawConnection>> connections;
    for (int i = 0; i < count; ++i) connections.push_back(std::make_unique<RawConnection>(server.port()));
    for (int round = 0; round < 3; ++round) {
        for (auto& connection : connections) ASSERT_TRUE(connection->send(get("/")));
        for (auto& connection : connections) ASSERT_EQ(connection->read_response().body, "hello");
    }
    EXPECT_EQ(server.open_connections(), count);
    for (auto& connection : connections) ASSERT_TRUE(connection->send(get("/stream")));
    for (auto& connection : connections)
        ASSERT_TRUE(connection->read_until("there\n\n").ends_with("there\n\n"));
    EXPECT_EQ(server.open_connections(), count);
    server.stop();
    EXPECT_TRUE(server.ends());
}

}  // namespace
}  // namespace ourvidz::http
