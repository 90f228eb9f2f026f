// The embedded database as a file: who uses it, and copies of it while it is used.
#pragma once

#include <sys/types.h>

#include <array>
#include <filesystem>
#include <string>
#include <utility>

#include "base/result.h"

namespace ourvidz::db {

// Held by the one process that works with a database file: a server, or a restore. Links lead to the lock of
// the file that they lead to. The kernel lets go of it
// when the process ends, however it ends.
class SqliteLock {
  public:
    // Errors: unavailable when another process holds it, or the folder cannot be written.
    [[nodiscard]] static Result<SqliteLock> take(const std::filesystem::path& database);
    ~SqliteLock();
    SqliteLock(SqliteLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    SqliteLock& operator=(SqliteLock&&) = delete;

    // The name of the file that is locked, of a database that is no link; it stays when the lock is gone.
    [[nodiscard]] static std::filesystem::path file_of(const std::filesystem::path& database);

  private:
    explicit SqliteLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

// Notices that files were removed, or others put into their places, while they are open.
class FilesInPlace {
  public:
    // Of the database and what SQLite keeps beside it, as they are now.
    explicit FilesInPlace(const std::filesystem::path& database);
    // The first that is not the one it was; empty: all are.
    [[nodiscard]] std::string missing() const;
    // Removes what SQLite keeps beside a database, as far as it is what was there.
    void remove_rest() const;

  private:
    struct Place {
        std::string path;
        dev_t device = 0;
        ino_t number = 0;
        [[nodiscard]] bool is_there() const;
    };
    std::array<Place, 3> places_;
};

// Copies the database as it is at one moment into one new file, durably, and checks the copy's structure.
// Readers and writers of `from`, also of other processes, go on meanwhile. Errors: not_found, unavailable
// (disk full, not a database, damaged).
[[nodiscard]] Result<void> copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to);
// Makes what is in a file durable.
[[nodiscard]] Result<void> sync_file(const std::filesystem::path& file);
// Whether the disk of the database has room for what is written next, found out by taking some. Errors:
// unavailable.
[[nodiscard]] Result<void> require_room(const std::filesystem::path& database);

}  // namespace ourvidz::db
