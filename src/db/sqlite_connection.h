// One SQLite connection with its prepared statements. Belongs to one thread.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "db/migrate.h"

namespace ourvidz::db {

class SqliteConnection final : public ScriptConnection {
  public:
    // alone: a file that only this connection uses, and that stays one file.
    enum class Access { read_write, read_only, alone };
    static constexpr int busy_ms = 5'000;  // for another that has the file
    static Result<std::unique_ptr<SqliteConnection>> open(const std::filesystem::path& file, Access access);
    ~SqliteConnection() override;
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    [[nodiscard]] Result<Rows> query(std::string_view sql, const std::vector<Value>& parameters) override;
    [[nodiscard]] Result<std::int64_t> execute(std::string_view sql,
                                               const std::vector<Value>& parameters) override;
    [[nodiscard]] Result<void> script(const std::string& sql) override;
    [[nodiscard]] Result<void> require_room() override;
    // False once SQLite has rolled the transaction back by itself, as it does when the disk is full.
    [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
    // `call(self, handle, database, pages)` after each commit, with the length of the log, which it then has
    // to write back into the file by itself. Null: nobody is called.
    void on_log_commit(int (*call)(void*, sqlite3*, const char*, int), void* self) {
        sqlite3_wal_hook(handle_, call, self);
    }

  private:
    explicit SqliteConnection(sqlite3* handle) : handle_(handle) {}
    struct Statement {
        sqlite3_stmt* handle = nullptr;
        std::vector<int> positions;  // of $1, $2, … in SQLite's own count
    };
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    Result<const Statement*> prepared(std::string_view sql);
    Result<sqlite3_stmt*> bound(std::string_view sql, const std::vector<Value>& parameters);
    Error failure(std::string_view sql) const;

    sqlite3* handle_;
    std::unordered_map<std::string, Statement, Hash, std::equal_to<>> statements_;
};

}  // namespace ourvidz::db
