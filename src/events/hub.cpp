#include "events/hub.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace ourvidz::events {
namespace {

constexpr std::size_t moments_max = 256;

}  // namespace

Subscription::Subscription(Hub& hub, const asio::any_io_executor& executor, std::string workspace_id)
    : hub_(hub), workspace_id_(std::move(workspace_id)), timer_(executor) {
    hub_.readers_[workspace_id_].insert(this);
}

Subscription::~Subscription() {
    const auto found = hub_.readers_.find(workspace_id_);
    found->second.erase(this);
    if (found->second.empty()) hub_.readers_.erase(found);
}

asio::awaitable<bool> Subscription::wait(std::chrono::milliseconds longest) {
    if (!woken_) {
        timer_.expires_after(longest);
        boost::system::error_code canceled;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, canceled));
    }
    co_return std::exchange(woken_, false);
}

std::vector<Moment> Subscription::take_moments() {
    std::vector<Moment> taken(std::make_move_iterator(moments_.begin()),
                              std::make_move_iterator(moments_.end()));
    moments_.clear();
    return taken;
}

Hub::Hub(asio::any_io_executor executor) : executor_(std::move(executor)) {}

std::unique_ptr<Subscription> Hub::subscribe(std::string workspace_id) {
    return std::unique_ptr<Subscription>(new Subscription(*this, executor_, std::move(workspace_id)));
}

void Hub::announce(std::string_view workspace_id) {
    const auto found = readers_.find(workspace_id);
    if (found == readers_.end()) return;
    for (auto* reader : found->second) {
        reader->woken_ = true;
        reader->timer_.cancel();
    }
}

void Hub::publish(std::string_view workspace_id, const Moment& moment) {
    const auto found = readers_.find(workspace_id);
    if (found == readers_.end()) return;
    for (auto* reader : found->second) {
        if (reader->moments_.size() == moments_max) reader->moments_.pop_front();
        reader->moments_.push_back(moment);
    }
    announce(workspace_id);
}

void Hub::wake_all() {
    for (const auto& [workspace_id, readers] : readers_) announce(workspace_id);
}

std::size_t Hub::readers() const {
    std::size_t count = 0;
    for (const auto& [workspace_id, readers] : readers_) count += readers.size();
    return count;
}

}  // namespace ourvidz::events
