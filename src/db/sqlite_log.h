// That the write-ahead log beside a database file is that file's own. SQLite takes any log for it, and makes
// a heap of two databases when somebody has put another file into the place of the one that the log is of.
//
// So each log begins with a stamp, in the first page of the database: a number of its own, and the number of
// the state of the file that it goes on from. (SQLite keeps two numbers there for programs, user_version and
// application_id.) The file says the same number when the log has been written back into it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "db/sqlite_connection.h"

namespace ourvidz::db {

// Before the file is opened. Errors: conflict when there is a log of another file, with what to do.
[[nodiscard]] Result<void> require_own_log(const std::filesystem::path& database);

// Sees to the stamps of one writing connection; by its thread.
class LogStamp {
  public:
    // Takes over when the log is written back, and begins with it. The connection outlives this object.
    explicit LogStamp(SqliteConnection& writer);
    ~LogStamp();
    LogStamp(const LogStamp&) = delete;
    LogStamp& operator=(const LogStamp&) = delete;

    // To be run first in the next transaction; empty: the log has its stamp.
    [[nodiscard]] std::string due() const;

    // Writes the log back and leaves nothing in it. Errors: conflict when a reader needs what is older.
    [[nodiscard]] Result<void> empty_log();

  private:
    // Whether the whole log is in the file; if so, the next one begins with a stamp.
    [[nodiscard]] Result<bool> write_back();
    static int on_commit(void* self, sqlite3* handle, const char* name, int pages);

    SqliteConnection& writer_;
    std::uint32_t newest_ = 0;  // the newest stamp that was committed
    std::uint32_t next_ = 0;    // 0: none is due
    int pages_ = 0;             // in the log after the last commit
};

}  // namespace ourvidz::db
