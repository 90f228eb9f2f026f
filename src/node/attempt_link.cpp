#include "node/attempt_link.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/sha256.h"
#include "http/problem.h"

namespace ourvidz::node {
namespace {

// Another try may be answered otherwise.
bool is_passing(ErrorCode code) {
    return code == ErrorCode::unavailable || code == ErrorCode::too_many_requests ||
           code == ErrorCode::internal;
}

// An attempt that the server does not know is as good as lost: a database was put back, or it was swept.
Error as_lost_if_unknown(Error error) {
    if (error.code == ErrorCode::not_found) error.code = ErrorCode::lease_lost;
    return error;
}

}  // namespace

bool wait_ms(int ms, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, std::chrono::milliseconds(ms), [] { return false; });
    return !stop.stop_requested();
}

AttemptLink::AttemptLink(const ServerAddress& server, std::string attempt_id, std::int64_t fence,
                         PatienceLimits limits, Random random, std::stop_token abandon)
    : client_(server.url, server.bearer),
      attempt_id_(std::move(attempt_id)),
      fence_(fence),
      limits_(limits),
      random_(std::move(random)),
      abandon_(std::move(abandon)) {}

std::string AttemptLink::path_of(std::string_view what) const {
    return fmt::format("/api/v1/node/attempts/{}/{}", attempt_id_, what);
}

std::string AttemptLink::with_fence(json::object body) const {
    body["fence"] = fence_;
    return json::serialize(body);
}

Result<http::Reply> AttemptLink::once(std::string_view method, const std::string& path, std::string_view body,
                                      std::string_view content_type) {
    http::Client::Headers headers;
    if (!content_type.empty()) headers.emplace_back("Content-Type", std::string(content_type));
    OURVIDZ_TRY(reply, client_.send(method, path, body, headers, limits_.call_timeout_ms));
    if (reply.status >= 400)
        return as_lost_if_unknown(http::error_of_reply(reply.status, reply.content_type, reply.body));
    return std::move(reply);
}

Result<http::Reply> AttemptLink::until_answered(std::string_view method, const std::string& path,
                                                std::string_view body, std::string_view content_type) {
    using Steady = std::chrono::steady_clock;
    const auto deadline = Steady::now() + std::chrono::milliseconds(limits_.give_up_after_ms);
    Backoff backoff(limits_.retry_first_ms, limits_.retry_max_ms);
    while (true) {
        auto reply = once(method, path, body, content_type);
        if (reply || !is_passing(reply.error().code)) return reply;
        const int pause_ms = backoff.next_ms(random_);
        if (Steady::now() + std::chrono::milliseconds(pause_ms) >= deadline) return reply;
        if (!wait_ms(pause_ms, abandon_)) return reply;
    }
}

Result<void> AttemptLink::progress(json::object body) {
    auto reply = once("POST", path_of("progress"), with_fence(std::move(body)), "application/json");
    return reply ? Result<void>() : reply.error();
}

Result<void> AttemptLink::preview(int position, std::string_view webp) {
    const std::string path = path_of(fmt::format("preview?fence={}&position={}", fence_, position));
    auto reply = once("PUT", path, webp, "image/webp");
    return reply ? Result<void>() : reply.error();
}

Result<std::string> AttemptLink::file(std::string_view content_type, std::string_view bytes) {
    OURVIDZ_TRY(reply,
                until_answered("POST", path_of(fmt::format("files?fence={}", fence_)), bytes, content_type));
    OURVIDZ_TRY(body, parse_json_object(reply.body));
    const auto* file = body.if_contains("file");
    if (!file || !file->is_string())
        return Error{ErrorCode::malformed_body, "The server took a file and did not say its name.", {}};
    return std::string(file->get_string());
}

Result<void> AttemptLink::output(json::object body) {
    auto reply = until_answered("POST", path_of("outputs"), with_fence(std::move(body)), "application/json");
    return reply ? Result<void>() : reply.error();
}

Result<void> AttemptLink::finish(json::object body) {
    auto reply = until_answered("POST", path_of("finish"), with_fence(std::move(body)), "application/json");
    return reply ? Result<void>() : reply.error();
}

Result<std::string> AttemptLink::input(const Input& input) {
    OURVIDZ_TRY(reply, until_answered("GET", fmt::format("{}?fence={}", input.url, fence_), {}, {}));
    if (sha256_hex(reply.body) != input.sha256)
        return Error{ErrorCode::unavailable, "The picture to start from did not arrive whole.", ""};
    return std::move(reply.body);
}

}  // namespace ourvidz::node
