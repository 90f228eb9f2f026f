// The embedded database as a file: who uses it, and copies of it while it is used.
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.h"

namespace ourvidz::db {

// Held by the one process that works with a database file: a server, or a restore. The kernel lets go of it
// when the process ends, however it ends.
class SqliteLock {
  public:
    // Errors: unavailable when another process holds it, or the folder cannot be written.
    [[nodiscard]] static Result<SqliteLock> take(const std::filesystem::path& database);
    ~SqliteLock();
    SqliteLock(SqliteLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    SqliteLock& operator=(SqliteLock&&) = delete;

    // The file that is locked; it stays when the lock is gone.
    [[nodiscard]] static std::filesystem::path file_of(const std::filesystem::path& database);

  private:
    explicit SqliteLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

// Copies the database as it is at one moment into one new file, durably, and checks the copy's structure.
// Readers and writers of `from`, also of other processes, go on meanwhile. Errors: not_found, unavailable
// (disk full, not a database, damaged).
[[nodiscard]] Result<void> copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace ourvidz::db
