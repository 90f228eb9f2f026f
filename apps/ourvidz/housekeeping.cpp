#include "housekeeping.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "events/event_log.h"
#include "generations/submit.h"
#include "ledger/ledger.h"
#include "queue/queue.h"
#include "store/identity.h"
#include "store/sweep.h"

namespace ourvidz {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds beat_every = 1min;
constexpr std::chrono::milliseconds examine_every = 1h;
constexpr std::chrono::milliseconds audit_first = 1min;
constexpr std::chrono::milliseconds audit_every = 24h;
constexpr std::chrono::milliseconds clean_every = 10min;
constexpr UnixMs hour_ms = 3'600'000;
constexpr UnixMs events_kept_ms = 7 * 24 * hour_ms;
constexpr UnixMs keys_kept_ms = 24 * hour_ms;
constexpr UnixMs waiting_longest_ms = 30 * 24 * hour_ms;

}  // namespace

void Housekeeping::start(boost::asio::io_context& io) {
    beats_ = true;  // the start was one
    boost::asio::co_spawn(io, repeat(0ms, beat_every, &Housekeeping::beat), boost::asio::detached);
    boost::asio::co_spawn(io, repeat(0ms, examine_every, &Housekeeping::examine), boost::asio::detached);
    boost::asio::co_spawn(io, repeat(audit_first, audit_every, &Housekeeping::audit), boost::asio::detached);
    boost::asio::co_spawn(io, repeat(clean_every, clean_every, &Housekeeping::clean), boost::asio::detached);
}

Housekeeping::~Housekeeping() {
    pool_.stop();
    pool_.join();
    // Not where it would only keep the end waiting.
    if (beats_) beat();
}

boost::asio::awaitable<void> Housekeeping::repeat(std::chrono::milliseconds first,
                                                  std::chrono::milliseconds every,
                                                  void (Housekeeping::*work)()) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, first);
    for (;;) {
        co_await timer.async_wait(boost::asio::use_awaitable);
        boost::asio::post(pool_, [this, work] { (this->*work)(); });
        timer.expires_after(every);
    }
}

Housekeeping::Findings Housekeeping::findings() const {
    const std::lock_guard lock(mutex_);
    auto found = findings_;
    if (!halves_.empty()) found.database = halves_;
    return found;
}

void Housekeeping::note(std::string Findings::*where, std::string text) {
    if (!text.empty()) spdlog::error("{}", text);
    const std::lock_guard lock(mutex_);
    findings_.*where = std::move(text);
}

bool Housekeeping::trusted() const {
    return sound_ == Trust::yes && audited_ == Trust::yes;
}

void Housekeeping::beat() {
    const auto done = store::beat(database_, files_, clock_);
    beats_ = done.ok();
    // What passes is the probe's affair.
    const bool apart = !done.ok() && done.error().code == ErrorCode::conflict;
    const std::lock_guard lock(mutex_);
    if (apart && halves_ != done.error().detail) spdlog::error("{}", done.error().detail);
    halves_ = apart ? done.error().detail : "";
}

void Housekeeping::examine() {
    const auto examined = database_.read_now(db::Scope::server(), database_.examination());
    sound_ = examined.ok() ? Trust::yes : Trust::no;
    note(&Findings::database, examined.ok() ? "" : examined.error().detail);
}

// Credits that do not add up, and counts that are wrong, are a fault of ours, and nobody else would notice.
void Housekeeping::audit() {
    audited_ = Trust::no;
    const auto audit = database_.read_now(db::Scope::server(), ledger::audit);
    if (!audit.ok()) return spdlog::warn("the ledger could not be audited: {}", audit.error().detail);
    metrics_.audited(*audit);
    if (!audit->findings.empty()) spdlog::error("ledger: {}", ledger::to_text(*audit));
    const auto wrong = database_.read_now(db::Scope::server(), queue::miscounted);
    if (!wrong.ok()) return spdlog::warn("the queue could not be audited: {}", wrong.error().detail);
    if (*wrong != 0) spdlog::error("queue: {}", queue::miscounted_text(*wrong));
    if (audit->findings.empty() && *wrong == 0) audited_ = Trust::yes;
}

Result<void> Housekeeping::forget(UnixMs now) {
    auto work = [now](db::Connection& connection) -> Result<void> {
        OURVIDZ_CHECK(events::sweep(connection, now - events_kept_ms));
        OURVIDZ_CHECK(
            connection.execute("DELETE FROM idempotency_keys WHERE created_at < $1", {now - keys_kept_ms}));
        return generations::expire(connection, now - waiting_longest_ms, now);
    };
    return database_.write_now(db::Scope::server(), work);
}

// Nothing is collected on the word of a database that may be wrong.
void Housekeeping::clean() {
    // What a crowd of readers needed is given back when they have gone.
    malloc_trim(0);
    if (!trusted()) {
        examine();
        audit();
    }
    if (!trusted()) return spdlog::warn("nothing is swept before the database has passed its audit");
    if (const auto done = forget(clock_.now_ms()); !done.ok())
        spdlog::warn("forgetting what is old failed: {}", done.error().detail);
    const auto swept = store::sweep(database_, files_, clock_, store::Limit::small_share);
    if (!swept.ok()) return spdlog::warn("the sweep failed: {}", swept.error().detail);
    note(&Findings::files, store::stayed_text(*swept));
    if (swept->discarded + swept->removed + swept->brought_back > 0)
        spdlog::info(
            "files that belong to nothing: {} moved into the trash, {} removed from it, {} brought back",
            swept->discarded, swept->removed, swept->brought_back);
}

}  // namespace ourvidz
