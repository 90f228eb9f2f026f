#include "queue/announcements.h"

namespace ourvidz::queue {
namespace {

constexpr std::string_view topic = "queue";

class Shared final : public Announcements {
  public:
    Shared(asio::any_io_executor executor, redis::Bus& bus)
        : here_(in_process_announcements(std::move(executor))), bus_(bus) {
        bus_.on(std::string(topic), [this](std::string_view) { here_->announce(); });
        bus_.on_gap([this] { here_->announce(); });
    }

    void announce() override {
        here_->announce();
        bus_.publish(topic, "");
    }
    std::uint64_t heard() const override { return here_->heard(); }
    asio::awaitable<void> wait(std::uint64_t seen, std::chrono::milliseconds longest) override {
        return here_->wait(seen, longest);
    }

  private:
    std::unique_ptr<Announcements> here_;
    redis::Bus& bus_;
};

}  // namespace

std::unique_ptr<Announcements> shared_announcements(asio::any_io_executor executor, redis::Bus& bus) {
    return std::make_unique<Shared>(std::move(executor), bus);
}

}  // namespace ourvidz::queue
