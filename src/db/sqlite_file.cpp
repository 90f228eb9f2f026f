#include "db/sqlite_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "db/sqlite_log.h"

namespace ourvidz::db {
namespace {

// So long the copy waits for a moment without another's lock; in WAL mode that is hardly ever needed.
constexpr int busy_timeout_ms = 10'000;

struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

Error failed(const std::string& what, int code) {
    if ((code & 0xff) == SQLITE_FULL)
        return Error{ErrorCode::unavailable,
                     what + " failed: the disk is full. Free some space and try again.", ""};
    return Error{ErrorCode::unavailable, what + " failed: " + sqlite3_errstr(code), ""};
}

Result<Handle> open(const std::filesystem::path& file, int flags) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    Handle handle(raw);
    if (code != SQLITE_OK) return failed("Opening the database " + file.string(), code);
    sqlite3_busy_timeout(raw, busy_timeout_ms);
    return handle;
}

// The first value of the answer, as text.
Result<std::string> ask(sqlite3* handle, const std::string& sql) {
    std::string answer;
    const auto keep = [](void* out, int columns, char** values, char**) {
        auto& text = *static_cast<std::string*>(out);
        if (text.empty() && columns > 0 && values[0] != nullptr) text = values[0];
        return 0;
    };
    const int code = sqlite3_exec(handle, sql.c_str(), keep, &answer, nullptr);
    if (code != SQLITE_OK) return failed("Checking the copy of the database", code);
    return answer;
}

// In one step, so that the copy is of one moment: a writer in WAL mode is not kept waiting by it.
Result<void> copy_pages(sqlite3* from, sqlite3* to) {
    sqlite3_backup* copying = sqlite3_backup_init(to, "main", from, "main");
    if (copying == nullptr) return failed("Copying the database", sqlite3_errcode(to));
    const int stepped = sqlite3_backup_step(copying, -1);
    const int ended = sqlite3_backup_finish(copying);
    if (stepped != SQLITE_DONE) return failed("Copying the database", ended != SQLITE_OK ? ended : stepped);
    return {};
}

}  // namespace

Result<void> sync_file(const std::filesystem::path& file) {
    const int opened = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    const bool synced = opened >= 0 && fsync(opened) == 0;
    if (opened >= 0) ::close(opened);
    if (!synced) return Error{ErrorCode::unavailable, "Saving the copy of the database failed.", ""};
    return {};
}

Result<SqliteLock> SqliteLock::take(const std::filesystem::path& database) {
    std::error_code ignored;
    const auto file = std::filesystem::weakly_canonical(database, ignored);
    const int lock = ::open(file_of(file).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) {
        return Error{ErrorCode::unavailable,
                     "The data folder is not writable: " + std::string(std::strerror(errno)), ""};
    }
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return Error{ErrorCode::unavailable,
                     "A server, or a command that needs the studio alone, already uses this data folder. "
                     "Stop it first, "
                     "or name another folder (--data-dir).",
                     ""};
    }
    return SqliteLock(lock);
}

SqliteLock::~SqliteLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::filesystem::path SqliteLock::file_of(const std::filesystem::path& database) {
    return database.string() + ".lock";
}

Result<void> copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to) {
    OURVIDZ_CHECK(require_own_log(from));
    std::error_code ignored;
    if (!std::filesystem::exists(from, ignored))
        return Error{ErrorCode::not_found, "There is no database " + from.string() + ".", ""};
    for (const auto* rest : {"", "-wal", "-shm", "-journal"})
        std::filesystem::remove(to.string() + rest, ignored);
    {
        // For writing too, because a reader of a WAL file has to map its index; nothing is written.
        OURVIDZ_TRY(source, open(from, SQLITE_OPEN_READWRITE));
        OURVIDZ_TRY(target, open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
        OURVIDZ_CHECK(copy_pages(source.get(), target.get()));
        // One file that needs nothing beside it.
        OURVIDZ_TRY(mode, ask(target.get(), "PRAGMA journal_mode=DELETE"));
        OURVIDZ_TRY(sound, ask(target.get(), "PRAGMA quick_check(1)"));
        if (mode != "delete" || sound != "ok")
            return Error{ErrorCode::unavailable, "The copy of the database is damaged: " + sound, ""};
    }
    return sync_file(to);
}

FilesInPlace::FilesInPlace(const std::filesystem::path& database) {
    std::error_code ignored;
    const auto file = std::filesystem::weakly_canonical(database, ignored).string();
    std::size_t next = 0;
    for (const auto* rest : {"", "-wal", "-shm"}) {
        struct stat status {};
        const bool there = ::stat((file + rest).c_str(), &status) == 0;
        places_.at(next++) = {file + rest, there ? status.st_dev : 0, there ? status.st_ino : 0};
    }
}

bool FilesInPlace::Place::is_there() const {
    struct stat status {};
    return number == 0 ||
           (::stat(path.c_str(), &status) == 0 && status.st_dev == device && status.st_ino == number);
}

std::string FilesInPlace::missing() const {
    for (const auto& place : places_) {
        if (!place.is_there()) return place.path;
    }
    return "";
}

void FilesInPlace::remove_rest() const {
    for (std::size_t i = 1; i < places_.size(); ++i) {
        if (places_.at(i).number != 0 && places_.at(i).is_there()) ::unlink(places_.at(i).path.c_str());
    }
}

Result<void> require_room(const std::filesystem::path& database) {
    const std::string taken(256UL << 10U, '\1');
    std::error_code ignored;
    const auto file = std::filesystem::weakly_canonical(database, ignored).string() + ".trial";
    const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t written = out < 0 ? -1 : ::write(out, taken.data(), taken.size());
    if (written >= 0 && fdatasync(out) != 0) written = -1;
    const int number = written < 0 ? errno : ENOSPC;
    if (out >= 0) ::close(out);
    ::unlink(file.c_str());
    if (written == static_cast<ssize_t>(taken.size())) return {};
    if (number == ENOSPC || number == EDQUOT)
        return Error{ErrorCode::unavailable, "The disk is full. Free some space.", ""};
    return Error{ErrorCode::unavailable,
                 "Nothing can be written beside the database: " + std::string(std::strerror(number)), ""};
}

}  // namespace ourvidz::db
