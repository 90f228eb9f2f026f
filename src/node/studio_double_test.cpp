#include "node/studio_double.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

#include "base/sha256.h"
#include "http/problem.h"

namespace ourvidz::node::testing {
namespace {

constexpr std::chrono::milliseconds look_every{2};

http::Response no_content() {
    http::Response response;
    response.status = 204;
    return response;
}

bool wants(const json::object& poll, const json::object& lease) {
    for (const auto& want : poll.at("want").as_array()) {
        const auto& kinds = want.at("kinds").as_array();
        if (std::find(kinds.begin(), kinds.end(), lease.at("kind")) != kinds.end()) return true;
    }
    return false;
}

}  // namespace

std::string AttemptRecord::text() const {
    std::string joined;
    for (const auto& report : progress) {
        if (const auto* text = report.if_contains("text")) joined += std::string(text->as_string());
    }
    return joined;
}

StudioDouble::StudioDouble() {
    add_routes();
    start(0);
}

StudioDouble::~StudioDouble() = default;

std::string StudioDouble::url() const {
    return fmt::format("http://127.0.0.1:{}", port_);
}

void StudioDouble::start(std::uint16_t port) {
    http::ServerOptions options;
    options.port = port;
    options.spool_folder = folder_.path();
    server_ = std::make_unique<http::testing::TestServer>(router_, options);
    port_ = server_->port();
}

void StudioDouble::go_away() {
    server_.reset();
}

void StudioDouble::come_back() {
    start(port_);
}

void StudioDouble::add_routes() {
    const http::RouteOptions message{http::BodyUse::memory, 1U << 20U};
    const http::RouteOptions file{http::BodyUse::memory, 64U << 20U};
    router_.add("POST", "/api/v1/node/poll", message,
                [this](http::Request request) { return poll(std::move(request)); });
    const auto add = [&](const char* method, std::string what, const http::RouteOptions& options) {
        router_.add(method, "/api/v1/node/attempts/{id}/" + what, options,
                    [this, what](http::Request request) { return take(std::move(request), what); });
    };
    add("POST", "progress", message);
    add("PUT", "preview", file);
    add("POST", "files", file);
    add("POST", "outputs", message);
    add("POST", "finish", message);
    router_.add("GET", "/api/v1/node/attempts/{id}/inputs/source", {}, [this](http::Request) -> Answer {
        http::Response response;
        response.body = source_;
        co_return response;
    });
}

json::object StudioDouble::set_source(std::string bytes, bool people_free) {
    json::object input{{"role", "source"}, {"sha256", sha256_hex(bytes)}, {"people_free", people_free}};
    source_ = std::move(bytes);
    return input;
}

std::string StudioDouble::offer(json::object lease) {
    std::lock_guard lock(mutex_);
    std::string attempt = fmt::format("att_{}", next_++);
    if (auto* inputs = lease.if_contains("inputs")) {
        for (auto& input : inputs->as_array()) {
            auto& object = input.as_object();
            object["url"] = fmt::format("/api/v1/node/attempts/{}/inputs/{}", attempt,
                                        std::string(object.at("role").as_string()));
        }
    }
    lease["attempt_id"] = attempt;
    lease["fence"] = 1;
    lease["job_id"] = "job_of_" + attempt;
    lease["generation_id"] = "gen_of_" + attempt;
    for (const auto& [name, value] :
         json::object{{"batch", 1}, {"done_positions", json::array()}, {"lease_ms", 15'000}}) {
        if (!lease.contains(name)) lease[name] = value;
    }
    records_[attempt];
    offered_.push_back({attempt, std::move(lease)});
    return attempt;
}

void StudioDouble::cancel(const std::string& attempt) {
    std::lock_guard lock(mutex_);
    canceled_.insert(attempt);
}

void StudioDouble::lose(const std::string& attempt) {
    std::lock_guard lock(mutex_);
    lost_.insert(attempt);
}

StudioDouble::Answer StudioDouble::poll(http::Request request) {
    const auto body = json::parse(request.body).as_object();
    const std::string node_id(body.at("node_id").as_string());
    int turn = 0;
    {
        std::lock_guard lock(mutex_);
        if (const auto* status = body.if_contains("status")) status_ = status->as_object();
        for (const auto& running : body.at("running").as_array())
            ++records_[std::string(running.at("attempt_id").as_string())].heartbeats;
        if (!body.at("want").as_array().empty()) ++polls_for_work_;
        turn = ++turns_[node_id];
    }
    changed_.notify_all();
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(body.at("wait_ms").to_number<int>());
    http::asio::steady_timer timer(co_await http::asio::this_coro::executor);
    while (true) {
        json::object found = news(body, turn);
        const bool empty = found.at("leases").as_array().empty() && found.at("cancels").as_array().empty() &&
                           found.at("lost").as_array().empty();
        if (!empty || found.contains("superseded") || std::chrono::steady_clock::now() >= end)
            co_return http::json_response(200, found);
        timer.expires_after(look_every);
        co_await timer.async_wait(http::asio::use_awaitable);
    }
}

json::object StudioDouble::news(const json::object& poll, int turn) {
    std::lock_guard lock(mutex_);
    json::array leases, cancels, lost;
    // A node has one poll at a time under each of its names.
    if (turns_[std::string(poll.at("node_id").as_string())] != turn)
        return {{"leases", json::array()},
                {"cancels", json::array()},
                {"lost", json::array()},
                {"superseded", true}};
    const auto next = std::find_if(offered_.begin(), offered_.end(),
                                   [&](const Offered& offered) { return wants(poll, offered.lease); });
    if (next != offered_.end()) {
        leases.push_back(next->lease);
        offered_.erase(next);
    }
    for (const auto& running : poll.at("running").as_array()) {
        const std::string attempt(running.at("attempt_id").as_string());
        if (canceled_.contains(attempt)) cancels.push_back(json::string(attempt));
        if (lost_.contains(attempt)) lost.push_back(json::string(attempt));
    }
    return {{"leases", std::move(leases)}, {"cancels", std::move(cancels)}, {"lost", std::move(lost)}};
}

StudioDouble::Answer StudioDouble::take(http::Request request, std::string what) {
    const std::string attempt(request.parameter("id"));
    http::Response response = no_content();
    {
        std::lock_guard lock(mutex_);
        if (lost_.contains(attempt) || !records_.contains(attempt))
            co_return http::problem(Error{ErrorCode::lease_lost, "This attempt is not the live one.", {}});
        AttemptRecord& record = records_[attempt];
        if (what == "progress") record.progress.push_back(json::parse(request.body).as_object());
        if (what == "preview") record.previews.push_back(request.body);
        if (what == "outputs") record.outputs.push_back(json::parse(request.body).as_object());
        if (what == "finish") record.finishes.push_back(json::parse(request.body).as_object());
        if (what == "files") {
            const std::string name = fmt::format("file_{}", next_++);
            record.files[name] = request.body;
            response = http::json_response(201, json::object{{"file", name}, {"bytes", request.body.size()}});
        }
    }
    changed_.notify_all();
    co_return response;
}

bool StudioDouble::wait_for(const std::string& attempt, const std::function<bool(const AttemptRecord&)>& done,
                            int patience_ms) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(patience_ms),
                             [&] { return done(records_[attempt]); });
}

bool StudioDouble::wait_until_finished(const std::string& attempt, int patience_ms) {
    return wait_for(
        attempt, [](const AttemptRecord& record) { return !record.finishes.empty(); }, patience_ms);
}

bool StudioDouble::wait_for_status(const std::function<bool(const json::object&)>& done, int patience_ms) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(patience_ms), [&] { return done(status_); });
}

AttemptRecord StudioDouble::record(const std::string& attempt) const {
    std::lock_guard lock(mutex_);
    return records_.at(attempt);
}

int StudioDouble::polls_for_work() const {
    std::lock_guard lock(mutex_);
    return polls_for_work_;
}

}  // namespace ourvidz::node::testing
