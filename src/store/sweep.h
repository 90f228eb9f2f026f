// What becomes of files that no asset names. They go into the trash and are removed when they have lain there
// for a month. A sweep believes only a database that has just been shown to be sound and to be these files'
// own, and never takes more than a small share: a wrong database must not be able to cost anybody a file.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "files/file_store.h"

namespace ourvidz::store {

// Young files may still be waiting for the output that names them.
constexpr UnixMs unnamed_for_ms = 3'600'000;
constexpr UnixMs trash_kept_ms = 30LL * 24 * 3'600'000;
// What sweeps may take in a day, together: a twentieth of all files, or, where that is less than a few, a
// few, but never more than half of them.
constexpr std::uint64_t share_of_files = 20;
constexpr std::uint64_t few_files = 20;

enum class Limit {
    small_share,  // a sweep by itself: more than that stays where it is
    operators,    // the operator has seen the number and wants it
};

struct Swept {
    std::uint64_t discarded = 0;     // moved into the trash
    std::uint64_t removed = 0;       // from the trash, for good
    std::uint64_t brought_back = 0;  // out of the trash, because the database names them again
    // Belong to nothing and stay, because they are too many to be true. 0: none.
    std::uint64_t held_back = 0;
    // Belong to nothing and stay, because the database is an older copy, or may be (store/gaps.h).
    std::uint64_t newer = 0;
    std::uint64_t perhaps_newer = 0;
    std::uint64_t files = 0;  // looked at
};

// The caller has made sure that the database is sound. Beats first (store/identity.h). Errors: conflict when
// the halves are not one store, unavailable; nothing is lost by either.
[[nodiscard]] Result<Swept> sweep(db::Database& database, files::FileStore& files, const Clock& clock,
                                  Limit limit);
struct Unnamed {
    std::uint64_t files = 0;
    std::uint64_t newer = 0;  // of them, those that may be newer than the database
};
// What a sweep of the operator's would move into the trash. Errors: unavailable.
[[nodiscard]] Result<Unnamed> count_unnamed(db::Database& database, const files::FileStore& files,
                                            UnixMs now);

// What the operator must know of what stayed; empty: nothing.
[[nodiscard]] std::string stayed_text(const Swept& swept);

}  // namespace ourvidz::store
