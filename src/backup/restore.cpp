#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "backup/backup.h"
#include "backup/contents.h"
#include "backup/copying.h"
#include "db/sqlite_connection.h"
#include "db/sqlite_file.h"
#include "files/file_store.h"
#include "files/measure.h"
#include "store/identity.h"

namespace ourvidz::backup {
namespace {

namespace fs = std::filesystem;

// Added to every workspace's newest event: more than a studio can have numbered since the backup.
constexpr std::int64_t event_numbers_skipped = 1'000'000'000;

Error damaged_file(const fs::path& folder, const std::string& path) {
    return Error{
        ErrorCode::conflict,
        "The backup " + folder.string() + " is damaged: " + path +
            " is not what it was. `ourvidz admin restore --without-damaged` restores the rest of a backup.",
        ""};
}

// Whether a file of the backup was read whole. Errors: it is there and cannot be read.
Result<bool> is_whole(const Result<std::string>& found, const std::string& digest) {
    if (found.ok()) return *found == digest;
    if (found.error().code == ErrorCode::not_found) return false;
    return found.error();
}

// It counts for nothing any more.
void lose(Summary& summary, const fs::path& folder, const std::string& path) {
    std::error_code failure;
    const auto bytes = fs::file_size(folder / path, failure);
    if (summary.files > 0) --summary.files;
    if (!failure) summary.bytes -= std::min<std::uint64_t>(summary.bytes, bytes);
    summary.lost.push_back({path, ""});
}

Result<void> check_empty(const fs::path& data_dir) {
    static const std::set<std::string> may_stay = {models_name, "lost+found", "node.lock", restoring_name,
                                                   db::SqliteLock::file_of(database_name).string()};
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(data_dir, failure)) {
        const auto name = entry.path().filename().string();
        if (may_stay.contains(name)) continue;
        return Error{ErrorCode::conflict,
                     "The data folder " + data_dir.string() + " is not empty: it has " + name +
                         ". Move what is there away, or restore into another folder with --data-dir.",
                     ""};
    }
    if (failure)
        return Error{ErrorCode::unavailable, "Reading the data folder failed: " + failure.message(), ""};
    return {};
}

// Readers of event streams have seen numbers from after the backup. None of them may come again with another
// meaning, and who asks for one must be told to read everything anew: so there are no older events, and the
// next number is far above.
Result<void> start_events_anew(const fs::path& database) {
    OURVIDZ_TRY(connection, db::SqliteConnection::open(database, db::SqliteConnection::Access::alone));
    OURVIDZ_CHECK(connection->script("BEGIN IMMEDIATE"));
    OURVIDZ_CHECK(connection->execute("DELETE FROM events", {}));
    OURVIDZ_CHECK(
        connection->execute("UPDATE workspaces SET last_event = last_event + $1", {event_numbers_skipped}));
    return connection->script("COMMIT");
}

// The files get the database's identity, so that the studio knows both for its own. A database of a version
// that knew none gets one at its first start.
Result<void> join_halves(const fs::path& partial) {
    OURVIDZ_TRY(connection,
                db::SqliteConnection::open(partial / database_name, db::SqliteConnection::Access::alone));
    OURVIDZ_TRY(note, store::note_for(*connection));
    if (!note) return {};
    std::error_code failure;
    fs::create_directories(partial / files_name / "objects",
                           failure);  // also without files, as a store has it
    if (failure) return Error{ErrorCode::unavailable, "Making a folder failed: " + failure.message(), ""};
    return write_durably(partial / files_name / files::note_name, *note);
}

// What one asset consists of, so that all others are whole without it.
bool may_be_left_out(const fs::path& path) {
    return *path.begin() == files_name && path.filename() != files::note_name;
}

// Every copy is compared as it is written.
Result<void> copy_all(const RestoreOptions& options, Written& backup, const fs::path& partial) {
    std::uint64_t done = 0;
    for (const auto& [path, digest] : backup.contents) {
        std::error_code ignored;
        const auto written = copy_and_hash(options.folder / path, partial / path);
        OURVIDZ_TRY(whole, is_whole(written, digest));
        if (!whole) {
            if (!options.without_damaged || !may_be_left_out(path)) return damaged_file(options.folder, path);
            lose(backup.summary, options.folder, path);
            fs::remove(partial / path, ignored);
            continue;
        }
        done += fs::file_size(partial / path, ignored);
        options.progress(done, backup.summary.bytes);
    }
    return {};
}

// Which pictures and clips they are parts of, as the database that is restored knows them.
Result<void> say_what_is_lost(const fs::path& database, std::vector<Lost>& lost) {
    if (lost.empty()) return {};
    OURVIDZ_TRY(connection, db::SqliteConnection::open(database, db::SqliteConnection::Access::alone));
    for (auto& one : lost) {
        OURVIDZ_TRY(rows, connection->query(
                              "SELECT a.id, a.medium, f.variant, json_extract(g.settings, '$.prompt')"
                              " FROM asset_files f JOIN assets a ON a.id = f.asset_id"
                              " LEFT JOIN generations g ON g.id = a.generation_id WHERE f.file_key = $1",
                              {fs::path(one.path).filename().string()}));
        if (rows.empty()) continue;
        const auto prompt = rows[0].text(3);
        one.belongs_to = rows[0].text(2) + " of the " + rows[0].text(1) + " " + rows[0].text(0) +
                         (prompt.empty() ? "" : ": " + prompt);
    }
    return {};
}

// The database last: a data folder with one is whole.
Result<void> move_into_place(const fs::path& partial, const fs::path& data_dir) {
    std::vector<std::string> names;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(partial, failure)) {
        const auto name = entry.path().filename().string();
        if (name != database_name) names.push_back(name);
    }
    names.emplace_back(database_name);
    for (const auto& name : names) {
        if (!failure) fs::rename(partial / name, data_dir / name, failure);
        if (!failure) OURVIDZ_CHECK(sync_folder(data_dir));
    }
    if (!failure) fs::remove_all(partial, failure);
    if (failure)
        return Error{ErrorCode::unavailable, "Moving files into their places failed: " + failure.message(),
                     ""};
    return sync_folder(data_dir);
}

}  // namespace

Result<Summary> verify_backup(const fs::path& folder, const Progress& progress) {
    OURVIDZ_TRY(backup, read_contents(folder));
    std::uint64_t done = 0;
    for (const auto& [path, digest] : backup.contents) {
        OURVIDZ_TRY(whole, is_whole(hash_from_disk(folder / path), digest));
        if (!whole) {
            lose(backup.summary, folder, path);
            continue;
        }
        std::error_code ignored;
        done += fs::file_size(folder / path, ignored);
        progress(done, backup.summary.bytes);
    }
    return std::move(backup.summary);
}

Result<Summary> restore(const RestoreOptions& options) {
    OURVIDZ_TRY(backup, read_contents(options.folder));
    if (backup.summary.migration > options.newest_migration) {
        return Error{
            ErrorCode::conflict,
            "The backup is of a newer version of OurVidz (" + backup.summary.program + "); use that version.",
            ""};
    }
    std::error_code failure;
    fs::create_directories(options.data_dir, failure);
    if (failure)
        return Error{ErrorCode::unavailable,
                     "The data folder " + options.data_dir.string() + " cannot be made: " + failure.message(),
                     ""};
    ::chmod(options.data_dir.c_str(), S_IRWXU);
    auto lock = db::SqliteLock::take(options.data_dir / database_name);
    if (!lock.ok()) return lock.error();
    OURVIDZ_CHECK(check_empty(options.data_dir));
    const auto partial = options.data_dir / restoring_name;
    fs::remove_all(partial, failure);
    fs::create_directories(partial, failure);
    if (failure)
        return Error{ErrorCode::unavailable, "The data folder is not writable: " + failure.message(), ""};
    OURVIDZ_CHECK(require_space(options.data_dir, backup.summary.bytes));
    OURVIDZ_CHECK(copy_all(options, backup, partial));
    OURVIDZ_CHECK(start_events_anew(partial / database_name));
    OURVIDZ_CHECK(say_what_is_lost(partial / database_name, backup.summary.lost));
    OURVIDZ_CHECK(join_halves(partial));
    OURVIDZ_CHECK(sync_folders(partial));
    OURVIDZ_CHECK(move_into_place(partial, options.data_dir));
    return std::move(backup.summary);
}

}  // namespace ourvidz::backup
