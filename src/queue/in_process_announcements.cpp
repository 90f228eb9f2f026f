#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "queue/announcements.h"

namespace ourvidz::queue {
namespace {

class InProcess final : public Announcements {
  public:
    explicit InProcess(asio::any_io_executor executor) : executor_(std::move(executor)) {}

    void announce() override {
        ++heard_;
        for (auto* timer : waiting_) timer->cancel();
    }
    std::uint64_t heard() const override { return heard_; }

    asio::awaitable<void> wait(std::uint64_t seen, std::chrono::milliseconds longest) override {
        if (heard_ != seen) co_return;
        asio::steady_timer timer(executor_, longest);
        waiting_.insert(&timer);
        boost::system::error_code canceled;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, canceled));
        waiting_.erase(&timer);
    }

  private:
    asio::any_io_executor executor_;
    std::set<asio::steady_timer*> waiting_;
    std::uint64_t heard_ = 0;
};

}  // namespace

std::unique_ptr<Announcements> in_process_announcements(asio::any_io_executor executor) {
    return std::make_unique<InProcess>(std::move(executor));
}

}  // namespace ourvidz::queue
