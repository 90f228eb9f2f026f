#include "generations/generations_routes.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/text.h"
#include "http/compression.h"
#include "http/page.h"
#include "http/problem.h"
#include "http/query.h"
#include "queue/request_keys.h"

namespace ourvidz::generations {
namespace {

// A whole conversation at its limits, with room for JSON's escapes.
constexpr std::uint64_t request_bytes_max = 2ULL << 20U;
constexpr std::size_t small_bytes_max = 1024;
constexpr std::size_t idempotency_key_bytes_max = 128;

constexpr UnixMs day_ms = 86'400'000;
constexpr UnixMs keys_kept_ms = day_ms;
constexpr UnixMs waiting_longest_ms = 30 * day_ms;

Result<void> forget_keys(db::Connection& connection, UnixMs now) {
    return queue::forget_keys(connection, now - keys_kept_ms);
}

Result<void> expire_old(db::Connection& connection, UnixMs now) {
    return expire(connection, now - waiting_longest_ms, now);
}

// Whatever it says, it is read and judged in a few milliseconds, ordinary requests in a fraction of one, so
// it does not wait behind what takes long. A word list can make much of a few letters.
bool is_small(const http::Request& request) {
    return request.body.size() <= small_bytes_max && request.body.find("__") == std::string::npos &&
           request.body.find("\\u") == std::string::npos;
}

}  // namespace

Result<std::optional<std::string>> idempotency_key(const http::Request& request) {
    if (!request.headers.contains("idempotency-key")) return std::optional<std::string>();
    std::string key(request.header("idempotency-key"));
    if (key.empty() || key.size() > idempotency_key_bytes_max ||
        !std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; }))
        return invalid_field("Idempotency-Key", "must have 1 to 128 characters of ASCII");
    return std::optional(std::move(key));
}

http::Response busy_response(const Busy& busy) {
    auto response = http::problem(busy.error);
    for (auto& [name, value] : response.headers) {
        if (name == "Retry-After") value = std::to_string(busy.retry_after_s);
    }
    return response;
}

LiveParts live_parts(const Generation& generation, const Notices& notices, LiveBoard& live,
                     const Standings& standings) {
    LiveParts parts{notices.progress_of(generation, standings), std::nullopt};
    if (const auto* now = live.find(generation.id); now != nullptr && generation.medium == "chat")
        parts.text = now->text;
    return parts;
}

json::object full_json(Generation generation, LiveParts parts) {
    auto body = to_json(std::move(generation));
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

studio::Module GenerationsApi::module() {
    using identity::Permission;
    const std::string all = "/api/v1/generations";
    const std::string one = all + "/{id}";
    const http::RouteOptions body{http::BodyUse::memory, request_bytes_max, http::json_type};
    studio::Module generations;
    generations.routes = {
        {"POST", all, Permission::generations_write, body, this, &GenerationsApi::create},
        {"GET", all, Permission::generations_read, {}, this, &GenerationsApi::list_page},
        {"GET", one, Permission::generations_read, {}, this, &GenerationsApi::get},
        {"POST", one + "/cancel", Permission::generations_write, {}, this, &GenerationsApi::cancel_one},
        {"GET", one + "/preview", Permission::generations_read, {}, this, &GenerationsApi::preview},
    };
    generations.subjects = {
        {std::string(subject_name),
         [this](db::Connection& connection, const std::string& workspace_id, const std::string& id) {
             return read_subject(connection, workspace_id, id);
         }}};
    generations.sweeps = {{"idempotency keys", forget_keys}, {"generations that wait for ever", expire_old}};
    return generations;
}

Result<events::Shown> GenerationsApi::read_subject(db::Connection& connection,
                                                   const std::string& workspace_id,
                                                   const std::string& id) const {
    OURVIDZ_TRY(generation, find(connection, workspace_id, id));
    return events::Shown(
        [this, generation = std::move(generation)] { return full_json(generation, notices_, live_, {}); });
}

Result<Submission> GenerationsApi::submission_of(const identity::Call& call, const Prepared& prepared) const {
    auto submission = prepared.submission(call.caller.workspace_id(), limits_);
    submission.request_sha256 = sha256_hex(call.request.body);
    OURVIDZ_TRY(key, idempotency_key(call.request));
    submission.idempotency_key = std::move(key);
    return submission;
}

Result<GenerationsApi::Asked> GenerationsApi::read(const identity::Call& call) const {
    OURVIDZ_TRY(body, parse_json_object(call.request.body));
    OURVIDZ_TRY(wanted, read_request(body));
    OURVIDZ_TRY(prepared, preparer_.prepare(std::move(wanted)));
    OURVIDZ_TRY(submission, submission_of(call, prepared));
    return Asked{std::move(prepared.request), std::move(submission)};
}

http::asio::awaitable<Result<GenerationsApi::Asked>> GenerationsApi::ask(const identity::Call& call) {
    auto reading = [this, &call] { return read(call); };
    auto& threads = is_small(call.request) ? lookers_ : readers_;
    auto asked = co_await threads.run(std::move(reading));
    co_return asked;
}

identity::Answer GenerationsApi::create(identity::Call call) {
    auto asked = co_await ask(call);
    if (!asked.ok()) co_return asked.error();
    auto work = [this, asked = std::move(*asked)](db::Connection& connection) {
        return submit(connection, asked.request, asked.submission, clock_);
    };
    auto accepted = co_await call.caller.write(std::move(work));
    if (!accepted.ok()) co_return accepted.error();
    if (accepted->busy) co_return busy_response(*accepted->busy);
    if (accepted->is_new) {
        metrics_.accepted(accepted->generation.kind);
        notices_.wake_nodes();
        notices_.changed(call.caller.workspace_id());
    }
    auto response = http::json_response(202, full_json(accepted->generation, notices_, live_, {}));
    response.headers.emplace_back("Location", "/api/v1/generations/" + accepted->generation.id);
    co_return response;
}

// Where they stand, if any of them waits.
Result<Standings> GenerationsApi::standings_for(db::Connection& connection,
                                                const std::vector<Generation>& generations) const {
    const auto waits = std::find_if(generations.begin(), generations.end(),
                                    [](const auto& one) { return one.state == State::queued; });
    if (waits == generations.end()) return Standings();
    return standings(connection, waits->workspace_id, clock_.now_ms());
}

identity::Answer GenerationsApi::list_page(identity::Call call) {
    auto asked = http::page_asked(call.request);
    if (!asked.ok()) co_return asked.error();
    const auto active = http::query_boolean(call.request, "active", false);
    if (!active.ok()) co_return active.error();
    auto medium = http::query_choice(call.request, "medium", {"image", "video", "chat"});
    if (!medium.ok()) co_return medium.error();
    auto read = [this, workspace = call.caller.workspace_id(), asked = *asked,
                 filter = Filter{*active, *medium}](db::Connection& connection) -> Result<Listed> {
        OURVIDZ_TRY(page, list(connection, workspace, filter, asked.cursor, asked.limit));
        OURVIDZ_TRY(places, standings_for(connection, page.items));
        return Listed{std::move(page), std::move(places)};
    };
    auto listed = co_await call.caller.read(std::move(read));
    if (!listed.ok()) co_return listed.error();
    std::vector<LiveParts> parts;
    for (const auto& one : listed->page.items)
        parts.push_back(live_parts(one, notices_, live_, listed->standings));
    auto write =
        [page = std::move(listed->page), parts = std::move(parts),
         accepted = std::string(call.request.header("accept-encoding"))]() mutable -> Result<http::Response> {
        json::array items;
        items.reserve(page.items.size());
        for (std::size_t i = 0; i < page.items.size(); ++i)
            items.push_back(full_json(std::move(page.items[i]), std::move(parts[i])));
        auto response = http::json_response(200, http::page_json(std::move(items), page.next_cursor));
        http::compress_json(response, accepted, response.body.size());
        return response;
    };
    auto written = co_await writers_.run(std::move(write));
    co_return written;
}

identity::Answer GenerationsApi::get(identity::Call call) {
    auto read =
        [this, workspace = call.caller.workspace_id(),
         id = std::string(call.request.parameter("id"))](db::Connection& connection) -> Result<Listed> {
        OURVIDZ_TRY(generation, find(connection, workspace, id));
        Listed one;
        one.page.items.push_back(std::move(generation));
        OURVIDZ_TRY(places, standings_for(connection, one.page.items));
        one.standings = std::move(places);
        return one;
    };
    auto found = co_await call.caller.read(std::move(read));
    if (!found.ok()) co_return found.error();
    co_return http::json_response(200,
                                  full_json(found->page.items.front(), notices_, live_, found->standings));
}

identity::Answer GenerationsApi::cancel_one(identity::Call call) {
    const auto& workspace = call.caller.workspace_id();
    auto work = [this, workspace,
                 id = std::string(call.request.parameter("id"))](db::Connection& connection) {
        return cancel(connection, workspace, id, clock_.now_ms());
    };
    auto generation = co_await call.caller.write(std::move(work));
    if (!generation.ok()) co_return generation.error();
    notices_.wake_nodes();
    notices_.changed(workspace);
    notices_.line_moved(workspace);
    co_return http::json_response(200, full_json(*generation, notices_, live_, {}));
}

identity::Answer GenerationsApi::preview(identity::Call call) {
    const auto* live = live_.find(call.request.parameter("id"));
    if (live == nullptr || live->workspace_id != call.caller.workspace_id() || !live->preview) {
        co_return Error{ErrorCode::not_found, "There is no preview now.", ""};
    }
    http::Response response;
    response.headers = {{"Content-Type", "image/webp"}, {"Cache-Control", "private, max-age=600"}};
    response.body = *live->preview;
    co_return response;
}

}  // namespace ourvidz::generations
