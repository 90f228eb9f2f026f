// What every adapter of queue::Announcements must do.
#include "queue/announcements.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>

namespace ourvidz::queue {
namespace {

// Whoever announces and whoever waits: one thing in one process, two on two servers.
struct Pair {
    std::vector<std::unique_ptr<redis::Bus>> buses;
    std::vector<std::unique_ptr<Announcements>> ends;
};

class AnnouncementsContract : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        if (std::string_view(GetParam()) == "in_process") {
            pair_.ends.push_back(in_process_announcements(io_.get_executor()));
            return;
        }
        const char* address = std::getenv("OURVIDZ_TEST_REDIS");
        if (address == nullptr) GTEST_SKIP() << "no Redis to test with";
        const auto url = std::string("redis://") + address + "/" + std::to_string(getpid());
        for (int i = 0; i < 2; ++i) {
            redis::BusOptions options;
            options.url = url;
            pair_.buses.push_back(std::move(*redis::Bus::start(io_.get_executor(), options)));
            pair_.ends.push_back(shared_announcements(io_.get_executor(), *pair_.buses.back()));
        }
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!pair_.buses[0]->connected() || !pair_.buses[1]->connected()) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline);
            io_.run_one_for(std::chrono::milliseconds(100));
        }
    }
    Announcements& announcer() { return *pair_.ends.front(); }
    Announcements& waiter() { return *pair_.ends.back(); }

    // Runs a wait to its end; true if it ended before its longest time.
    bool wait_ends_early(std::uint64_t seen, const std::function<void()>& meanwhile) {
        bool early = false;
        bool over = false;
        const auto start = std::chrono::steady_clock::now();
        auto waiting = [&]() -> asio::awaitable<void> {
            co_await waiter().wait(seen, longest);
            early = std::chrono::steady_clock::now() - start < longest;
            over = true;
        };
        asio::co_spawn(io_, waiting, asio::detached);
        asio::post(io_, meanwhile);
        io_.restart();
        while (!over) io_.run_one();
        return early;
    }

    static constexpr std::chrono::milliseconds longest{2'000};
    asio::io_context io_;
    Pair pair_;
};

TEST_P(AnnouncementsContract, WakesThoseWhoWait) {
    const auto seen = waiter().heard();
    EXPECT_TRUE(wait_ends_early(seen, [&] { announcer().announce(); }));
}

TEST_P(AnnouncementsContract, DoesNotMissWhatCameBeforeTheWait) {
    const auto seen = waiter().heard();
    announcer().announce();
    EXPECT_TRUE(wait_ends_early(seen, [] {}));
}

TEST_P(AnnouncementsContract, EndsByItself) {
    EXPECT_FALSE(wait_ends_early(waiter().heard(), [] {}));
}

TEST_P(AnnouncementsContract, IsHeardByItsOwnServerToo) {
    const auto seen = announcer().heard();
    announcer().announce();
    EXPECT_GT(announcer().heard(), seen);
}

INSTANTIATE_TEST_SUITE_P(All, AnnouncementsContract, testing::Values("in_process", "redis"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ourvidz::queue
