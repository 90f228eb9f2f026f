// A store is a database and files that belong together. Both halves have its identity: the database in the
// table `store`, the files in their note. Whoever finds a half without the other must not work with it: a
// database that does not know the files would have all of them removed as belonging to nothing.
//
// Each start, each minute of a server's work and its end is one beat: a number that counts up in the
// database, of which the files are told afterwards. So a database whose number is below that of the files is
// an older copy of it, and the time of its newest beat says since when it lacks what was made (store/gaps.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "files/file_store.h"

namespace ourvidz::store {

// Before a database file is opened, and so perhaps made: an absent or empty one beside files is a lost one.
// Errors: conflict, with what to do.
[[nodiscard]] Result<void> refuse_new_database(const std::filesystem::path& database,
                                               const files::FileStore& files);

struct Meeting {
    // The database is older than the files: so many files are not in it. Nothing: it is not older.
    std::optional<std::uint64_t> newer_files;
    // So many files that the database names were in the trash, and are back under their keys.
    std::uint64_t brought_back = 0;
};
// At every start, before anything else uses either. Two halves that are both without an identity get one: a
// new store, or one of a version that knew none. Errors: conflict when they do not belong together, with what
// to do; unavailable.
[[nodiscard]] Result<Meeting> meet(db::Database& database, files::FileStore& files, const Clock& clock);

// The next beat. Errors: conflict when the files have another identity, none, or were told later beats than
// this database has; unavailable.
[[nodiscard]] Result<void> beat(db::Database& database, files::FileStore& files, const Clock& clock);

// What the operator is shown before an adoption.
struct Acquaintance {
    std::uint64_t files = 0;  // there
    std::uint64_t named = 0;  // by the database
    std::uint64_t named_and_there = 0;
    bool agree = false;          // they have one identity already
    std::string files_identity;  // empty: none
};
[[nodiscard]] Result<Acquaintance> compare(db::Database& database, const files::FileStore& files);
// Whatever either half was before: from now on they are one store. What its database does not name stays
// until the operator sweeps it.
[[nodiscard]] Result<void> adopt(db::Database& database, files::FileStore& files, const Clock& clock);

// The note that files of a database have, for a restore that puts both into place. Nothing if it has no
// identity. Errors: unavailable.
[[nodiscard]] Result<std::optional<std::string>> note_for(db::Connection& connection);
// Whether a note is of the database that `note_for` was asked about, however old either is.
[[nodiscard]] bool same_store(const std::string& note, const std::string& other);

}  // namespace ourvidz::store
