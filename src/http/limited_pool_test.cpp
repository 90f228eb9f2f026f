#include "http/limited_pool.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <latch>

#include "http/problem.h"
#include "http/test_support.h"

namespace ourvidz::http {
namespace {

using testing::get;
using testing::RawConnection;
using testing::TestServer;

TEST(LimitedPool, SaysToComeBackWhenItHasEnoughToDo) {
    std::latch go(1);
    LimitedPool pool(1, 2);
    Router router;
    router.add("GET", "/work", {}, [&](Request) -> asio::awaitable<Response> {
        auto done = co_await pool.run([&go]() -> Result<int> {
            go.wait();
            return 7;
        });
        co_return done.ok() ? json_response(200, *done) : problem(done.error());
    });
    const TestServer server(router);
    RawConnection first(server.port());
    RawConnection second(server.port());
    RawConnection third(server.port());
    EXPECT_TRUE(first.send(get("/work")));
    EXPECT_TRUE(second.send(get("/work")));
    // Whichever of the three comes last is turned away, and at once.
    EXPECT_TRUE(third.send(get("/work")));
    RawConnection* connections[] = {&first, &second, &third};
    pollfd waits[] = {first.readable(), second.readable(), third.readable()};
    EXPECT_EQ(::poll(waits, 3, testing::patience_ms), 1);
    int turned_away = -1;
    for (int i = 0; i < 3; ++i) {
        if (waits[i].revents == 0) continue;
        const auto answer = connections[i]->read_response();
        EXPECT_EQ(answer.status, 503);
        EXPECT_EQ(answer.header("retry-after"), "1");
        EXPECT_EQ(answer.header("content-type"), "application/problem+json");
        turned_away = i;
    }
    go.count_down();
    for (int i = 0; i < 3; ++i) {
        if (i == turned_away) continue;
        EXPECT_EQ(connections[i]->read_response().body, "7");
    }
    for (int i = 0; i < 5; ++i) EXPECT_EQ(third.ask(get("/work")).status, 200) << "there is room again";
}

TEST(LimitedPool, HasRoomAgainAlsoAfterWorkThatFailed) {
    LimitedPool pool(1, 1);
    asio::io_context io{1};
    for (int i = 0; i < 3; ++i) {
        auto work = [&pool]() -> asio::awaitable<std::string> {
            auto done = co_await pool.run([]() -> Result<int> { return invalid_field("a", "is wrong"); });
            co_return done.error().field;
        };
        auto field = asio::co_spawn(io, work(), asio::use_future);
        io.restart();
        io.run();
        EXPECT_EQ(field.get(), "a");
    }
}

}  // namespace
}  // namespace ourvidz::http
