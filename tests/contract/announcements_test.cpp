// What every adapter of queue::Announcements must do.
#include "queue/announcements.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace ourvidz::queue {
namespace {

using Make = std::unique_ptr<Announcements> (*)(asio::any_io_executor);

class AnnouncementsContract : public testing::TestWithParam<Make> {
  protected:
    // Runs a wait to its end; true if it ended before its longest time.
    bool wait_ends_early(std::uint64_t seen, const std::function<void()>& meanwhile) {
        bool early = false;
        const auto start = std::chrono::steady_clock::now();
        auto waiting = [&]() -> asio::awaitable<void> {
            co_await announcements_->wait(seen, longest);
            early = std::chrono::steady_clock::now() - start < longest;
        };
        asio::co_spawn(io_, waiting, asio::detached);
        asio::post(io_, meanwhile);
        io_.restart();
        io_.run();
        return early;
    }

    static constexpr std::chrono::milliseconds longest{2'000};
    asio::io_context io_;
    std::unique_ptr<Announcements> announcements_ = GetParam()(io_.get_executor());
};

TEST_P(AnnouncementsContract, WakesThoseWhoWait) {
    const auto seen = announcements_->heard();
    EXPECT_TRUE(wait_ends_early(seen, [&] { announcements_->announce(); }));
}

TEST_P(AnnouncementsContract, DoesNotMissWhatCameBeforeTheWait) {
    const auto seen = announcements_->heard();
    announcements_->announce();
    EXPECT_TRUE(wait_ends_early(seen, [] {}));
}

TEST_P(AnnouncementsContract, EndsByItself) {
    EXPECT_FALSE(wait_ends_early(announcements_->heard(), [] {}));
}

INSTANTIATE_TEST_SUITE_P(InProcess, AnnouncementsContract, testing::Values(&in_process_announcements));

}  // namespace
}  // namespace ourvidz::queue
