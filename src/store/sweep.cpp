#include "store/sweep.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "store/gaps.h"
#include "store/identity.h"
#include "store/named.h"

namespace ourvidz::store {
namespace {

constexpr UnixMs day_ms = 24LL * 3'600'000;
constexpr UnixMs remains_for_ms = day_ms;  // of uploads and trials that were cut off

std::uint64_t share_of(std::uint64_t files) {
    return std::max(files / share_of_files, std::min(few_files, (files + 1) / 2));
}

std::uint64_t allowance(std::uint64_t files, const std::vector<files::DiscardedFile>& trash, UnixMs now) {
    const auto today = static_cast<std::uint64_t>(std::count_if(
        trash.begin(), trash.end(), [now](const auto& one) { return one.since_ms > now - day_ms; }));
    const auto share = share_of(files);
    return share > today ? share - today : 0;
}

// What the database names again comes back; what nobody has missed for long enough goes.
Result<void> go_through_trash(db::Database& database, files::FileStore& files,
                              const std::vector<files::DiscardedFile>& trash, UnixMs now, Swept& swept) {
    std::vector<std::string> keys;
    keys.reserve(trash.size());
    for (const auto& one : trash) keys.push_back(one.key);
    OURVIDZ_TRY(named, named_of(database, keys));
    for (const auto& key : named) {
        OURVIDZ_CHECK(files.bring_back(key));
        ++swept.brought_back;
    }
    std::sort(named.begin(), named.end());
    const auto share = std::max(few_files, share_of(swept.files));
    for (const auto& one : trash) {
        const bool due = one.since_ms < now - trash_kept_ms && swept.removed < share;
        if (!due || std::binary_search(named.begin(), named.end(), one.key)) continue;
        OURVIDZ_CHECK(files.remove_discarded(one.key));
        ++swept.removed;
    }
    return {};
}

// What may be newer than the database stays. A gap of which every file is named is one no more, once all of
// its files are old enough to have been looked at.
Result<void> spare_newer(db::Database& database, const files::FileStore& files, UnixMs now,
                         std::vector<std::string>& unnamed, Swept& swept) {
    OURVIDZ_TRY(all, gaps(database));
    OURVIDZ_TRY(found, in_gaps(files, all, unnamed));
    swept.newer = found.older.size();
    swept.perhaps_newer = found.perhaps.size();
    std::unordered_set<std::string> spared(found.older.begin(), found.older.end());
    spared.insert(found.perhaps.begin(), found.perhaps.end());
    std::erase_if(unnamed, [&spared](const std::string& key) { return spared.contains(key); });
    for (const auto& gap : found.empty) {
        if (gap.ends_at < now - unnamed_for_ms) OURVIDZ_CHECK(close_gap(database, gap));
    }
    return {};
}

Result<void> discard_all(files::FileStore& files, const std::vector<std::string>& keys, Swept& swept) {
    for (const auto& key : keys) {
        const auto moved = files.discard(key);
        // Another server's sweep may have been first.
        if (!moved.ok() && moved.error().code != ErrorCode::not_found) return moved.error();
        swept.discarded += moved.ok() ? 1 : 0;
    }
    return {};
}

}  // namespace

Result<Swept> sweep(db::Database& database, files::FileStore& files, const Clock& clock, Limit limit) {
    OURVIDZ_CHECK(beat(database, files, clock));
    const auto now = clock.now_ms();
    Swept swept;
    OURVIDZ_TRY(trash, files.discarded());
    OURVIDZ_TRY(keys, files.list(now - unnamed_for_ms));
    swept.files = keys.size();
    OURVIDZ_CHECK(go_through_trash(database, files, trash, now, swept));
    OURVIDZ_TRY(unnamed, unnamed_of(database, keys));
    if (limit == Limit::small_share) OURVIDZ_CHECK(spare_newer(database, files, now, unnamed, swept));
    if (limit == Limit::small_share && unnamed.size() > allowance(keys.size(), trash, now))
        swept.held_back = unnamed.size();
    else
        OURVIDZ_CHECK(discard_all(files, unnamed, swept));
    OURVIDZ_CHECK(files.tidy(now - remains_for_ms));
    return swept;
}

Result<Unnamed> count_unnamed(db::Database& database, const files::FileStore& files, UnixMs now) {
    OURVIDZ_TRY(keys, files.list(now - unnamed_for_ms));
    OURVIDZ_TRY(unnamed, unnamed_of(database, keys));
    OURVIDZ_TRY(all, gaps(database));
    OURVIDZ_TRY(found, in_gaps(files, all, unnamed));
    return Unnamed{unnamed.size(), found.older.size() + found.perhaps.size()};
}

std::string stayed_text(const Swept& swept) {
    const auto of_all = " of " + std::to_string(swept.files) + " files ";
    std::string text;
    if (swept.newer > 0) {
        text =
            std::to_string(swept.newer) + of_all +
            "are newer than the database, which is an older copy or was adopted. They are not shown, and "
            "they "
            "stay. Put the newer database back; if there is none, `ourvidz admin sweep` moves them into the "
            "trash.";
    }
    if (swept.held_back > 0) {
        text +=
            (text.empty() ? "" : " ") + std::to_string(swept.held_back) + of_all +
            "belong to nothing that the database knows, which is more than a sweep may take. They stay. If "
            "the database is an old copy, put the newer one back; if not, `ourvidz admin sweep` moves them "
            "into the trash.";
    }
    return text;
}

}  // namespace ourvidz::store
