// Servers that tell each other things through Redis, and a Redis that is cut off, stands still or is emptied.
#include "redis/bus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>

#include "events/hub.h"
#include "redis/wire.h"
#include "relay.h"

namespace ourvidz::redis {
namespace {

using std::chrono::milliseconds;

class BusTest : public testing::Test {
  protected:
    void SetUp() override {
        const char* address = std::getenv("OURVIDZ_TEST_REDIS");
        if (address == nullptr) GTEST_SKIP() << "no Redis to test with";
        relay_ = std::make_unique<Relay>(address);
        near_ = start(address);
        far_ = start(relay_->address());
        far_->on("topic", [this](std::string_view payload) { heard_.emplace_back(payload); });
        far_->on_gap([this] { ++gaps_; });
        near_->on("topic", [this](std::string_view) { ++echoes_; });
        ASSERT_TRUE(until([this] { return near_->connected() && far_->connected(); }));
    }
    std::unique_ptr<Bus> start(const std::string& address) {
        BusOptions options;
        options.url = "redis://" + address + "/" + std::to_string(getpid());
        options.silence_max = milliseconds(600);
        options.ping_every = milliseconds(100);
        options.look_every = milliseconds(100);
        return std::move(*Bus::start(io_.get_executor(), options));
    }
    template <class Condition>
    bool until(Condition condition, milliseconds longest = milliseconds(10'000)) {
        const auto end = std::chrono::steady_clock::now() + longest;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) return false;
            io_.run_one_for(milliseconds(20));
        }
        return true;
    }
    // Comes back: what is said from now on is heard.
    bool is_heard_again() {
        return until([this] {
            near_->publish("topic", "back");
            return !heard_.empty() && heard_.back() == "back";
        });
    }

    asio::io_context io_;
    std::unique_ptr<Relay> relay_;
    std::unique_ptr<Bus> near_;
    std::unique_ptr<Bus> far_;
    std::vector<std::string> heard_;
    int gaps_ = 0;
    int echoes_ = 0;
};

TEST_F(BusTest, TellsTheOthersInOrderAndNotItself) {
    std::string binary("a\r\nb \0c", 7);
    for (const auto& payload : {std::string("one"), std::string(""), binary, std::string(300'000, 'x')})
        near_->publish("topic", payload);
    near_->publish("other", "not for us");
    ASSERT_TRUE(until([this] { return heard_.size() == 4; }));
    EXPECT_THAT(heard_, testing::ElementsAre("one", "", binary, std::string(300'000, 'x')));
    EXPECT_EQ(echoes_, 0);
}

TEST_F(BusTest, ComesBackAfterACutAndTellsOfTheGap) {
    const auto before = gaps_;
    relay_->cut();
    ASSERT_TRUE(until([this] { return !far_->connected(); }));
    ASSERT_TRUE(until([this] { return far_->connected(); }));
    EXPECT_GT(gaps_, before);
    EXPECT_TRUE(is_heard_again());
}

TEST_F(BusTest, SaysSoAndLooksByItselfWhileRedisIsAway) {
    relay_->set_away(true);
    ASSERT_TRUE(until([this] { return !far_->connected(); }));
    EXPECT_THAT(far_->state(), testing::HasSubstr("does not answer"));
    const auto before = gaps_;
    EXPECT_TRUE(until([&] { return gaps_ >= before + 3; }, milliseconds(2'000)));
    relay_->set_away(false);
    EXPECT_TRUE(is_heard_again());
    EXPECT_TRUE(until([this] { return far_->state() == "answers"; }));
}

// As a process under SIGSTOP does: nothing is closed, and nothing comes.
TEST_F(BusTest, NoticesARedisThatStandsStill) {
    relay_->set_stalled(true);
    ASSERT_TRUE(until([this] { return !far_->connected(); }, milliseconds(3'000)));
    const auto before = gaps_;
    EXPECT_TRUE(until([&] { return gaps_ >= before + 2; }, milliseconds(2'000)));
    relay_->set_stalled(false);
    EXPECT_TRUE(is_heard_again());
}

TEST_F(BusTest, DoesNotMindBeingEmptied) {
    const auto port = std::string(std::getenv("OURVIDZ_TEST_REDIS"));
    ASSERT_EQ(
        std::system(("redis-cli -p " + port.substr(port.find(':') + 1) + " FLUSHALL >/dev/null").c_str()), 0);
    EXPECT_TRUE(is_heard_again());
    EXPECT_TRUE(far_->connected());
}

TEST_F(BusTest, CarriesEventsToReadersOfAnotherServer) {
    events::Hub here(io_.get_executor());
    events::Hub there(io_.get_executor());
    here.share(*near_);
    there.share(*far_);
    const auto reader = there.subscribe("w");
    const auto stranger = there.subscribe("other");
    int woken = 0;
    int strangers = 0;
    const auto count = [](events::Subscription& subscription, int& counter) -> asio::awaitable<void> {
        while (co_await subscription.wait(milliseconds(3'000))) ++counter;
    };
    asio::co_spawn(io_, count(*reader, woken), asio::detached);
    asio::co_spawn(io_, count(*stranger, strangers), asio::detached);
    here.announce("w");
    ASSERT_TRUE(until([&] { return woken == 1; }));
    here.publish("w", {"progress", R"({"step":7})"});
    ASSERT_TRUE(until([&] { return woken == 2; }));
    const auto moments = reader->take_moments();
    ASSERT_EQ(moments.size(), 1U);
    EXPECT_EQ(moments[0].name, "progress");
    EXPECT_EQ(moments[0].data, R"({"step":7})");
    EXPECT_EQ(strangers, 0);
    // The waits end before what they wait on does.
    far_.reset();
    near_.reset();
    io_.run();
}

TEST(RedisAddress, ReadsUrls) {
    const auto full = address_from("redis://:p%40ss@cache:7000/3");
    ASSERT_TRUE(full.ok());
    EXPECT_EQ(full->host, "cache");
    EXPECT_EQ(full->port, "7000");
    EXPECT_EQ(full->password, "p@ss");
    EXPECT_EQ(full->number, "3");
    EXPECT_EQ(address_from("redis://localhost")->port, "6379");
    for (const auto* wrong : {"", "localhost:6379", "http://x", "redis://x/y", "redis://"})
        EXPECT_FALSE(address_from(wrong).ok()) << wrong;
}

}  // namespace
}  // namespace ourvidz::redis
