#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <set>

#include "backup/backup.h"
#include "backup/contents.h"
#include "backup/copying.h"
#include "db/sqlite_connection.h"
#include "db/sqlite_file.h"
#include "db/sqlite_log.h"
#include "files/file_store.h"
#include "files/measure.h"
#include "store/identity.h"

namespace ourvidz::backup {
namespace {

namespace fs = std::filesystem;

// Files that users delete while we copy make another look at the database necessary.
constexpr int rounds_max = 8;
// Says that a folder NAME.partial is ours, so that its surplus may be removed.
constexpr const char* unfinished_name = "backup.unfinished";

// A file that the database names.
struct Named {
    std::string path;  // below the data folder
    std::uint64_t bytes = 0;
    std::string sha256;
};

Result<std::vector<Named>> read_named(db::SqliteConnection& connection) {
    OURVIDZ_TRY(rows,
                connection.query("SELECT file_key, bytes, sha256 FROM asset_files ORDER BY file_key", {}));
    std::vector<Named> named;
    named.reserve(rows.size());
    for (const auto& row : rows) {
        if (!files::is_key(row.text(0)))
            return Error{ErrorCode::conflict, "The database names a file that is not in its folder.", ""};
        const auto place = fs::path(files_name) / files::place_in_folder(row.text(0));
        named.push_back({place.string(), static_cast<std::uint64_t>(row.integer(1)), row.text(2)});
    }
    return named;
}

Result<std::vector<Named>> named_in(const fs::path& database, db::SqliteConnection::Access access) {
    OURVIDZ_CHECK(db::require_own_log(database));
    OURVIDZ_TRY(connection, db::SqliteConnection::open(database, access));
    return read_named(*connection);
}

bool left_out(const std::string& name) {
    static const std::set<std::string> names = {"server.json", "node.lock", files_name, models_name,
                                                restoring_name};
    return names.contains(name) || name.starts_with(database_name);
}

bool is_below(const fs::path& path, const fs::path& folder) {
    const auto relative = path.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

class Maker {
  public:
    Maker(const BackupOptions& options, fs::path partial, const Clock& clock)
        : options_(options), partial_(std::move(partial)) {
        summary_.program = options.program;
        summary_.made_at = clock.now_ms();
    }

    Result<Summary> run() {
        OURVIDZ_CHECK(take_database_and_files());
        OURVIDZ_CHECK(require_one_store());
        OURVIDZ_CHECK(drop_what_is_not_named());
        OURVIDZ_CHECK(take_others());
        OURVIDZ_CHECK(read_again());
        OURVIDZ_CHECK(sync_folders(partial_));
        OURVIDZ_CHECK(write_contents(partial_, contents_, summary_));
        return std::move(summary_);
    }

  private:
    // Files first, so that the copy of the database is followed by few, then the database, then the rest of
    // what it names. A file that is gone by then was deleted by its owner: the database is copied again.
    Result<void> take_database_and_files() {
        OURVIDZ_TRY(now,
                    named_in(options_.data_dir / database_name, db::SqliteConnection::Access::read_only));
        OURVIDZ_CHECK(require_space_for(now));
        for (const auto& one : now) OURVIDZ_CHECK(take(one));
        const auto copy = partial_ / database_name;
        for (int round = 0; round < rounds_max; ++round) {
            OURVIDZ_CHECK(db::copy_sqlite(options_.data_dir / database_name, copy));
            OURVIDZ_TRY(named, named_in(copy, db::SqliteConnection::Access::alone));
            named_ = std::move(named);
            OURVIDZ_TRY(again, take_rest());
            if (!again) return {};
        }
        return Error{ErrorCode::unavailable,
                     "Files were deleted faster than they could be copied; try again when less is going on.",
                     ""};
    }

    Result<void> require_space_for(const std::vector<Named>& named) const {
        std::error_code ignored;
        std::uint64_t bytes = fs::file_size(options_.data_dir / database_name, ignored);
        for (const auto& one : named) {
            if (!options_.link && !has(one)) bytes += one.bytes;
        }
        return require_space(partial_, bytes);
    }

    bool has(const Named& one) const {
        std::error_code failure;
        return fs::file_size(partial_ / one.path, failure) == one.bytes && !failure;
    }

    // True if it is in the backup afterwards.
    Result<bool> take(const Named& one) {
        if (has(one)) return true;
        const auto from = options_.data_dir / one.path;
        const auto to = partial_ / one.path;
        const auto done = options_.link ? link_file(from, to) : copy_durably(from, to);
        if (!done.ok() && done.error().code == ErrorCode::not_found) return false;
        if (!done.ok()) return done.error();
        bytes_taken_ += one.bytes;
        options_.progress(bytes_taken_, 0);
        return true;
    }

    // True if the database must be copied again.
    Result<bool> take_rest() {
        summary_.missing.clear();
        std::vector<std::string> gone;
        for (const auto& one : named_) {
            OURVIDZ_TRY(taken, take(one));
            if (!taken) gone.push_back(one.path);
        }
        if (gone.empty()) return false;
        OURVIDZ_TRY(now,
                    named_in(options_.data_dir / database_name, db::SqliteConnection::Access::read_only));
        std::set<std::string> still;
        for (auto& one : now) still.insert(std::move(one.path));
        for (auto& path : gone) {
            if (!still.contains(path)) return true;
            summary_.missing.push_back(std::move(path));
        }
        return false;
    }

    // A lost or foreign database beside the files would make a backup of nothing, and old good ones give way
    // to new ones.
    Result<void> require_one_store() const {
        OURVIDZ_TRY(connection, db::SqliteConnection::open(partial_ / database_name,
                                                           db::SqliteConnection::Access::alone));
        OURVIDZ_TRY(note, store::note_for(*connection));
        std::ifstream in(options_.data_dir / files_name / files::note_name);
        const std::string there{std::istreambuf_iterator<char>(in), {}};
        if (there.empty() ? !note : note && store::same_store(*note, there)) return {};
        return Error{
            ErrorCode::conflict,
            "The database and the files in " + options_.data_dir.string() +
                " do not belong together, so there is nothing whole to back up. Start the studio: it "
                "says what to do.",
            ""};
    }

    // What a run that was cut off, or an earlier round, has left.
    Result<void> drop_what_is_not_named() {
        std::set<std::string> wanted;
        for (const auto& one : named_) wanted.insert(one.path);
        std::error_code failure;
        std::vector<fs::path> surplus;
        for (auto walk = fs::recursive_directory_iterator(partial_, failure);
             !failure && walk != fs::recursive_directory_iterator(); walk.increment(failure)) {
            const auto path = walk->path().lexically_relative(partial_).string();
            std::error_code ignored;
            if (!walk->is_directory(ignored) && path != database_name && path != unfinished_name &&
                !wanted.contains(path))
                surplus.push_back(walk->path());
        }
        for (const auto& path : surplus) fs::remove(path, failure);
        if (failure)
            return Error{ErrorCode::unavailable, "Tidying the backup failed: " + failure.message(), ""};
        return {};
    }

    // Tokens, word lists, choices of models: everything else that the data folder has. Read once, so whatever
    // changes meanwhile is in the backup as it was or as it is.
    Result<void> take_others() {
        std::error_code failure;
        for (auto walk = fs::recursive_directory_iterator(options_.data_dir, failure);
             !failure && walk != fs::recursive_directory_iterator(); walk.increment(failure)) {
            const auto path = walk->path().lexically_relative(options_.data_dir);
            if (walk.depth() == 0 && left_out(path.string())) {
                walk.disable_recursion_pending();
                continue;
            }
            std::error_code ignored;
            if (walk->is_symlink(ignored) || !walk->is_regular_file(ignored)) continue;
            const auto done = copy_durably(walk->path(), partial_ / path);
            if (!done.ok() && done.error().code != ErrorCode::not_found) return done.error();
            if (done.ok()) others_.push_back(path.string());
        }
        if (failure)
            return Error{ErrorCode::unavailable, "Reading the data folder failed: " + failure.message(), ""};
        return {};
    }

    // Everything that was written, from the disk, against what the database says of it.
    Result<void> read_again() {
        std::uint64_t all = 0;
        for (const auto& one : named_) all += one.bytes;
        const std::set<std::string> missing(summary_.missing.begin(), summary_.missing.end());
        for (const auto& one : named_) {
            if (missing.contains(one.path)) continue;
            OURVIDZ_TRY(digest, hash_from_disk(partial_ / one.path));
            if (digest != one.sha256) {
                // Perhaps what an earlier run has left; if not, the studio's own file is damaged.
                OURVIDZ_TRY(again, copy_and_hash(options_.data_dir / one.path, partial_ / one.path));
                if (again != one.sha256) summary_.damaged.push_back(one.path);
                digest = again;
            }
            OURVIDZ_CHECK(note(one.path, digest));
            options_.progress(summary_.bytes, all);
        }
        for (const auto& path : others_) {
            OURVIDZ_TRY(digest, hash_from_disk(partial_ / path));
            OURVIDZ_CHECK(note(path, digest));
        }
        OURVIDZ_TRY(digest, hash_from_disk(partial_ / database_name));
        OURVIDZ_CHECK(note(database_name, digest));
        OURVIDZ_TRY(connection, db::SqliteConnection::open(partial_ / database_name,
                                                           db::SqliteConnection::Access::alone));
        OURVIDZ_TRY(rows, connection->query("SELECT COALESCE(MAX(number), 0) FROM schema_migrations", {}));
        summary_.migration = rows[0].integer(0);
        return {};
    }

    Result<void> note(const std::string& path, const std::string& digest) {
        std::error_code failure;
        summary_.bytes += fs::file_size(partial_ / path, failure);
        if (failure)
            return Error{ErrorCode::unavailable, "Reading the backup failed: " + failure.message(), ""};
        ++summary_.files;
        contents_[path] = digest;
        return {};
    }

    const BackupOptions& options_;
    fs::path partial_;
    Summary summary_;
    Contents contents_;
    std::vector<Named> named_;
    std::vector<std::string> others_;
    std::uint64_t bytes_taken_ = 0;
};

Result<void> check_places(const BackupOptions& options, const fs::path& target) {
    std::error_code failure;
    if (!fs::exists(options.data_dir / database_name, failure)) {
        return Error{ErrorCode::not_found, "There is no studio in " + options.data_dir.string() + ".", ""};
    }
    if (is_below(fs::weakly_canonical(target, failure), fs::weakly_canonical(options.data_dir, failure))) {
        return invalid_field("folder",
                             "must not be inside the data folder: it would be lost together with it");
    }
    if (fs::exists(target, failure) &&
        !(fs::is_directory(target, failure) && fs::is_empty(target, failure))) {
        return Error{ErrorCode::conflict, target.string() + " is there already; name a new folder.", ""};
    }
    return {};
}

// Somebody else's folder may have such a name.
Result<void> take_for_ours(const fs::path& partial) {
    std::error_code failure;
    if (fs::exists(partial / unfinished_name, failure)) return {};
    if (!fs::is_empty(partial, failure)) {
        return Error{ErrorCode::conflict,
                     partial.string() +
                         " has things in it that no backup of ours left there; move it away or "
                         "name another folder.",
                     ""};
    }
    return write_durably(partial / unfinished_name, "A backup of OurVidz that is not finished.\n");
}

// A run that has copied nothing has nothing to go on from.
void remove_if_nothing_in_it(const fs::path& partial) {
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(partial, failure)) {
        if (entry.path().filename() != unfinished_name) return;
    }
    if (!failure) fs::remove_all(partial, failure);
}

}  // namespace

Result<Summary> make_backup(const BackupOptions& options, const Clock& clock) {
    const auto target = fs::absolute(options.target / "").lexically_normal().parent_path();
    OURVIDZ_CHECK(check_places(options, target));
    const fs::path partial = target.string() + ".partial";
    std::error_code failure;
    fs::create_directories(partial, failure);
    if (failure)
        return Error{ErrorCode::unavailable,
                     "The folder " + partial.string() + " cannot be made: " + failure.message(), ""};
    fs::permissions(partial, fs::perms::owner_all, failure);
    const files::Descriptor lock(::open(partial.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.get() < 0 || flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return Error{ErrorCode::conflict, "Another backup is being made in " + partial.string() + ".", ""};
    OURVIDZ_CHECK(take_for_ours(partial));
    auto made = Maker(options, partial, clock).run();
    if (!made.ok()) remove_if_nothing_in_it(partial);
    OURVIDZ_TRY(summary, std::move(made));
    fs::remove(partial / unfinished_name, failure);
    // The last moment at which it could be taken for something else.
    if (::rename(partial.c_str(), target.c_str()) != 0) return files::disk_error("Naming the backup");
    OURVIDZ_CHECK(sync_folder(target.parent_path()));
    return std::move(summary);
}

}  // namespace ourvidz::backup
