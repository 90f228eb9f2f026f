#include "generations/events_routes.h"

#include <charconv>

#include "assets/assets.h"
#include "generations/generations_routes.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/sse.h"

namespace ourvidz::generations {
namespace {

// Each may be a generation with long prompts, and they are written on the I/O thread.
constexpr int events_per_read = 16;
// Often enough that proxies and phones keep the connection, and that a reader who is gone is noticed.
constexpr std::chrono::seconds silence_max{15};
constexpr int reconnect_ms = 1'000;
constexpr std::size_t number_digits_max = 18;

// What happened, with its subject as it is now.
struct Told {
    events::Event event;
    std::optional<Generation> generation;
    std::optional<assets::Asset> asset;
};

Result<std::vector<Told>> read_told(db::Connection& connection, const std::string& workspace_id,
                                    std::int64_t after) {
    OURVIDZ_TRY(log, events::read_after(connection, workspace_id, after, events_per_read));
    std::vector<Told> told;
    for (auto& event : log) {
        Told one{std::move(event), {}, {}};
        if (one.event.name == "generation") {
            OURVIDZ_TRY(generation, find(connection, workspace_id, one.event.subject_id));
            one.generation = std::move(generation);
        } else {
            OURVIDZ_TRY(asset, assets::find(connection, workspace_id, one.event.subject_id));
            one.asset = std::move(asset);
        }
        told.push_back(std::move(one));
    }
    return told;
}

Result<std::optional<std::int64_t>> asked_after(const http::Request& request) {
    // A reader that has seen no event yet has an empty id.
    auto text = std::string(request.header("last-event-id"));
    const auto* name = "Last-Event-ID";
    if (text.empty() && request.query.contains("after")) {
        text = request.query_value("after").value_or("");
        name = "after";
    } else if (text.empty()) {
        return std::optional<std::int64_t>();
    }
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || stop != end || number < 0 || text.size() > number_digits_max) {
        return invalid_field(name, "must be the id of an event of this stream");
    }
    return std::optional(number);
}

}  // namespace

void EventsApi::add_to(http::Router& router) {
    router.add("GET", "/api/v1/events", {},
               [this](http::Request request) { return open(std::move(request)); });
}

http::asio::awaitable<http::Response> EventsApi::open(http::Request request) {
    const auto after = asked_after(request);
    if (!after.ok()) co_return http::problem(after.error());
    http::Response response;
    response.headers = {
        {"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
    response.stream = [this, after = *after](http::Stream& stream) { return run(stream, after); };
    co_return response;
}

http::asio::awaitable<void> EventsApi::run(http::Stream& stream, std::optional<std::int64_t> after) {
    // Subscribed before the log is read, so that nothing falls between.
    const auto subscription = hub_.subscribe(workspace_id_);
    if (!co_await greet(stream, after)) co_return;
    auto number = *after;
    for (;;) {
        // Moments first: the last words of an answer come before the event that ends it.
        std::string text;
        for (const auto& moment : subscription->take_moments())
            text += http::sse_event(moment.name, moment.data);
        if (!text.empty()) {
            const bool taken = co_await stream.write(std::move(text));
            if (!taken) co_return;
        }
        if (!co_await replay(stream, number)) co_return;
        const bool news = co_await subscription->wait(silence_max);
        if (news) continue;
        const bool there = co_await stream.write(http::sse_comment());
        if (!there) co_return;
    }
}

// Says where the stream stands, and what is going on right now. `after` becomes the number to go on from.
http::asio::awaitable<bool> EventsApi::greet(http::Stream& stream, std::optional<std::int64_t>& after) {
    auto read = [this](db::Connection& connection) -> Result<std::pair<std::int64_t, std::int64_t>> {
        OURVIDZ_TRY(newest, events::newest(connection, workspace_id_));
        OURVIDZ_TRY(oldest, events::oldest(connection, workspace_id_));
        return std::pair(newest, oldest);
    };
    const auto kept = co_await database_.read(scope_, std::move(read));
    if (!kept.ok()) co_return false;
    const auto [newest, oldest] = *kept;
    auto text = http::sse_retry(reconnect_ms) +
                http::sse_event("hello", json::serialize(json::object{{"last_event_id", newest}}));
    // Older than what is kept, or from another database altogether.
    if (after && (*after + 1 < oldest || *after > newest)) {
        text += http::sse_event("reset", "{}");
        after.reset();
    }
    if (!after) after = newest;
    const auto moments = co_await notices_.moments(workspace_id_);
    for (const auto& moment : moments) text += http::sse_event(moment.name, moment.data);
    co_return co_await stream.write(std::move(text));
}

http::asio::awaitable<bool> EventsApi::replay(http::Stream& stream, std::int64_t& after) {
    for (;;) {
        auto read = [this, after](db::Connection& connection) {
            return read_told(connection, workspace_id_, after);
        };
        auto told = co_await database_.read(scope_, std::move(read));
        if (!told.ok()) co_return false;
        if (told->empty()) co_return true;
        std::string text;
        for (const auto& one : *told) {
            const auto body = one.generation ? full_json(*one.generation, notices_, live_, {})
                                             : assets::to_json(*one.asset);
            text += http::sse_event(one.event.name, json::serialize(body), std::to_string(one.event.number));
            after = one.event.number;
        }
        const bool taken = co_await stream.write(std::move(text));
        if (!taken) co_return false;
    }
}

}  // namespace ourvidz::generations
