#include "workbench/workbench.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/id.h"
#include "files/adopt_bytes.h"
#include "generations/enlarging.h"
#include "http/run_on.h"

namespace ourvidz::workbench {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// Looks at the queue are so far apart at least, however much is announced, and at most.
constexpr milliseconds look_every_min{200};
constexpr milliseconds look_every_max{5'000};
// While something waits that cannot be taken yet: it rests after a failure.
constexpr milliseconds look_again{1'000};
// A cancel is heard of so soon.
constexpr milliseconds renew_every{1'000};

std::vector<std::string> own_kinds() {
    std::vector<std::string> names;
    for (const auto& kind : kinds::all) {
        if (kinds::among(kinds::on_server, kind.work)) names.emplace_back(kind.name);
    }
    return names;
}

// Another attempt would end in the same way.
bool is_final(ErrorCode code) {
    return code == ErrorCode::refused || code == ErrorCode::held || code == ErrorCode::invalid_field ||
           code == ErrorCode::too_large || code == ErrorCode::not_found;
}

safety::Origin origin_of(const assets::Asset& source) {
    using safety::PictureDomain;
    return {source.people_free ? PictureDomain::people_free : PictureDomain::mixed, !source.people_free};
}

Result<assets::AssetFile> stored(files::FileStore& files, std::string variant,
                                 const media::EncodedPicture& encoded, const Clock& clock) {
    OURVIDZ_TRY(file, files::adopt_bytes(files, encoded.bytes, clock));
    return assets::AssetFile{std::move(variant), file.key, encoded.content_type,
                             static_cast<std::int64_t>(file.bytes), file.sha256};
}

asio::awaitable<void> pause(milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

static_assert(kinds::enlarged_side_max == media::work_side_max &&
              kinds::enlarged_pixels_max == media::work_pixels_max);

}  // namespace

struct Workbench::Attempt {
    enum class End { none, canceled, lost, shutdown };

    queue::Claim claim;
    generations::Generation generation;
    std::optional<generations::Estimate> usual;
    std::stop_source stop;
    End end = End::none;  // why it was stopped
    bool over = false;
    std::chrono::steady_clock::time_point started_at = std::chrono::steady_clock::now();

    void stop_for(End why) {
        if (end == End::none) end = why;
        stop.request_stop();
    }
};

struct Workbench::Made {
    generations::Output output;
    safety::PictureDomain domain = safety::PictureDomain::mixed;
};

class Workbench::Thread {
  public:
    asio::thread_pool pool{1};
};

Workbench::Workbench(Parts parts, queue::Policy policy, media::MediaOptions media)
    : parts_(parts),
      policy_(std::move(policy)),
      media_options_(std::move(media)),
      id_("server-" + random_hex(8) + "/server/0"),
      thread_(std::make_unique<Thread>()) {}

Workbench::~Workbench() {
    stop();
}

void Workbench::stop() {
    stopping_ = true;
    if (attempt_) attempt_->stop_for(Attempt::End::shutdown);
}

asio::awaitable<void> Workbench::work() {
    while (!stopping_) {
        const auto heard = parts_.announcements.heard();
        auto look = [](db::Connection& connection) {
            return queue::may_wait(connection, kinds::server_line);
        };
        const auto waits = co_await parts_.database.read(server_, std::move(look));
        const bool some = waits.ok() && *waits && !stopping_;
        if (some) {
            auto taken = co_await take();
            if (taken.ok() && *taken != nullptr) {
                co_await run(std::move(*taken));
                continue;
            }
        }
        if (media_) {
            auto end = [this] {
                media_.reset();
                return true;
            };
            co_await http::run_on(thread_->pool, std::move(end));
        }
        co_await pause(look_every_min);
        co_await parts_.announcements.wait(heard, some ? look_again : look_every_max);
    }
}

Result<Workbench::Taken> Workbench::claim(db::Connection& connection) const {
    queue::Ask ask;
    ask.node_id = id_;
    ask.line = kinds::server_line;
    ask.kinds = own_kinds();
    OURVIDZ_TRY(found, queue::claim(connection, ask, parts_.clock, policy_));
    if (found.claims.empty()) return Taken();
    auto attempt = std::make_shared<Attempt>();
    attempt->claim = std::move(found.claims.front());
    OURVIDZ_TRY(generation, generations::on_claimed(connection, attempt->claim, parts_.clock.now_ms()));
    attempt->generation = std::move(generation);
    const auto& taken = attempt->generation;
    OURVIDZ_TRY(usual, generations::estimate(connection, taken.kind, taken.model,
                                             generations::size_class(taken.settings, taken.batch)));
    attempt->usual = usual;
    return attempt;
}

asio::awaitable<Result<Workbench::Taken>> Workbench::take() {
    auto work = [this](db::Connection& connection) { return claim(connection); };
    // Losing a claim to a power cut loses an attempt, never a job.
    auto taken = co_await parts_.database.write(server_, std::move(work), db::Durability::lossy_on_power_cut);
    co_return taken;
}

asio::awaitable<void> Workbench::run(Taken attempt) {
    attempt_ = attempt;
    if (stopping_) attempt->stop_for(Attempt::End::shutdown);
    const auto& generation = attempt->generation;
    const auto waited_ms = parts_.clock.now_ms() - generation.created_at;
    parts_.metrics.started(generation.kind, static_cast<double>(waited_ms) / 1000);
    parts_.live.start(generation.id, generation.workspace_id, attempt->usual);
    parts_.live.find(generation.id)->on_server = true;
    parts_.notices.changed(generation.workspace_id);
    parts_.notices.progressed(generation.id);
    parts_.notices.line_moved(generation.workspace_id);
    const auto io = co_await asio::this_coro::executor;
    asio::co_spawn(io, keep_lease(attempt), asio::detached);
    auto source = co_await source_of(attempt);
    auto made = Result<Made>(Error{ErrorCode::internal, "", ""});
    if (source.ok()) {
        auto enlarged = [this, io, attempt](double share) {
            asio::post(io, [this, attempt, share] { advance(attempt, share); });
        };
        auto make = [this, attempt, source = std::move(*source), enlarged] {
            return enlarge(*attempt, source, enlarged);
        };
        made = co_await http::run_on(thread_->pool, std::move(make));
    } else {
        made = source.error();
    }
    attempt->over = true;
    co_await report(attempt, std::move(made));
    attempt_ = nullptr;
}

// Like a node's heartbeat. Where the database does not answer the lease runs out, and the next renewal says
// so.
asio::awaitable<void> Workbench::keep_lease(Taken attempt) {
    while (true) {
        co_await pause(std::min(renew_every, milliseconds(policy_.lease_ms / 3)));
        if (attempt->over) co_return;
        auto work = [this, attempt](db::Connection& connection) {
            return queue::renew(connection, id_, {{attempt->claim.attempt_id, attempt->claim.fence}},
                                parts_.clock.now_ms(), policy_);
        };
        const auto renewal =
            co_await parts_.database.write(server_, std::move(work), db::Durability::lossy_on_power_cut);
        if (!renewal.ok() || attempt->over) continue;
        if (!renewal->lost.empty()) attempt->stop_for(Attempt::End::lost);
        if (!renewal->canceled.empty()) attempt->stop_for(Attempt::End::canceled);
    }
}

asio::awaitable<Result<assets::Asset>> Workbench::source_of(Taken attempt) {
    const auto& id = attempt->generation.settings.source_asset_id;
    if (!id) co_return Error{ErrorCode::internal, "There is no picture to enlarge.", ""};
    auto read = [workspace = attempt->generation.workspace_id, id = *id](db::Connection& connection) {
        return assets::find(connection, workspace, id);
    };
    auto source = co_await parts_.database.read(server_, std::move(read));
    if (source.ok() && !source->visible()) co_return Error{ErrorCode::held, source->verdict.sentence, ""};
    co_return source;
}

void Workbench::advance(const Taken& attempt, double fraction) {
    if (attempt->over || parts_.live.find(attempt->generation.id) == nullptr) return;
    parts_.live.advance(attempt->generation.id,
                        {fraction < 1 ? "enlarging" : "finishing", fraction, 0, std::nullopt, std::nullopt});
    parts_.notices.progressed(attempt->generation.id);
}

Result<media::MediaClient*> Workbench::media() {
    if (!media_) {
        OURVIDZ_TRY(started, media::MediaClient::start(media_options_, parts_.clock));
        media_ = std::move(started);
    }
    return media_.get();
}

// As a node does it: what is judged is what was decoded, and nothing else is enlarged.
Result<Workbench::Made> Workbench::enlarge(const Attempt& attempt, const assets::Asset& source,
                                           const std::function<void(double)>& enlarged) {
    auto settings = attempt.generation.settings;
    OURVIDZ_CHECK(generations::size_by_source(source.width, source.height, settings));
    const auto* file = source.file("original");
    if (file == nullptr) return Error{ErrorCode::not_found, "The picture has no file.", ""};
    OURVIDZ_TRY(bytes, parts_.files.read(file->file_key, 0, static_cast<std::size_t>(file->bytes)));
    OURVIDZ_TRY(worker, media());
    const auto stop = attempt.stop.get_token();
    OURVIDZ_TRY(pixels, worker->decode_source(std::move(bytes), static_cast<int>(source.width),
                                              static_cast<int>(source.height), stop));
    enlarged(0);
    const auto origin = origin_of(source);
    OURVIDZ_TRY(
        released,
        parts_.gate.release(safety::Picture{pixels.width, pixels.height, std::move(pixels.pixels)}, origin));
    auto& picture = released.artifact();
    media::FinishRequest request;
    request.width = picture.width;
    request.height = picture.height;
    request.upscale = static_cast<int>(kinds::enlarge_factor);
    request.upscaler = media::Upscaler::srvgg;
    request.recipe = source.recipe;
    request.recipe["enlarged"] = {{"factor", kinds::enlarge_factor}, {"method", kinds::server_model}};
    OURVIDZ_TRY(finished, worker->finish_picture({picture.width, picture.height, std::move(picture.rgb)},
                                                 request, stop, enlarged));
    if (finished.upscaler != media::to_string(request.upscaler))
        return Error{ErrorCode::unavailable, "The network that enlarges was not there.", ""};
    Made made;
    made.domain = origin.domain;
    auto& output = made.output;
    output.medium = "image";
    output.width = finished.picture.width;
    output.height = finished.picture.height;
    output.seed = source.seed;
    output.recipe = std::move(request.recipe);
    output.verdict = released.verdict();
    OURVIDZ_TRY(original, stored(parts_.files, "original", finished.picture, parts_.clock));
    OURVIDZ_TRY(thumbnail, stored(parts_.files, "thumbnail", finished.thumbnail, parts_.clock));
    output.files = {std::move(original), std::move(thumbnail)};
    return made;
}

asio::awaitable<void> Workbench::report(Taken attempt, Result<Made> made) {
    using Outcome = generations::Finish::Outcome;
    generations::Finish finish;
    const auto took = std::chrono::steady_clock::now() - attempt->started_at;
    finish.engine_ms = std::chrono::duration_cast<milliseconds>(took).count();
    if (made.ok()) {
        finish.outcome = Outcome::succeeded;
    } else {
        finish.error = made.error();
        finish.retry = !is_final(finish.error.code);
        if (attempt->end == Attempt::End::canceled) finish.outcome = Outcome::canceled;
        if (attempt->end == Attempt::End::shutdown) finish.outcome = Outcome::released;
        if (attempt->end == Attempt::End::none)
            spdlog::warn("attempt {} failed: {}", attempt->claim.attempt_id, finish.error.detail);
    }
    auto work = [this, attempt, finish, made = std::move(made)](db::Connection& connection) -> Result<void> {
        OURVIDZ_TRY(live, queue::require_live(connection, attempt->claim.attempt_id, attempt->claim.fence));
        if (made.ok())
            OURVIDZ_CHECK(generations::on_output(connection, live, made->output, parts_.gate, made->domain,
                                                 parts_.clock));
        return generations::on_finish(connection, live, finish, parts_.clock.now_ms(), policy_);
    };
    const auto told = co_await parts_.database.write(server_, std::move(work));
    // Who took it over since tells of it.
    if (!told.ok() && told.error().code == ErrorCode::lease_lost) co_return;
    if (!told.ok()) spdlog::warn("attempt {} is left: {}", attempt->claim.attempt_id, told.error().detail);
    parts_.metrics.attempt_ended(generations::to_string(finish));
    parts_.notices.ended(attempt->generation.id);
    parts_.notices.changed(attempt->generation.workspace_id);
    parts_.notices.wake_nodes();
    parts_.notices.line_moved(attempt->generation.workspace_id);
}

}  // namespace ourvidz::workbench
