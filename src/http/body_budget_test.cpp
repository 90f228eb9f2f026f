// The memory of all bodies together: who gets room, and who loses it.
#include "http/body_budget.h"

#include <gtest/gtest.h>

#include <vector>

#include "http/problem.h"
#include "http/test_support.h"

namespace ourvidz::http {
namespace {

using testing::RawConnection;
using testing::RawResponse;
using testing::TestServer;

constexpr std::uint64_t mb = 1U << 20U;
constexpr std::int64_t patience_ms = 10'000;

TEST(BodyBudgetTest, LeavesRoomForSmallBodiesWhenThereIsNoneForLargeOnes) {
    BodyBudget budget(64 * mb, patience_ms);
    const auto nothing = [] {};
    BodyBudget::Share large(budget, 0, nothing);
    BodyBudget::Share second(budget, 0, nothing);
    BodyBudget::Share small(budget, 0, nothing);
    BodyBudget::Share ordinary(budget, 0, nothing);
    EXPECT_TRUE(large.extend_to(32 * mb, 0));
    EXPECT_FALSE(second.extend_to(32 * mb, 0)) << "it would be all that is left";
    EXPECT_TRUE(small.extend_to(4 * mb, 0));
    EXPECT_EQ(budget.held_bytes(), 36 * mb);
    EXPECT_TRUE(ordinary.extend_to(BodyBudget::free_bytes, 0));
    EXPECT_EQ(budget.held_bytes(), 36 * mb) << "what so little costs is not counted";
    large.give_back();
    EXPECT_TRUE(second.extend_to(30 * mb, 0));
}

TEST(BodyBudgetTest, TakesThePlaceOfTheSlowestAfterSomePatience) {
    BodyBudget budget(64 * mb, patience_ms);
    std::vector<int> lost;
    const auto told = [&](int who) { return [&lost, who] { lost.push_back(who); }; };
    BodyBudget::Share slow(budget, 0, told(1));
    BodyBudget::Share slower(budget, 0, told(2));
    BodyBudget::Share steady(budget, 0, told(3));
    BodyBudget::Share late(budget, 5'000, told(4));
    ASSERT_TRUE(slow.extend_to(16 * mb, 0));
    ASSERT_TRUE(slower.extend_to(16 * mb, 0));
    ASSERT_TRUE(steady.extend_to(16 * mb, 0));
    slow.received(300'000);
    slower.received(1'000);
    steady.received(10 * mb);
    EXPECT_FALSE(late.extend_to(16 * mb, patience_ms - 1)) << "so soon nobody is slow";
    EXPECT_TRUE(late.extend_to(16 * mb, patience_ms));
    EXPECT_EQ(lost, (std::vector<int>{2}));
    EXPECT_TRUE(slower.lost());
    EXPECT_FALSE(slower.extend_to(20 * mb, patience_ms)) << "what is lost is not begun again";
    EXPECT_EQ(budget.held_bytes(), 48 * mb);
}

TEST(BodyBudgetTest, WhatIsThereLosesNothing) {
    BodyBudget budget(64 * mb, patience_ms);
    BodyBudget::Share waits_for_its_answer(budget, 0, [] { ADD_FAILURE(); });
    ASSERT_TRUE(waits_for_its_answer.extend_to(32 * mb, 0));
    waits_for_its_answer.keep();
    BodyBudget::Share next(budget, 0, [] { ADD_FAILURE(); });
    EXPECT_FALSE(next.extend_to(32 * mb, 100 * patience_ms));
}

class BodyMemoryTest : public ::testing::Test {
  protected:
    static constexpr std::size_t body_bytes = 400'000;

    BodyMemoryTest() {
        router_.add("POST", "/count", {BodyUse::memory, body_bytes},
                    [](Request request) -> asio::awaitable<Response> {
                        co_return json_response(200, json::object{{"bytes", request.body.size()}});
                    });
        options_.body_memory_bytes_max = 2 * body_bytes;
    }

    static std::string head(std::size_t bytes) {
        return "POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(bytes) +
               "\r\n\r\n";
    }

    Router router_;
    ServerOptions options_;
};

TEST_F(BodyMemoryTest, WhatHasNoRoomIsToldToComeBack) {
    const TestServer server(router_, options_);
    RawConnection first(server.port());
    RawConnection second(server.port());
    RawConnection small(server.port());
    const std::string body(body_bytes, 'a');
    ASSERT_TRUE(first.send(head(body_bytes) + "a"));
    RawResponse refused;
    // Until the first one's header has been read there is room.
    do {
        RawConnection other(server.port());
        refused = other.ask(head(body_bytes) + body);
    } while (refused.status == 200);
    EXPECT_EQ(refused.status, 503);
    EXPECT_TRUE(refused.has("retry-after: 1")) << refused.head;
    EXPECT_NE(refused.body.find("\"code\":\"unavailable\""), std::string::npos) << refused.body;
    EXPECT_EQ(small.ask(head(20'000) + std::string(20'000, 'a')).status, 200) << "small ones still have room";
    ASSERT_TRUE(first.send(std::string_view(body).substr(1)));
    EXPECT_EQ(first.read_response().status, 200);
    EXPECT_EQ(second.ask(head(body_bytes) + body).status, 200) << "what is answered takes no room";
}

TEST_F(BodyMemoryTest, WhatHasNoLengthIsCountedAsItComes) {
    const TestServer server(router_, options_);
    RawConnection first(server.port());
    ASSERT_TRUE(first.send(head(body_bytes) + "a"));
    const std::string chunk = "4000\r\n" + std::string(0x4000, 'a') + "\r\n";
    RawResponse refused;
    do {
        RawConnection other(server.port());
        std::string chunks;
        for (int i = 0; i < 24; ++i) chunks += chunk;
        refused = other.ask("POST /count HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" +
                            chunks + "0\r\n\r\n");
    } while (refused.status == 200);
    EXPECT_EQ(refused.status, 503);
}

TEST_F(BodyMemoryTest, ASlowSenderLosesItsPlaceToAnother) {
    options_.body_patience_ms = 0;
    const TestServer server(router_, options_);
    RawConnection slow(server.port());
    ASSERT_TRUE(slow.send(head(body_bytes) + "a"));
    const std::string body(body_bytes, 'a');
    // Those that were quick enough to come before it took nothing from it.
    while (true) {
        RawConnection quick(server.port());
        ASSERT_EQ(quick.ask(head(body_bytes) + body).status, 200);
        pollfd answered = slow.readable();
        if (::poll(&answered, 1, 0) == 1) break;
    }
    const auto told = slow.read_response();
    EXPECT_EQ(told.status, 503);
    EXPECT_TRUE(told.has("retry-after: 1")) << told.head;
}

}  // namespace
}  // namespace ourvidz::http
