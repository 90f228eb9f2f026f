#include "generations/notices.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "events/event_log.h"
#include "generations/standing.h"

namespace ourvidz::generations {
namespace {

// Who waits behind so many others does not need to hear of every step.
constexpr std::size_t waiting_told_max = 50;

events::Moment text_moment(std::string_view generation_id, std::size_t offset, std::string_view text) {
    return {"text", json::serialize(json::object{{"generation_id", generation_id},
                                                 {"offset", static_cast<std::int64_t>(offset)},
                                                 {"text", text}})};
}

}  // namespace

void Notices::changed(std::string_view workspace_id) {
    hub_.announce(workspace_id);
}

void Notices::progressed(std::string_view generation_id) {
    const auto* live = live_.find(generation_id);
    if (live == nullptr) return;
    // First, so that who hears of a preview finds it.
    if (share_ != nullptr) share_->progressed(generation_id);
    hub_.publish(live->workspace_id, {"progress", json::serialize(live_.progress(generation_id))});
}

void Notices::look_for_trouble(LiveBoard::Machines machines) {
    for (const auto& id : live_.newly_late()) progressed(id);
    if (!live_.set_machines(std::move(machines))) return;
    for (const auto& workspace_id : hub_.workspaces()) {
        line_moved(workspace_id);
        for (const auto& id : live_.of_workspace(workspace_id)) progressed(id);
    }
}

void Notices::ended(std::string_view generation_id) {
    live_.end(generation_id);
    if (share_ != nullptr) share_->ended(generation_id);
}

void Notices::said(std::string_view generation_id, std::size_t offset, std::string_view text) {
    const auto* live = live_.find(generation_id);
    if (live == nullptr) return;
    if (share_ != nullptr) share_->said(generation_id, offset, text);
    hub_.publish(live->workspace_id, text_moment(generation_id, offset, text));
}

void Notices::line_moved(const std::string& workspace_id) {
    if (!lines_to_tell_.insert(workspace_id).second) return;
    db::asio::co_spawn(executor_, tell_line(workspace_id), db::asio::detached);
}

db::asio::awaitable<void> Notices::tell_line(std::string workspace_id) {
    // Posted, so that what is being answered right now goes out first.
    co_await db::asio::post(executor_, db::asio::use_awaitable);
    lines_to_tell_.erase(workspace_id);
    const auto moments = co_await waiting_moments(workspace_id);
    for (const auto& moment : moments) hub_.publish(workspace_id, moment);
}

db::asio::awaitable<std::vector<events::Moment>> Notices::moments(std::string workspace_id) {
    auto all = co_await waiting_moments(workspace_id);
    for (const auto& id : live_.of_workspace(workspace_id)) {
        all.push_back({"progress", json::serialize(live_.progress(id))});
        const auto& text = live_.find(id)->text;
        if (!text.empty()) all.push_back(text_moment(id, 0, text));
    }
    co_return all;
}

db::asio::awaitable<std::vector<events::Moment>> Notices::waiting_moments(std::string workspace_id) {
    auto read = [this, workspace_id](db::Connection& connection) {
        return standings(connection, workspace_id, clock_.now_ms());
    };
    const auto scope = db::Scope::workspace(workspace_id);
    const auto all = co_await database_.read(scope, std::move(read));
    std::vector<events::Moment> moments;
    if (!all.ok()) co_return moments;
    std::vector<std::pair<std::int64_t, std::string_view>> first;
    for (const auto& [id, standing] : *all) first.emplace_back(standing.place, id);
    std::sort(first.begin(), first.end());
    first.resize(std::min(first.size(), waiting_told_max));
    for (const auto& [place, id] : first) {
        const auto& standing = all->find(id)->second;
        moments.push_back({"progress", json::serialize(live_.waiting(id, standing.model, &standing))});
    }
    co_return moments;
}

json::value Notices::progress_of(const Generation& generation, const Standings& standings) const {
    if (generation.over()) return nullptr;
    if (live_.find(generation.id) != nullptr) return live_.progress(generation.id);
    const auto known = standings.find(generation.id);
    return live_.waiting(generation.id, generation.model,
                         known != standings.end() ? &known->second : nullptr);
}

}  // namespace ourvidz::generations
