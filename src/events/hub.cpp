#include "events/hub.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/json.h"

namespace ourvidz::events {
namespace {

constexpr std::size_t moments_max = 256;
constexpr std::size_t moment_bytes_max = 1U << 20;
constexpr std::string_view news_topic = "news";
constexpr std::string_view moment_topic = "moment";

}  // namespace

Subscription::Subscription(std::shared_ptr<Readers> readers, const asio::any_io_executor& executor,
                           std::string workspace_id)
    : readers_(std::move(readers)), workspace_id_(std::move(workspace_id)), timer_(executor) {
    (*readers_)[workspace_id_].insert(this);
}

Subscription::~Subscription() {
    const auto found = readers_->find(workspace_id_);
    found->second.erase(this);
    if (found->second.empty()) readers_->erase(found);
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
    return std::unique_ptr<Subscription>(new Subscription(readers_, executor_, std::move(workspace_id)));
}

void Hub::share(redis::Bus& bus) {
    bus_ = &bus;
    bus.on(std::string(news_topic), [this](std::string_view workspace_id) { announce_here(workspace_id); });
    bus.on(std::string(moment_topic), [this](std::string_view payload) { hear_moment(payload); });
    bus.on_gap([this] { wake_all(); });
}

void Hub::hear_moment(std::string_view payload) {
    const auto body = parse_json_object(payload);
    if (!body.ok()) return;
    FieldReader reader(*body);
    const auto workspace_id = reader.text("workspace_id", moment_bytes_max).value_or("");
    Moment moment;
    moment.name = reader.text("name", moment_bytes_max).value_or("");
    moment.data = reader.text("data", moment_bytes_max, Characters::any).value_or("");
    publish_here(workspace_id, moment);
}

void Hub::announce(std::string_view workspace_id) {
    announce_here(workspace_id);
    if (bus_ != nullptr) bus_->publish(news_topic, workspace_id);
}

void Hub::publish(std::string_view workspace_id, const Moment& moment) {
    publish_here(workspace_id, moment);
    if (bus_ == nullptr) return;
    bus_->publish(moment_topic,
                  json::serialize(json::object{
                      {"workspace_id", workspace_id}, {"name", moment.name}, {"data", moment.data}}));
}

void Hub::announce_here(std::string_view workspace_id) {
    const auto found = readers_->find(workspace_id);
    if (found == readers_->end()) return;
    for (auto* reader : found->second) {
        reader->woken_ = true;
        reader->timer_.cancel();
    }
}

void Hub::publish_here(std::string_view workspace_id, const Moment& moment) {
    const auto found = readers_->find(workspace_id);
    if (found == readers_->end()) return;
    for (auto* reader : found->second) {
        if (reader->moments_.size() == moments_max) reader->moments_.pop_front();
        reader->moments_.push_back(moment);
    }
    announce_here(workspace_id);
}

void Hub::wake_all() {
    for (const auto& [workspace_id, readers] : *readers_) announce_here(workspace_id);
}

std::vector<std::string> Hub::workspaces() const {
    std::vector<std::string> ids;
    for (const auto& [workspace_id, readers] : *readers_) {
        if (!readers.empty()) ids.push_back(workspace_id);
    }
    return ids;
}

std::size_t Hub::readers() const {
    std::size_t count = 0;
    for (const auto& [workspace_id, readers] : *readers_) count += readers.size();
    return count;
}

}  // namespace ourvidz::events
