#include "db/sqlite_connection.h"

#include <cerrno>
#include <filesystem>
#include <mutex>

#include "base/disk_room.h"
#include "db/refused.h"

namespace ourvidz::db {
namespace {

// Resets a statement however its use ends, so that it holds no lock between uses.
class Use {
  public:
    explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
    ~Use() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

  private:
    sqlite3_stmt* statement_;
};

int bind(sqlite3_stmt* statement, int position, const Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return sqlite3_bind_int64(statement, position, *whole);
    if (const auto* real = std::get_if<double>(&value))
        return sqlite3_bind_double(statement, position, *real);
    if (const auto* text = std::get_if<std::string>(&value)) {
        return sqlite3_bind_text64(statement, position, text->data(), text->size(), SQLITE_TRANSIENT,
                                   SQLITE_UTF8);
    }
    return sqlite3_bind_null(statement, position);
}

Value column(sqlite3_stmt* statement, int index) {
    switch (sqlite3_column_type(statement, index)) {
        case SQLITE_INTEGER:
            return static_cast<std::int64_t>(sqlite3_column_int64(statement, index));
        case SQLITE_FLOAT:
            return sqlite3_column_double(statement, index);
        case SQLITE_NULL:
            return nullptr;
        default: {
            const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, index));
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
            return data != nullptr ? std::string(data, size) : std::string();
        }
    }
}

// Its count of all memory in use, which nobody asks for, is kept under one lock by all connections.
void keep_no_statistics() {
    static std::once_flag once;
    std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

Error disk_full() {
    return Error{ErrorCode::unavailable,
                 "The disk is full, so nothing can be saved. Free some space and try again.", ""};
}

}  // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::filesystem::path& file,
                                                                 Access access) {
    keep_no_statistics();
    sqlite3* handle = nullptr;
    // Read connections are opened for writing too, because a reader of a WAL file has to map its index;
    // query_only is what keeps them from changing anything.
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
    std::unique_ptr<SqliteConnection> connection(new SqliteConnection(handle));
    if (code != SQLITE_OK) {
        return Error{ErrorCode::unavailable,
                     "The database could not be opened: " + std::string(sqlite3_errstr(code)), ""};
    }
    if (access == Access::alone) return connection;
    OURVIDZ_CHECK(
        connection->script("PRAGMA busy_timeout=" + std::to_string(busy_ms) +
                           "; PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
                           "PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-1024;"));
    if (access == Access::read_only) OURVIDZ_CHECK(connection->script("PRAGMA query_only=ON;"));
    return connection;
}

SqliteConnection::~SqliteConnection() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement.handle);
    sqlite3_close(handle_);
}

Error SqliteConnection::failure(std::string_view sql) const {
    const int code = sqlite3_errcode(handle_);
    const std::string reason = sqlite3_errmsg(handle_);
    const int system = sqlite3_system_errno(handle_);
    if ((code & 0xff) == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT)) return disk_full();
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT:
            return refused(reason);
        case SQLITE_FULL:
            return disk_full();
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Error{ErrorCode::unavailable, "The database is damaged: " + reason, ""};
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Error{ErrorCode::unavailable, "The database does not answer: " + reason, ""};
        default:
            return Error{ErrorCode::internal, "Wrong SQL (" + reason + "): " + std::string(sql), ""};
    }
}

Result<const SqliteConnection::Statement*> SqliteConnection::prepared(std::string_view sql) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return &found->second;
    Statement statement;
    if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement.handle, nullptr) != SQLITE_OK) {
        return failure(sql);
    }
    const int parameters = sqlite3_bind_parameter_count(statement.handle);
    for (int i = 1; i <= parameters; ++i) {
        const auto name = "$" + std::to_string(i);
        statement.positions.push_back(sqlite3_bind_parameter_index(statement.handle, name.c_str()));
    }
    return &statements_.emplace(sql, std::move(statement)).first->second;
}

Result<sqlite3_stmt*> SqliteConnection::bound(std::string_view sql, const std::vector<Value>& parameters) {
    OURVIDZ_TRY(statement, prepared(sql));
    const auto& positions = statement->positions;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (i >= positions.size() || positions[i] == 0)
            return Error{ErrorCode::internal,
                         "Unused parameter $" + std::to_string(i + 1) + " in: " + std::string(sql), ""};
        if (bind(statement->handle, positions[i], parameters[i]) != SQLITE_OK) return failure(sql);
    }
    return statement->handle;
}

Result<Rows> SqliteConnection::query(std::string_view sql, const std::vector<Value>& parameters) {
    OURVIDZ_TRY(statement, bound(sql, parameters));
    const Use use(statement);
    Rows rows;
    for (;;) {
        const int code = sqlite3_step(statement);
        if (code == SQLITE_DONE) return rows;
        if (code != SQLITE_ROW) return failure(sql);
        std::vector<Value> values;
        const int columns = sqlite3_column_count(statement);
        values.reserve(static_cast<std::size_t>(columns));
        for (int i = 0; i < columns; ++i) values.push_back(column(statement, i));
        rows.emplace_back(std::move(values));
    }
}

Result<std::int64_t> SqliteConnection::execute(std::string_view sql, const std::vector<Value>& parameters) {
    OURVIDZ_TRY(statement, bound(sql, parameters));
    const Use use(statement);
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(statement);
    if (code != SQLITE_DONE) return failure(sql);
    return static_cast<std::int64_t>(sqlite3_changes64(handle_));
}

Result<void> SqliteConnection::require_room() {
    const std::filesystem::path file(sqlite3_db_filename(handle_, "main"));
    return ourvidz::require_room(file.parent_path(), room_for_work, "clearing up");
}

Result<void> SqliteConnection::script(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failure(sql);
    return {};
}

}  // namespace ourvidz::db
