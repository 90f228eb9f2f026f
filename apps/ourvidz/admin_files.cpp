#include "admin_files.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "backup/backup.h"
#include "base/cursor.h"
#include "console.h"
#include "exit_status.h"
#include "ledger/ledger.h"
#include "queue/queue.h"
#include "store/gaps.h"
#include "store/identity.h"
#include "store/sweep.h"
#include "studio.h"

namespace ourvidz::cli {
namespace {

constexpr std::size_t piece_bytes = 4U << 20U;

using Count = unsigned long long;

struct Halves {
    std::unique_ptr<db::Database> database;
    std::unique_ptr<files::FileStore> files;
};

bool has_database(const config::Settings& settings) {
    std::error_code failure;
    const auto bytes = std::filesystem::file_size(settings.data_dir / backup::database_name, failure);
    return !settings.database_url.empty() || (!failure && bytes > 0);
}

Result<Halves> open_halves(const config::Settings& settings, const Clock& clock) {
    Halves halves;
    OURVIDZ_TRY(database, open_database(settings));
    halves.database = std::move(database);
    OURVIDZ_TRY(files, open_files(settings, clock));
    halves.files = std::move(files);
    return halves;
}

Error no_studio(const config::Settings& settings) {
    return Error{ErrorCode::not_found, "There is no studio in " + settings.data_dir.string() + ".", ""};
}

// As a server's own sweep, which trusts nothing else.
Result<void> require_sound(db::Database& database) {
    OURVIDZ_CHECK(database.read_now(db::Scope::server(), database.examination()));
    OURVIDZ_TRY(audit, database.read_now(db::Scope::server(), ledger::audit));
    OURVIDZ_TRY(wrong, database.read_now(db::Scope::server(), queue::miscounted));
    if (audit.findings.empty() && wrong == 0) return {};
    return Error{
        ErrorCode::conflict,
        "The database does not pass its audit (`ourvidz admin audit`), so nothing is swept on its word.", ""};
}

constexpr const char* how_to_adopt =
    "If these are the right ones: ourvidz admin adopt --yes. Files that the database does not name stay "
    "where "
    "they are.\n";

// Both halves are of one studio. An older copy may have been at work, or be there still.
Result<int> believe(db::Database& database, const store::Acquaintance& found, bool really) {
    OURVIDZ_TRY(older, store::is_older_copy(database));
    if (!older) {
        std::printf("They are one studio already.\n");
        return int{exit_ok};
    }
    if (found.files > found.named_and_there) {
        std::printf(
            "They are one studio, and the database is an older copy. Put the newer one back; if there is "
            "none, `ourvidz admin sweep` moves what only that one named into the trash.\n");
        return int{exit_failed};
    }
    if (!really) {
        std::printf(
            "They are one studio. The database was an older copy when it started, and names all files. "
            "If it is the right one: ourvidz admin adopt --yes\n");
        return int{exit_failed};
    }
    OURVIDZ_CHECK(store::close_older_gaps(database));
    std::printf("The database is believed from now on.\n");
    return int{exit_ok};
}

Result<int> adopt(const config::Settings& settings, bool really) {
    const SystemClock clock;
    if (!has_database(settings) && !really) {
        if (!std::filesystem::exists(settings.data_dir / backup::files_name)) return no_studio(settings);
        std::printf("The database is missing or empty. A new one would know none of the files. %s",
                    how_to_adopt);
        return int{exit_failed};
    }
    OURVIDZ_TRY(halves, open_halves(settings, clock));
    OURVIDZ_TRY(found, store::compare(*halves.database, *halves.files));
    std::printf("The database names %llu files. There are %llu files, of which it names %llu.\n",
                static_cast<Count>(found.named), static_cast<Count>(found.files),
                static_cast<Count>(found.named_and_there));
    if (found.agree) return believe(*halves.database, found, really);
    if (!found.files_identity.empty())
        std::printf(
            "The files belong to another studio (%s). If that one still runs, it will stop sweeping.\n",
            printable(found.files_identity).c_str());
    if (!really) {
        std::printf("%s", how_to_adopt);
        return int{exit_failed};
    }
    OURVIDZ_CHECK(store::adopt(*halves.database, *halves.files, clock));
    std::printf("They are one studio now.\n");
    return int{exit_ok};
}

Result<int> sweep(const config::Settings& settings, bool really) {
    const SystemClock clock;
    if (!has_database(settings)) return no_studio(settings);
    OURVIDZ_TRY(halves, open_halves(settings, clock));
    OURVIDZ_CHECK(require_sound(*halves.database));
    OURVIDZ_TRY(unnamed, store::count_unnamed(*halves.database, *halves.files, clock.now_ms()));
    if (unnamed.files == 0 || !really) {
        std::printf("%llu files belong to nothing.", static_cast<Count>(unnamed.files));
        if (unnamed.newer > 0)
            std::printf(" %llu of them may be newer than the database; a newer copy of it would name them.",
                        static_cast<Count>(unnamed.newer));
        std::printf("%s\n", unnamed.files == 0
                                ? ""
                                : " To move them into the trash for 30 days: ourvidz admin sweep --yes");
        return int{exit_ok};
    }
    OURVIDZ_TRY(swept, store::sweep(*halves.database, *halves.files, clock, store::Limit::operators));
    std::printf("%llu files moved into the trash, where they stay for 30 days; %llu brought back from it.\n",
                static_cast<Count>(swept.discarded), static_cast<Count>(swept.brought_back));
    return int{exit_ok};
}

Result<void> save(const files::FileStore& files, const files::DiscardedFile& one,
                  const std::filesystem::path& folder) {
    std::ofstream out(folder / one.key, std::ios::binary);
    for (std::uint64_t offset = 0; offset < one.bytes; offset += piece_bytes) {
        OURVIDZ_TRY(piece, files.read_discarded(one.key, offset, piece_bytes));
        out << piece;
    }
    if (out.flush()) return {};
    return Error{ErrorCode::unavailable, "Writing " + (folder / one.key).string() + " failed.", ""};
}

// Needs no database, so a server may run meanwhile.
Result<int> trash(const config::Settings& settings, const std::string& folder) {
    const SystemClock clock;
    if (settings.s3_url.empty() && !std::filesystem::exists(settings.data_dir / backup::files_name))
        return no_studio(settings);
    OURVIDZ_TRY(files, open_files(settings, clock));
    OURVIDZ_TRY(discarded, files->discarded());
    if (discarded.empty()) {
        std::printf("The trash is empty.\n");
        return int{exit_ok};
    }
    std::uint64_t bytes = 0;
    auto oldest = discarded.front().since_ms;
    for (const auto& one : discarded) {
        bytes += one.bytes;
        oldest = std::min(oldest, one.since_ms);
    }
    std::printf("%zu files, %s; the first are removed after %s.\n", discarded.size(),
                size_text(bytes).c_str(), to_rfc3339(oldest + store::trash_kept_ms).c_str());
    if (folder.empty()) return int{exit_ok};
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    for (const auto& one : discarded) OURVIDZ_CHECK(save(*files, one, folder));
    std::printf("Copied into %s.\n", printable(folder).c_str());
    return int{exit_ok};
}

int status_of(const Result<int>& done) {
    return done.ok() ? *done : report(done.error());
}

}  // namespace

int admin_adopt(const config::Settings& settings, const AdminFilesOptions& options) {
    return status_of(adopt(settings, options.yes));
}

int admin_sweep(const config::Settings& settings, const AdminFilesOptions& options) {
    return status_of(sweep(settings, options.yes));
}

int admin_trash(const config::Settings& settings, const AdminFilesOptions& options) {
    return status_of(trash(settings, options.folder));
}

}  // namespace ourvidz::cli
