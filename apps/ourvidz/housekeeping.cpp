#include "housekeeping.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "assets/checks.h"
#include "store/gaps.h"
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

constexpr std::string_view older_copy_text =
    "The database is an older copy than the files, or was adopted for them: what is newer is not shown, and "
    "it stays. "
    "Put the newer database back; if there is none, `ourvidz admin sweep` moves what is newer into the "
    "trash.";

}  // namespace

void Housekeeping::add(std::vector<studio::Sweep> sweeps, std::vector<studio::Audit> audits) {
    for (auto& one : sweeps) sweeps_.push_back(std::move(one));
    for (auto& one : audits) audits_.push_back(std::move(one));
}

void Housekeeping::start(boost::asio::io_context& io) {
    beats_ = true;  // the start was one
    boost::asio::co_spawn(io, repeat(0ms, beat_every, &Housekeeping::beat), boost::asio::detached);
    boost::asio::co_spawn(io, repeat(0ms, clean_every, &Housekeeping::check_again), boost::asio::detached);
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
    // The sweep, which counts them, looks only at files that are an hour old.
    if (older_copy_ && found.files.empty()) found.files = older_copy_text;
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
    if (wipe_due_) wipe();
    const auto done = store::beat(parts_.database, parts_.files, parts_.clock);
    beats_ = done.ok();
    // What passes is the probe's affair.
    const bool apart = !done.ok() && done.error().code == ErrorCode::conflict;
    const auto older = store::is_older_copy(parts_.database);
    const std::lock_guard lock(mutex_);
    if (older.ok()) older_copy_ = *older;
    if (apart && halves_ != done.error().detail) spdlog::error("{}", done.error().detail);
    halves_ = apart ? done.error().detail : "";
}

void Housekeeping::examine() {
    const auto examined = parts_.database.read_now(db::Scope::server(), parts_.database.examination());
    sound_ = examined.ok() ? Trust::yes : Trust::no;
    note(&Findings::database, examined.ok() ? "" : examined.error().detail);
}

// What does not add up is a fault of ours, and nobody else would notice.
void Housekeeping::audit() {
    audited_ = Trust::no;
    bool sound = true;
    for (const auto& one : audits_) {
        const auto report = parts_.database.read_now(db::Scope::server(), one.run);
        if (!report.ok()) return spdlog::warn("{} could not be audited: {}", one.name, report.error().detail);
        parts_.metrics.audited(one.name, *report);
        if (!report->sound) spdlog::error("{}: {}", one.name, report->text);
        sound = sound && report->sound;
    }
    if (!sound) return;
    audited_ = Trust::yes;
    purge_soon();
}

// What earlier rules have judged is not shown until then. Piece by piece, so that beats come between.
void Housekeeping::check_again() {
    const auto now = parts_.clock.now_ms();
    auto work = [this, now](db::Connection& connection) {
        return assets::check_again(connection, parts_.gate, now);
    };
    const auto checked = parts_.database.write_now(db::Scope::server(), work);
    if (!checked.ok()) return spdlog::warn("checking again failed: {}", checked.error().detail);
    for (const auto& workspace : checked->workspaces) parts_.changed(workspace);
    if (checked->assets > 0) spdlog::info("checked again by today's safety rules: {}", checked->assets);
    if (checked->more) boost::asio::post(pool_, [this] { check_again(); });
}

void Housekeeping::purge_soon() {
    if (purge_asked_.exchange(true)) return;
    boost::asio::post(pool_, [this] { purge(); });
}

// A large trash goes piece by piece, so that beats come between.
void Housekeeping::purge() {
    purge_asked_ = false;
    const auto more = purge_some();
    if (!more.ok()) return spdlog::warn("purging the trash failed: {}", more.error().detail);
    if (*more) return purge_soon();
    wipe();
}

// The words of what has gone are in the database's files for as long as they are not overwritten there.
void Housekeeping::wipe() {
    const auto wiped = parts_.database.wipe_deleted();
    wipe_due_ = !wiped.ok() || !*wiped;
}

// What its owner has emptied goes in any case. What has only become old, and any file, goes on the word of a
// database that is sound, the files' own, and not known to be an older copy, whose trash may have in it what
// was brought back since. Answers whether there is more to do.
Result<bool> Housekeeping::purge_some() {
    // Before the beat, which gives the trash more time when the clock has jumped.
    const auto now = parts_.clock.now_ms();
    bool believed = trusted();
    if (believed) {
        const auto beaten = store::beat(parts_.database, parts_.files, parts_.clock);
        if (!beaten.ok()) spdlog::warn("no file is given back: {}", beaten.error().detail);
        believed = beaten.ok();
    }
    OURVIDZ_TRY(older, store::is_older_copy(parts_.database));
    if (older) believed = false;
    const UnixMs before = believed ? now - parts_.trash_kept_ms : 0;
    OURVIDZ_TRY(rows, assets::purge_due(parts_.database, before, parts_.others, parts_.clock));
    for (const auto& workspace : rows.workspaces) parts_.changed(workspace);
    if (rows.purged.assets > 0)
        spdlog::info("the trash: {} deleted for good, {} bytes", rows.purged.assets, rows.purged.bytes);
    if (!believed) return bool{rows.more};
    OURVIDZ_TRY(given, assets::give_back(parts_.database, parts_.files));
    return rows.more || given.more;
}

Result<void> Housekeeping::forget(UnixMs now) {
    auto work = [this, now](db::Connection& connection) -> Result<void> {
        for (const auto& sweep : sweeps_) OURVIDZ_CHECK(sweep.run(connection, now));
        return {};
    };
    return parts_.database.write_now(db::Scope::server(), work);
}

// Nothing is collected on the word of a database that may be wrong.
void Housekeeping::clean() {
    if (!trusted()) {
        examine();
        audit();
    }
    if (!trusted()) return spdlog::warn("nothing is swept before the database has passed its audit");
    if (const auto done = forget(parts_.clock.now_ms()); !done.ok())
        spdlog::warn("forgetting what is old failed: {}", done.error().detail);
    purge_soon();
    const auto swept = store::sweep(parts_.database, parts_.files, parts_.clock, store::Limit::small_share);
    if (!swept.ok()) return spdlog::warn("the sweep failed: {}", swept.error().detail);
    note(&Findings::files, store::stayed_text(*swept));
    if (swept->discarded + swept->removed + swept->brought_back > 0)
        spdlog::info(
            "files that belong to nothing: {} moved into the trash, {} removed from it, {} brought back",
            swept->discarded, swept->removed, swept->brought_back);
}

}  // namespace ourvidz
