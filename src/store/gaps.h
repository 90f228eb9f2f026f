// Times from which the database may lack what was made, because it is an older copy or because a server was
// killed. A file of such a time that nothing names may be somebody's: only the operator can know.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "files/file_store.h"

namespace ourvidz::store {

struct Gap {
    UnixMs begins_at = 0;
    UnixMs ends_at = 0;
    bool older = false;  // the database is an older copy; else it may be
};

// Part of the caller's transaction. One that goes on where the last ended makes that one longer.
[[nodiscard]] Result<void> open_gap(db::Connection& connection, const Gap& gap);
[[nodiscard]] Result<std::vector<Gap>> gaps(db::Database& database);
// Whether the database is known to be an older copy than its files, or was adopted for them.
[[nodiscard]] Result<bool> is_older_copy(db::Database& database);
// The operator says that it is none.
[[nodiscard]] Result<void> close_older_gaps(db::Database& database);
// Of a gap there is nothing more to say.
[[nodiscard]] Result<void> close_gap(db::Database& database, const Gap& gap);

struct InGaps {
    std::vector<std::string> older;    // of gaps of an older copy
    std::vector<std::string> perhaps;  // of the others
    std::vector<Gap> empty;            // gaps in which none of the files is
};
// Which of these files are of such times. Lists the files for each gap, of which there are few.
[[nodiscard]] Result<InGaps> in_gaps(const files::FileStore& files, const std::vector<Gap>& gaps,
                                     const std::vector<std::string>& keys);

}  // namespace ourvidz::store
