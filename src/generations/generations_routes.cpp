#include "generations/generations_routes.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/text.h"
#include "http/compression.h"
#include "http/problem.h"
#include "http/query.h"

namespace ourvidz::generations {
namespace {

// A whole conversation at its limits, with room for JSON's escapes.
constexpr std::uint64_t request_bytes_max = 2ULL << 20U;
constexpr std::size_t small_bytes_max = 1024;
constexpr std::size_t idempotency_key_bytes_max = 128;
constexpr int page_default = 50;
constexpr int page_max = 200;

// Whatever it says, it is read and judged in a few milliseconds: ordinary requests are, in a fraction of one,
// and handing them to another thread would cost as much. A word list can make much of a few letters.
bool is_small(const http::Request& request) {
    return request.body.size() <= small_bytes_max && request.body.find("__") == std::string::npos &&
           request.body.find("\\u") == std::string::npos;
}

http::Response busy_response(const Busy& busy) {
    auto response = http::problem(busy.error);
    for (auto& [name, value] : response.headers) {
        if (name == "Retry-After") value = std::to_string(busy.retry_after_s);
    }
    return response;
}

}  // namespace

LiveParts live_parts(const Generation& generation, const Notices& notices, LiveBoard& live,
                     const Standings& standings) {
    LiveParts parts{notices.progress_of(generation, standings), std::nullopt};
    if (const auto* now = live.find(generation.id); now != nullptr && generation.medium == "chat")
        parts.text = now->text;
    return parts;
}

json::object full_json(const Generation& generation, LiveParts parts) {
    auto body = to_json(generation);
    body["progress"] = std::move(parts.progress);
    if (parts.text) body["text"] = *parts.text;
    return body;
}

json::object full_json(const Generation& generation, const Notices& notices, LiveBoard& live,
                       const Standings& standings) {
    return full_json(generation, live_parts(generation, notices, live, standings));
}

// Read and judged: what may be submitted.
struct GenerationsApi::Asked {
    safety::Cleared<NewGeneration> request;
    Submission submission;
};

struct GenerationsApi::Listed {
    Page page;
    Standings standings;
};

void GenerationsApi::add_to(http::Router& router) {
    const std::string all = "/api/v1/generations";
    router.add("POST", all, {http::BodyUse::memory, request_bytes_max, http::json_type},
               [this](http::Request request) { return create(std::move(request)); });
    router.add("GET", all, {}, [this](http::Request request) { return list_page(std::move(request)); });
    router.add("GET", all + "/{id}", {}, [this](http::Request request) { return get(std::move(request)); });
    router.add("POST", all + "/{id}/cancel", {},
               [this](http::Request request) { return cancel_one(std::move(request)); });
    router.add("GET", all + "/{id}/preview", {},
               [this](http::Request request) { return preview(std::move(request)); });
}

Result<Submission> GenerationsApi::submission_of(const http::Request& request,
                                                 const Prepared& prepared) const {
    auto submission = prepared.submission(workspace_id_, limits_);
    submission.request_sha256 = sha256_hex(request.body);
    if (request.headers.contains("idempotency-key")) {
        const std::string key(request.header("idempotency-key"));
        if (key.empty() || key.size() > idempotency_key_bytes_max ||
            !std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; }))
            return invalid_field("Idempotency-Key", "must have 1 to 128 characters of ASCII");
        submission.idempotency_key = key;
    }
    return submission;
}

Result<GenerationsApi::Asked> GenerationsApi::read(const http::Request& request) const {
    OURVIDZ_TRY(body, parse_json_object(request.body));
    OURVIDZ_TRY(wanted, read_request(body));
    OURVIDZ_TRY(prepared, preparer_.prepare(std::move(wanted)));
    OURVIDZ_TRY(submission, submission_of(request, prepared));
    return Asked{std::move(prepared.request), std::move(submission)};
}

http::asio::awaitable<Result<GenerationsApi::Asked>> GenerationsApi::ask(http::Request request) {
    if (is_small(request)) co_return read(request);
    auto reading = [this, request = std::move(request)] { return read(request); };
    auto asked = co_await readers_.run(std::move(reading));
    co_return asked;
}

http::asio::awaitable<http::Response> GenerationsApi::create(http::Request request) {
    auto asked = co_await ask(std::move(request));
    if (!asked.ok()) co_return http::problem(asked.error());
    auto work = [this, asked = std::move(*asked)](db::Connection& connection) {
        return submit(connection, asked.request, asked.submission, clock_);
    };
    auto accepted = co_await database_.write(scope_, std::move(work));
    if (!accepted.ok()) co_return http::problem(accepted.error());
    if (accepted->busy) co_return busy_response(*accepted->busy);
    if (accepted->is_new) {
        metrics_.accepted(accepted->generation.kind);
        notices_.wake_nodes();
        notices_.changed(workspace_id_);
    }
    auto response = http::json_response(202, full_json(accepted->generation, notices_, live_, {}));
    response.headers.emplace_back("Location", "/api/v1/generations/" + accepted->generation.id);
    co_return response;
}

// Where they stand, if any of them waits.
Result<Standings> GenerationsApi::standings_for(db::Connection& connection,
                                                const std::vector<Generation>& generations) const {
    const bool waits = std::any_of(generations.begin(), generations.end(),
                                   [](const auto& one) { return one.state == "queued"; });
    if (!waits) return Standings();
    return standings(connection, workspace_id_, clock_.now_ms());
}

http::asio::awaitable<http::Response> GenerationsApi::list_page(http::Request request) {
    const auto limit = http::query_integer(request, "limit", 1, page_max, page_default);
    if (!limit.ok()) co_return http::problem(limit.error());
    const auto active = http::query_boolean(request, "active", false);
    if (!active.ok()) co_return http::problem(active.error());
    auto medium = http::query_choice(request, "medium", {"image", "video", "chat"});
    if (!medium.ok()) co_return http::problem(medium.error());
    auto read = [this, limit = static_cast<int>(*limit), filter = Filter{*active, *medium},
                 cursor = request.query_value("cursor")](db::Connection& connection) -> Result<Listed> {
        OURVIDZ_TRY(page, list(connection, workspace_id_, filter, cursor, limit));
        OURVIDZ_TRY(places, standings_for(connection, page.items));
        return Listed{std::move(page), std::move(places)};
    };
    auto listed = co_await database_.read(scope_, std::move(read));
    if (!listed.ok()) co_return http::problem(listed.error());
    std::vector<LiveParts> parts;
    for (const auto& one : listed->page.items)
        parts.push_back(live_parts(one, notices_, live_, listed->standings));
    auto write = [page = std::move(listed->page), parts = std::move(parts),
                  accepted = std::string(request.header("accept-encoding"))]() -> Result<http::Response> {
        json::array items;
        for (std::size_t i = 0; i < page.items.size(); ++i)
            items.push_back(full_json(page.items[i], parts[i]));
        auto response = http::json_response(
            200, json::object{{"items", std::move(items)}, {"next_cursor", or_null(page.next_cursor)}});
        http::compress_json(response, accepted, response.body.size());
        return response;
    };
    auto written = co_await writers_.run(std::move(write));
    co_return written.ok() ? std::move(*written) : http::problem(written.error());
}

http::asio::awaitable<http::Response> GenerationsApi::get(http::Request request) {
    auto read = [this,
                 id = std::string(request.parameter("id"))](db::Connection& connection) -> Result<Listed> {
        OURVIDZ_TRY(generation, find(connection, workspace_id_, id));
        Listed one;
        one.page.items.push_back(std::move(generation));
        OURVIDZ_TRY(places, standings_for(connection, one.page.items));
        one.standings = std::move(places);
        return one;
    };
    auto found = co_await database_.read(scope_, std::move(read));
    if (!found.ok()) co_return http::problem(found.error());
    co_return http::json_response(200,
                                  full_json(found->page.items.front(), notices_, live_, found->standings));
}

http::asio::awaitable<http::Response> GenerationsApi::cancel_one(http::Request request) {
    auto work = [this, id = std::string(request.parameter("id"))](db::Connection& connection) {
        return cancel(connection, workspace_id_, id, clock_.now_ms());
    };
    auto generation = co_await database_.write(scope_, std::move(work));
    if (!generation.ok()) co_return http::problem(generation.error());
    notices_.wake_nodes();
    notices_.changed(workspace_id_);
    notices_.line_moved(workspace_id_);
    co_return http::json_response(200, full_json(*generation, notices_, live_, {}));
}

http::asio::awaitable<http::Response> GenerationsApi::preview(http::Request request) {
    const auto* live = live_.find(request.parameter("id"));
    if (live == nullptr || live->workspace_id != workspace_id_ || !live->preview) {
        co_return http::problem(Error{ErrorCode::not_found, "There is no preview now.", ""});
    }
    http::Response response;
    response.headers = {{"Content-Type", "image/webp"}, {"Cache-Control", "private, max-age=600"}};
    response.body = *live->preview;
    co_return response;
}

}  // namespace ourvidz::generations
