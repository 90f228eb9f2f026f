// Backup and restore of a studio that keeps everything in its data folder. A backup is a folder:
//   backup.json    what it is; written last, so that a folder without it is no backup
//   files.sha256   every other file of it, in the format of sha256sum(1)
//   studio.sqlite  the database, as it was at one moment
//   files/…        the files that this database names, and whatever else the data folder has
// Models, locks and what is on its way in are left out. All calls block.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace ourvidz::backup {

// Names in a data folder.
inline constexpr const char* database_name = "studio.sqlite";
inline constexpr const char* files_name = "files";
inline constexpr const char* models_name = "models";
// While a restore is under way, and after one that was cut off; a server does not start beside it.
inline constexpr const char* restoring_name = "restore.partial";

constexpr std::int64_t format_version = 1;

// How far a long run has come; called after each file.
using Progress = std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_all)>;

// A file of a backup that is no longer there, or no longer what it was.
struct Lost {
    std::string path;
    std::string belongs_to;  // for people: the picture or clip; empty where the database could not be asked
};

struct Summary {
    std::string program;  // the version that made it
    UnixMs made_at = 0;
    std::int64_t migration = 0;  // the newest that the database has
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    // Named by the database and not in the studio's own folder, or not what the database says: damage that
    // the studio had already. Paths below the data folder.
    std::vector<std::string> missing;
    std::vector<std::string> damaged;
    std::vector<Lost> lost;  // of a backup that was read; `files` and `bytes` are without them
};

struct BackupOptions {
    std::filesystem::path data_dir;
    std::filesystem::path target;  // absent or empty; not inside data_dir
    bool link = false;             // hard links instead of copies, where the disk is the same
    std::string program;           // our version
    Progress progress = [](std::uint64_t, std::uint64_t) {};
};
// While a server uses the data folder, or while none does. Works in `target`.partial, which becomes `target`
// when everything has been written, read again and compared; a run that was cut off goes on from there.
// Errors: not_found (no studio in data_dir), conflict (the target is not empty, or another backup is making
// it), unavailable (no space, says how much is needed; unreadable).
[[nodiscard]] Result<Summary> make_backup(const BackupOptions& options, const Clock& clock);

// Reads all of a backup and compares it; what is not what it was is in the summary. Errors: not_found (no
// backup there, or an incomplete one), conflict (made by a newer version; its list is damaged).
[[nodiscard]] Result<Summary> verify_backup(const std::filesystem::path& folder, const Progress& progress);

struct RestoreOptions {
    std::filesystem::path folder;    // a backup
    std::filesystem::path data_dir;  // absent, or empty but for models
    std::int64_t newest_migration = 0;
    // Pictures and clips that are damaged or missing in the backup are left out and are `lost` in the
    // summary, instead of ending the restore. The database and all else must be whole.
    bool without_damaged = false;
    Progress progress = [](std::uint64_t, std::uint64_t) {};
};
// Nothing is put into its place before everything has been read, compared and written; the database comes
// last. Readers of event streams are told to read their lists again. Errors as verify_backup, and conflict
// (data_dir is not empty), unavailable (a server runs for it; no space).
[[nodiscard]] Result<Summary> restore(const RestoreOptions& options);

}  // namespace ourvidz::backup
