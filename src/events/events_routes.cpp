#include "events/events_routes.h"

#include <charconv>

#include "http/query.h"
#include "http/sse.h"

namespace ourvidz::events {
namespace {

// Each may be a generation with long prompts, and they are written on the I/O thread.
constexpr int events_per_read = 16;
// Often enough that a reader soon notices a server that stands still (web/src/lib/live.ts waits for two of
// them), and the server a reader who is gone.
constexpr std::chrono::seconds silence_max{4};
constexpr int reconnect_ms = 1'000;
constexpr std::size_t number_digits_max = 18;

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

std::string sse_of(const Event& event, const std::optional<Shown>& shown) {
    const auto number = std::to_string(event.number);
    if (shown) return http::sse_event(event.name, json::serialize((*shown)()), number);
    return http::sse_event(
        "gone", json::serialize(json::object{{"name", event.name}, {"id", event.subject_id}}), number);
}

}  // namespace

// What happened, with its subject as it is now.
struct EventsApi::Told {
    Event event;
    std::optional<Shown> shown;
};

Result<std::vector<EventsApi::Told>> EventsApi::read_told(db::Connection& connection,
                                                          const std::string& workspace_id,
                                                          std::int64_t after) const {
    OURVIDZ_TRY(log, read_after(connection, workspace_id, after, events_per_read));
    std::vector<Told> told;
    for (auto& event : log) {
        OURVIDZ_TRY(shown, subjects_.read(connection, workspace_id, event.name, event.subject_id));
        told.push_back({std::move(event), std::move(shown)});
    }
    return told;
}

identity::Routes EventsApi::routes() {
    return {{"GET", "/api/v1/events", identity::Permission::events_read, {}, this, &EventsApi::open}};
}

identity::Answer EventsApi::open(identity::Call call) {
    const auto after = asked_after(call.request);
    if (!after.ok()) co_return after.error();
    http::Response response;
    response.headers = {
        {"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
    response.stream = [this, caller = call.caller, after = *after](http::Stream& stream) {
        return run(caller, stream, after);
    };
    co_return response;
}

asio::awaitable<void> EventsApi::run(identity::Caller caller, http::Stream& stream,
                                     std::optional<std::int64_t> after) {
    // Subscribed before the log is read, so that nothing falls between.
    const auto subscription = hub_.subscribe(caller.workspace_id());
    if (!co_await greet(caller, stream, after)) co_return;
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
        if (!co_await replay(caller, stream, number)) co_return;
        const bool news = co_await subscription->wait(silence_max);
        if (news) continue;
        const bool there = co_await stream.write(http::sse_comment());
        if (!there) co_return;
    }
}

// Says where the stream stands, and what is going on right now. `after` becomes the number to go on from.
asio::awaitable<bool> EventsApi::greet(const identity::Caller& caller, http::Stream& stream,
                                       std::optional<std::int64_t>& after) {
    auto read = [workspace = caller.workspace_id()](
                    db::Connection& connection) -> Result<std::pair<std::int64_t, std::int64_t>> {
        OURVIDZ_TRY(last, newest(connection, workspace));
        OURVIDZ_TRY(first, oldest(connection, workspace));
        return std::pair(last, first);
    };
    const auto kept = co_await caller.read(std::move(read));
    if (!kept.ok()) co_return false;
    const auto [last, first] = *kept;
    auto text = http::sse_retry(reconnect_ms) +
                http::sse_event("hello", json::serialize(json::object{{"last_event_id", last}}));
    // Older than what is kept, or from another database altogether.
    if (after && (*after + 1 < first || *after > last)) {
        text += http::sse_event("reset", "{}");
        after.reset();
    }
    if (!after) after = last;
    const auto moments = co_await moments_(caller.workspace_id());
    for (const auto& moment : moments) text += http::sse_event(moment.name, moment.data);
    co_return co_await stream.write(std::move(text));
}

asio::awaitable<bool> EventsApi::replay(const identity::Caller& caller, http::Stream& stream,
                                        std::int64_t& after) {
    for (;;) {
        auto read = [this, workspace = caller.workspace_id(), after](db::Connection& connection) {
            return read_told(connection, workspace, after);
        };
        auto told = co_await caller.read(std::move(read));
        if (!told.ok()) co_return false;
        if (told->empty()) co_return true;
        std::string text;
        for (const auto& one : *told) {
            text += sse_of(one.event, one.shown);
            after = one.event.number;
        }
        const bool taken = co_await stream.write(std::move(text));
        if (!taken) co_return false;
    }
}

}  // namespace ourvidz::events
