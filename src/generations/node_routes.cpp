#include "generations/node_routes.h"

#include <spdlog/spdlog.h>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <limits>

#include "assets/declared_size.h"
#include "assets/media.h"
#include "generations/node_messages.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/run_on.h"
#include "kinds/settings.h"

namespace ourvidz::generations {
namespace {

constexpr std::uint64_t file_bytes_max = 512ULL << 20U;
constexpr std::uint64_t preview_bytes_max = 1ULL << 20U;
constexpr std::uint64_t message_bytes_max = 1ULL << 20U;
constexpr std::int64_t again_ms_min = 50;
constexpr UnixMs reports_missed_ms_max = 8'000;  // four of them
// Of the picture that a job begins with.
constexpr std::string_view source_role = "source";
constexpr std::int64_t fence_max = std::numeric_limits<std::int64_t>::max();

http::Response no_content() {
    http::Response response;
    response.status = 204;
    return response;
}

}  // namespace

// What the database says to one poll.
struct NodeApi::News {
    queue::Renewal renewal;
    std::vector<std::pair<queue::Claim, Generation>> leases;
    std::vector<Usual> usual;  // one for each lease
    std::vector<queue::LiveAttempt> set_back;
    std::optional<UnixMs> again_at;  // see queue::Claims
};

// `card` and `models` are the newest that are known of the node, whichever of its places told it.
struct NodeApi::Poll : PollMessage {
    std::optional<ModelNames> models = {};
    std::shared_ptr<const catalog::Catalog> catalog = {};  // null: it wants nothing
};

struct NodeApi::Threads {
    http::asio::thread_pool pool{2};
};

NodeApi::NodeApi(Parts parts, queue::Policy policy)
    : parts_(parts),
      policy_(policy),
      started_at_(parts_.clock.now_ms()),
      threads_(std::make_unique<Threads>()) {}

NodeApi::~NodeApi() = default;

identity::Routes NodeApi::routes() {
    constexpr auto work = identity::Permission::work;
    const std::string attempt = "/api/v1/node/attempts/{id}";
    const http::RouteOptions message{http::BodyUse::memory, message_bytes_max, http::json_type};
    const http::RouteOptions picture{http::BodyUse::memory, preview_bytes_max, "image/webp"};
    const http::RouteOptions file{http::BodyUse::spool, file_bytes_max};
    return {
        {"POST", "/api/v1/node/poll", work, message, this, &NodeApi::poll},
        {"GET", attempt + "/inputs/{role}", work, {}, this, &NodeApi::input},
        {"POST", attempt + "/progress", work, message, this, &NodeApi::progress},
        {"PUT", attempt + "/preview", work, picture, this, &NodeApi::preview},
        {"POST", attempt + "/files", work, file, this, &NodeApi::file},
        {"POST", attempt + "/outputs", work, message, this, &NodeApi::output},
        {"POST", attempt + "/finish", work, message, this, &NodeApi::finish},
    };
}

Result<NodeApi::News> NodeApi::exchange(db::Connection& connection, const Poll& poll) const {
    const auto now = parts_.clock.now_ms();
    News news;
    OURVIDZ_TRY(renewal, queue::renew(connection, poll.node_id, poll.running, now, policy_));
    news.renewal = std::move(renewal);
    OURVIDZ_TRY(given_up, queue::given_up(connection, poll.node_id, poll.running));
    for (const auto& live : given_up) OURVIDZ_CHECK(on_lost(connection, live, now, policy_));
    news.set_back = std::move(given_up);
    for (const auto& want : poll.want) OURVIDZ_CHECK(claim_for(connection, poll, want, news));
    return news;
}

Result<void> NodeApi::claim_for(db::Connection& connection, const Poll& poll, const PollMessage::Want& want,
                                News& news) const {
    const auto now = parts_.clock.now_ms();
    int left = want.count;
    for (const auto& line : lines_of(*poll.catalog, want.kinds)) {
        auto ask =
            ask_of(poll.card ? &*poll.card : nullptr, *poll.catalog, poll.node_id, line, want.kinds, now);
        ask.count = left;
        if (poll.models) ask.models.emplace(poll.models->begin(), poll.models->end());
        OURVIDZ_TRY(found, queue::claim(connection, ask, parts_.clock, policy_));
        left -= static_cast<int>(found.claims.size());
        if (found.again_at && (!news.again_at || *found.again_at < *news.again_at))
            news.again_at = found.again_at;
        for (auto& claim : found.claims) {
            OURVIDZ_TRY(generation, on_claimed(connection, claim, now));
            OURVIDZ_TRY(known, usual(connection, generation.kind, generation.model,
                                     size_class(generation.settings, generation.batch)));
            news.usual.push_back(known);
            news.leases.emplace_back(std::move(claim), std::move(generation));
        }
    }
    return {};
}

// A place that gets nothing now may get something later although nothing is announced: a turn may have ended.
std::chrono::milliseconds NodeApi::longest_wait(const News& news,
                                                std::chrono::steady_clock::duration left) const {
    const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(left);
    if (!news.again_at) return whole;
    const std::chrono::milliseconds again(
        std::max<std::int64_t>(*news.again_at - parts_.clock.now_ms(), again_ms_min));
    return std::min(whole, again);
}

void NodeApi::note_node(Poll& poll) {
    if (poll.status) {
        poll.status->seen_at = parts_.clock.now_ms();
        parts_.metrics.node_counters(poll.node_id, poll.status->counters);
        auto& known = parts_.nodes.nodes[poll.node_id];
        // Its places may wait for nothing but a model that has come.
        if (known.models != poll.status->models) parts_.announcements.announce();
        known = *poll.status;
        reported_(poll.node_id);
    }
    if (!poll.card) return;
    poll.card->seen_at = parts_.clock.now_ms();
    parts_.nodes.cards[node_of(poll.node_id)] = *poll.card;
}

// A poll that waits takes jobs as long as its connection stands, and the connections of a node that was
// stopped stand. One that reported once and does no longer is asked to say again that it is there: by its
// next poll.
bool NodeApi::has_fallen_silent(std::string_view place_id) const {
    const auto node = parts_.nodes.nodes.find(node_of(place_id));
    return node != parts_.nodes.nodes.end() &&
           parts_.clock.now_ms() - node->second.seen_at > reports_missed_ms_max;
}

NodeApi::Answer NodeApi::poll(identity::Call call) {
    auto read = generations::read_poll(call.request.body);
    if (!read.ok()) co_return read.error();
    Poll poll{std::move(*read)};
    note_node(poll);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(poll.wait_ms);
    // A node has one poll at a time. One that it has hung up on must not take jobs that nobody would hear of.
    const auto turn = ++turns_[poll.node_id];
    // The first look is always taken: a poll that has just come is a sign of life.
    for (bool fresh = true; turns_[poll.node_id] == turn && (fresh || !has_fallen_silent(poll.node_id));
         fresh = false) {
        const auto heard = parts_.announcements.heard();
        if (!poll.want.empty()) {
            auto models = co_await parts_.models.ask();
            if (!models.ok()) co_return models.error();
            poll.catalog = *models;
            if (turns_[poll.node_id] != turn) break;
        }
        const auto card = parts_.nodes.cards.find(node_of(poll.node_id));
        if (card != parts_.nodes.cards.end()) poll.card = card->second;
        const auto node = parts_.nodes.nodes.find(node_of(poll.node_id));
        if (node != parts_.nodes.nodes.end()) poll.models = node->second.models;
        auto work = [this, poll](db::Connection& connection) { return exchange(connection, poll); };
        // Losing a claim or a renewal to a power cut loses an attempt, never a job.
        auto news = co_await call.caller.write(std::move(work), db::Durability::lossy_on_power_cut);
        if (!news.ok()) co_return news.error();
        tell(news->set_back);
        const auto now = std::chrono::steady_clock::now();
        const bool empty =
            news->leases.empty() && news->renewal.lost.empty() && news->renewal.canceled.empty();
        if (!empty || now >= end || stopping_) {
            json::object body{{"cancels", json::value_from(news->renewal.canceled)},
                              {"lost", json::value_from(news->renewal.lost)}};
            json::array leases;
            for (std::size_t i = 0; i < news->leases.size(); ++i) {
                const auto& [claim, generation] = news->leases[i];
                const auto waited_ms = parts_.clock.now_ms() - generation.created_at;
                parts_.metrics.started(generation.kind, static_cast<double>(waited_ms) / 1000);
                parts_.live.start(generation.id, generation.workspace_id, news->usual[i].work);
                auto lease = co_await lease_json(claim, generation);
                lease["draw_share"] = or_null(news->usual[i].draw_share);
                leases.push_back(std::move(lease));
                parts_.notices.changed(generation.workspace_id);
                parts_.notices.progressed(generation.id);
                parts_.notices.line_moved(generation.workspace_id);
            }
            body["leases"] = std::move(leases);
            co_return http::json_response(200, body);
        }
        co_await parts_.announcements.wait(heard, longest_wait(*news, end - now));
    }
    co_return http::json_response(
        200, json::object{{"leases", json::array()}, {"cancels", json::array()}, {"lost", json::array()}});
}

http::asio::awaitable<json::object> NodeApi::lease_json(const queue::Claim& claim,
                                                        const Generation& generation) {
    json::array done;
    for (const auto& asset : generation.assets) done.push_back(asset.position);
    json::object lease{
        {"attempt_id", claim.attempt_id},
        {"fence", claim.fence},
        {"job_id", claim.job_id},
        {"generation_id", generation.id},
        {"kind", generation.kind},
        {"model", generation.model},
        {"settings", kinds::to_json(generation.settings)},
        {"batch", generation.batch},
        {"messages", to_json(generation.messages)},
        {"done_positions", std::move(done)},
        {"lease_ms", policy_.lease_ms},
    };
    json::array inputs;
    if (generation.settings.source_asset_id) {
        const auto source = co_await asset_of(generation.workspace_id, *generation.settings.source_asset_id);
        // If it cannot be read the node fails to fetch it and says so.
        const auto* file = source.ok() ? source->file("original") : nullptr;
        inputs.push_back(json::object{
            {"role", source_role},
            {"url", "/api/v1/node/attempts/" + claim.attempt_id + "/inputs/" + std::string(source_role)},
            {"sha256", file == nullptr ? "" : file->sha256},
            {"people_free", source.ok() && source->people_free}});
    }
    lease["inputs"] = std::move(inputs);
    co_return lease;
}

http::asio::awaitable<Result<assets::Asset>> NodeApi::asset_of(std::string workspace_id, std::string id) {
    auto scope = db::Scope::workspace(workspace_id);
    auto read = [workspace_id, id](db::Connection& connection) {
        return assets::find(connection, workspace_id, id);
    };
    auto asset = co_await parts_.database.read(std::move(scope), std::move(read));
    co_return asset;
}

// The file itself and not a link to it: what the node decodes is what it was given under the fence.
NodeApi::Answer NodeApi::input(identity::Call call) {
    const auto fence = http::required_query_integer(call.request, "fence", 0, fence_max);
    if (!fence.ok()) co_return fence.error();
    auto read = [id = std::string(call.request.parameter("id")),
                 fence = *fence](db::Connection& connection) -> Result<Generation> {
        OURVIDZ_TRY(live, queue::require_live(connection, id, fence));
        return find_any(connection, live.subject.id);
    };
    const auto generation = co_await call.caller.read(std::move(read));
    if (!generation.ok()) co_return generation.error();
    const auto& source_id = generation->settings.source_asset_id;
    if (call.request.parameter("role") != source_role || !source_id)
        co_return Error{ErrorCode::not_found, "This job has no such input.", ""};
    const auto asset = co_await asset_of(generation->workspace_id, *source_id);
    if (!asset.ok()) co_return asset.error();
    if (!asset->visible()) co_return Error{ErrorCode::held, asset->verdict.sentence, ""};
    const auto* file = asset->file("original");
    if (file == nullptr) co_return Error{ErrorCode::not_found, "The input has no file.", ""};
    co_return parts_.file_answers.answer(call.request, *file);
}

http::asio::awaitable<Result<queue::LiveAttempt>> NodeApi::live_attempt(const identity::Call& call,
                                                                        std::int64_t fence) {
    auto read = [id = std::string(call.request.parameter("id")), fence](db::Connection& connection) {
        return queue::require_live(connection, id, fence);
    };
    auto live = co_await call.caller.read(std::move(read));
    co_return live;
}

NodeApi::Answer NodeApi::progress(identity::Call call) {
    auto message = read_progress(call.request.body);
    if (!message.ok()) co_return message.error();
    const auto attempt = co_await live_attempt(call, message->fence);
    if (!attempt.ok()) co_return attempt.error();
    // A server that was restarted in the middle learns of the run from its next progress, and so does one
    // whose node worked for another before.
    const auto* known = parts_.live.find(attempt->subject.id);
    if (known == nullptr || known->far) {
        parts_.live.start(attempt->subject.id, attempt->workspace_id, std::nullopt);
    }
    parts_.live.advance(attempt->subject.id, {message->phase, message->fraction, message->position,
                                              message->step, message->steps});
    auto* live = parts_.live.find(attempt->subject.id);
    if (message->text) {
        const auto offset = live->text.size();
        live->text += *message->text;
        parts_.notices.said(attempt->subject.id, offset, *message->text);
    } else {
        parts_.notices.progressed(attempt->subject.id);
    }
    co_return no_content();
}

NodeApi::Answer NodeApi::preview(identity::Call call) {
    const auto fence = http::required_query_integer(call.request, "fence", 0, fence_max);
    if (!fence.ok()) co_return fence.error();
    const auto position = http::required_query_integer(call.request, "position", 0, kinds::batch_max - 1);
    if (!position.ok()) co_return position.error();
    const auto attempt = co_await live_attempt(call, *fence);
    if (!attempt.ok()) co_return attempt.error();
    if (auto* live = parts_.live.find(attempt->subject.id)) {
        live->preview = std::make_shared<const std::string>(std::move(call.request.body));
        ++live->preview_version;
        parts_.notices.progressed(attempt->subject.id);
    }
    co_return no_content();
}

NodeApi::Answer NodeApi::file(identity::Call call) {
    const auto fence = http::required_query_integer(call.request, "fence", 0, fence_max);
    if (!fence.ok()) co_return fence.error();
    const auto attempt = co_await live_attempt(call, *fence);
    if (!attempt.ok()) co_return attempt.error();
    const auto io = co_await http::asio::this_coro::executor;
    co_await http::asio::post(http::asio::bind_executor(threads_->pool, http::asio::use_awaitable));
    auto stored = parts_.files.adopt(call.request.spooled);
    co_await http::asio::post(http::asio::bind_executor(io, http::asio::use_awaitable));
    if (!stored.ok()) co_return stored.error();
    co_return http::json_response(
        201, json::object{{"file", parts_.file_names.name_of(*stored, call.request.parameter("id"))},
                          {"bytes", stored->bytes},
                          {"sha256", stored->sha256}});
}

namespace {

// For the signature of any type and the size of a picture.
constexpr std::size_t head_bytes = 32;

Result<void> look_at(const assets::AssetFile& file, const Output& output, std::string_view head) {
    const auto path = "files." + file.variant;
    if (!assets::begins_as(file.content_type, head))
        return invalid_field(path, "is not a file of the type " + file.content_type);
    const auto pixels = assets::declared_pixels(head);
    if (file.variant == "original" && pixels &&
        *pixels != static_cast<std::uint64_t>(output.width) * static_cast<std::uint64_t>(output.height))
        return invalid_field(path, "has another size than the output says");
    return {};
}

}  // namespace

// What the files are is not taken from the node: the names say what was measured when they came, and the
// files themselves what they are.
http::asio::awaitable<Result<void>> NodeApi::identify(std::string attempt_id, OutputMessage& message) {
    for (auto& file : message.output.files) {
        auto stored = parts_.file_names.read(file.file_key, attempt_id);
        if (!stored.ok()) co_return stored.error();
        file.file_key = stored->key;
        file.bytes = static_cast<std::int64_t>(stored->bytes);
        file.sha256 = stored->sha256;
        auto read = [this, key = stored->key] { return parts_.files.read(key, 0, head_bytes); };
        const auto head = co_await http::run_on(threads_->pool, std::move(read));
        if (!head.ok()) co_return head.error();
        auto looked = look_at(file, message.output, *head);
        if (!looked.ok()) co_return looked.error();
    }
    co_return Result<void>();
}

NodeApi::Answer NodeApi::output(identity::Call call) {
    auto message = read_output(call.request.body);
    if (!message.ok()) co_return message.error();
    const auto identified = co_await identify(std::string(call.request.parameter("id")), *message);
    if (!identified.ok()) co_return identified.error();
    const auto models = co_await parts_.models.ask();
    if (!models.ok()) co_return models.error();
    auto work = [this, id = std::string(call.request.parameter("id")), message = *message,
                 models = *models](db::Connection& connection) -> Result<queue::LiveAttempt> {
        OURVIDZ_TRY(live, queue::require_live(connection, id, message.fence));
        OURVIDZ_TRY(generation, find_any(connection, live.subject.id));
        const auto* entry = models->find(generation.model);
        // A model that the catalogue no longer knows counts as one that may draw anything.
        const auto domain = entry == nullptr ? std::nullopt : safety::picture_domain_from(entry->domain);
        OURVIDZ_CHECK(on_output(connection, live, message.output, parts_.gate,
                                domain.value_or(safety::PictureDomain::mixed), parts_.clock));
        return std::move(live);
    };
    auto live = co_await call.caller.write(std::move(work));
    if (!live.ok()) co_return live.error();
    parts_.notices.changed(live->workspace_id);
    co_return no_content();
}

NodeApi::Answer NodeApi::finish(identity::Call call) {
    auto message = read_finish(call.request.body);
    if (!message.ok()) co_return message.error();
    const auto outcome = to_string(message->finish);
    if (message->finish.outcome == Finish::Outcome::failed) {
        spdlog::warn("attempt {} {}: {}", call.request.parameter("id"), outcome,
                     to_string(message->finish.error.code));
    }
    auto work = [this, id = std::string(call.request.parameter("id")),
                 message = *message](db::Connection& connection) -> Result<queue::LiveAttempt> {
        OURVIDZ_TRY(live, queue::require_live(connection, id, message.fence));
        OURVIDZ_CHECK(on_finish(connection, live, message.finish, parts_.clock.now_ms(), policy_));
        return std::move(live);
    };
    auto live = co_await call.caller.write(std::move(work));
    if (!live.ok()) co_return live.error();
    parts_.metrics.attempt_ended(outcome);
    tell({*live});
    co_return no_content();
}

// Attempts that are over: their live state goes, readers and nodes hear of it.
void NodeApi::tell(const std::vector<queue::LiveAttempt>& moved) {
    for (const auto& one : moved) {
        parts_.notices.ended(one.subject.id);
        parts_.notices.changed(one.workspace_id);
        parts_.notices.wake_nodes();
        parts_.notices.line_moved(one.workspace_id);
    }
}

void NodeApi::stop_waiting() {
    stopping_ = true;
    parts_.announcements.announce();
}

http::asio::awaitable<void> NodeApi::sweep_leases() {
    auto work = [this](db::Connection& connection) -> Result<std::vector<queue::LiveAttempt>> {
        const auto now = parts_.clock.now_ms();
        OURVIDZ_TRY(expired, queue::expired(connection, now));
        for (const auto& live : expired) OURVIDZ_CHECK(on_lost(connection, live, now, policy_));
        return std::move(expired);
    };
    auto lost = co_await parts_.database.write(server_, std::move(work));
    const auto now = parts_.clock.now_ms();
    const auto present = parts_.nodes.present(now);
    LiveBoard::Machines machines{!present.empty() || now - started_at_ < node_silence_ms_max,
                                 NodeBoard::models_on(present)};
    if (parts_.share != nullptr) machines = parts_.share->exchange(machines);
    parts_.notices.look_for_trouble(std::move(machines));
    if (!lost.ok()) co_return;
    parts_.metrics.attempts_lost(lost->size());
    tell(*lost);
}

}  // namespace ourvidz::generations
