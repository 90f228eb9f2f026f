#include "store/sweep.h"

#include <algorithm>
#include <vector>

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

}  // namespace

Result<Swept> sweep(db::Database& database, files::FileStore& files, UnixMs now, Limit limit) {
    OURVIDZ_CHECK(beat(database, files));
    Swept swept;
    OURVIDZ_TRY(trash, files.discarded());
    OURVIDZ_TRY(keys, files.list(now - unnamed_for_ms));
    swept.files = keys.size();
    OURVIDZ_CHECK(go_through_trash(database, files, trash, now, swept));
    OURVIDZ_TRY(unnamed, unnamed_of(database, keys));
    if (limit == Limit::small_share && unnamed.size() > allowance(keys.size(), trash, now)) {
        swept.held_back = unnamed.size();
    } else {
        for (const auto& key : unnamed) {
            const auto moved = files.discard(key);
            // Another server's sweep may have been first.
            if (!moved.ok() && moved.error().code != ErrorCode::not_found) return moved.error();
            swept.discarded += moved.ok() ? 1 : 0;
        }
    }
    OURVIDZ_CHECK(files.tidy(now - remains_for_ms));
    return swept;
}

Result<std::uint64_t> count_unnamed(db::Database& database, const files::FileStore& files, UnixMs now) {
    OURVIDZ_TRY(keys, files.list(now - unnamed_for_ms));
    OURVIDZ_TRY(unnamed, unnamed_of(database, keys));
    return std::uint64_t{unnamed.size()};
}

std::string held_back_text(const Swept& swept) {
    return std::to_string(swept.held_back) + " of " + std::to_string(swept.files) +
           " files belong to nothing that the database knows, which is more than a sweep may take. They "
           "stay. If "
           "the database is an old copy, put the newer one back; if not, `ourvidz admin sweep` moves them "
           "into "
           "the trash.";
}

}  // namespace ourvidz::store
