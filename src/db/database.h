// The database port. A Database runs pieces of work on a Connection inside one transaction each. Embedded it
// is SQLite (sqlite.cpp), for several servers PostgreSQL (postgres.cpp). Domain SQL is written once, in the
// subset that SQLite 3.40 and PostgreSQL 15 share (RETURNING, ON CONFLICT, CTEs); parameters are $1, $2, ...
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace ourvidz::db {

namespace asio = boost::asio;

using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string>;

[[nodiscard]] Value nullable(const std::optional<std::string>& text);
[[nodiscard]] Value nullable(const std::optional<std::int64_t>& number);

class Row {
  public:
    explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
    // 0 and "" for NULL; use is_null where the difference matters.
    [[nodiscard]] std::int64_t integer(std::size_t column) const;
    [[nodiscard]] double number(std::size_t column) const;
    [[nodiscard]] std::string text(std::size_t column) const;
    [[nodiscard]] bool is_null(std::size_t column) const;
    [[nodiscard]] std::optional<std::string> optional_text(std::size_t column) const;
    [[nodiscard]] std::optional<std::int64_t> optional_integer(std::size_t column) const;

  private:
    std::vector<Value> values_;
};

using Rows = std::vector<Row>;

// Valid only inside the piece of work that it was handed to. Errors: conflict (a constraint), malformed_body
// (text that is not UTF-8, or has a character 0), unavailable (disk full, I/O, closed, too many collisions),
// internal (wrong SQL). The first error is the whole piece's: nothing after it runs, and nothing is
// committed.
class Connection {
  public:
    virtual ~Connection() = default;
    [[nodiscard]] virtual Result<Rows> query(std::string_view sql, const std::vector<Value>& parameters) = 0;
    // The number of rows changed.
    [[nodiscard]] virtual Result<std::int64_t> execute(std::string_view sql,
                                                       const std::vector<Value>& parameters) = 0;
    // For a change of which nothing needs to be known. PostgreSQL is told of it together with the statements
    // after it, up to the next that is waited for, so its error may be that one's answer, or the commit's.
    [[nodiscard]] virtual Result<void> change(std::string_view sql, const std::vector<Value>& parameters) {
        auto done = execute(sql, parameters);
        return done.ok() ? Result<void>() : Result<void>(done.error());
    }
    // Before what a database can do without, such as new work: SQLite shares its disk with the files and
    // keeps the last of it for what makes room again. Errors: unavailable when no more than that is left.
    [[nodiscard]] virtual Result<void> require_room() { return {}; }
};

// On whose behalf a piece of work runs. PostgreSQL lets the work of a workspace see and change only what
// belongs to that workspace, however wrong its SQL is; in SQLite the queries alone see to it.
class Scope {
  public:
    [[nodiscard]] static Scope workspace(std::string id) { return Scope(std::move(id)); }
    // The server itself, across workspaces: leases and results of nodes, sweeps, start-up, health. Never for
    // what a user asks.
    [[nodiscard]] static Scope server() { return Scope(std::nullopt); }
    [[nodiscard]] const std::optional<std::string>& workspace_id() const { return workspace_id_; }

  private:
    explicit Scope(std::optional<std::string> id) : workspace_id_(std::move(id)) {}
    std::optional<std::string> workspace_id_;
};

// durable: acknowledged only after fsync (everything that a user was promised).
// lossy_on_power_cut: visible at once and safe against killed processes of ours, but the last moments may be
// rolled back by a power cut or a crash of the database's own server (lease claims, heartbeats: losing one
// only loses an attempt).
enum class Durability { durable, lossy_on_power_cut };

class Database {
  public:
    virtual ~Database() = default;

    using Work = std::function<Result<void>(Connection&)>;
    using Done = std::function<void(Result<void>)>;

    // Runs `work` in a transaction on a database thread. An error from `work`, or an exception, rolls its
    // changes back and nothing else's. `done` is called on a database thread, after the commit.
    //
    // Each piece sees one state of the database. Of two that change the same row at once, one is run again
    // from the start, so `work` must do nothing but use its connection and answer. A row that is only read
    // may change meanwhile: what must hold over several rows needs one row that every change of them updates.
    // Events make the workspace's row that one.
    virtual void post_write(Scope scope, Work work, Durability durability, Done done) = 0;
    virtual void post_read(Scope scope, Work work, Done done) = 0;

    // Work for a read that goes through the whole of it and fails with `unavailable` where it is damaged; its
    // time grows with the database. SQLite has its structure checked. PostgreSQL sees to that itself: there
    // it is asked for nothing.
    [[nodiscard]] virtual Work examination() const = 0;

    // That what was opened is still what is there, and has room to grow; blocks. Errors: unavailable, with
    // what the operator has to do. PostgreSQL sees to that itself.
    [[nodiscard]] virtual Result<void> try_out() const = 0;

    // What was deleted before is in no file of the database from here on, where that can be had: SQLite's log
    // is written back and emptied, for which the writes that come meanwhile wait a moment. Blocks. False:
    // somebody reads what is older; to be tried again. PostgreSQL takes its own time for that, and answers
    // true.
    [[nodiscard]] virtual Result<bool> wipe_deleted() = 0;

    // Runs `work(Connection&) -> Result<T>` and resumes the coroutine on its own executor.
    template <class F>
    auto write(Scope scope, F work, Durability durability = Durability::durable)
        -> asio::awaitable<std::invoke_result_t<F&, Connection&>> {
        co_return co_await run<F>(std::move(scope), std::move(work), durability, true);
    }
    template <class F>
    auto read(Scope scope, F work) -> asio::awaitable<std::invoke_result_t<F&, Connection&>> {
        co_return co_await run<F>(std::move(scope), std::move(work), Durability::durable, false);
    }

    // The same, blocking the calling thread: for start-up, command line and tests, never on the I/O thread.
    template <class F>
    auto write_now(Scope scope, F work, Durability durability = Durability::durable)
        -> std::invoke_result_t<F&, Connection&>;
    template <class F>
    auto read_now(Scope scope, F work) -> std::invoke_result_t<F&, Connection&>;

  private:
    template <class F>
    auto run(Scope scope, F work, Durability durability, bool writes)
        -> asio::awaitable<std::invoke_result_t<F&, Connection&>>;
};

// Opens (or makes) the file, applies `migrations` (NNNN_name.sql, in order, each once), starts one writer
// thread with group commit and `readers` reader threads. Errors: unavailable when another process holds the
// lock file beside it, when the file is not a database, or when it was written by a newer version; conflict
// when the log beside it is another file's (sqlite_log.h). Once the file is gone from its place, or another
// is there, nothing more is written, and what had been is saved beside it under a name that try_out() tells.
[[nodiscard]] Result<std::unique_ptr<Database>> open_sqlite(const std::filesystem::path& file,
                                                            const std::filesystem::path& migrations,
                                                            int readers = 2);

struct PostgresOptions {
    // postgresql:// URLs of one database, byte order (collation C) and UTF-8. Two logins, so that no SQL of a
    // workspace can become the server: `tenant_url` owns nothing, is no superuser and cannot bypass row-level
    // security; `server_url` owns the tables, applies migrations and works across workspaces.
    std::string tenant_url;
    std::string server_url;
    // A piece that takes longer than this has lost its connection.
    std::chrono::milliseconds piece_longest{30'000};
    // Work waits so long for a server that is away before it fails as unavailable.
    std::chrono::milliseconds patience{5'000};
    // Run as the server on every connection that comes back after it was lost, before any other work: a crash
    // of the database's server may have taken back lossy commits that readers have seen.
    Database::Work after_loss = [](Connection&) -> Result<void> { return {}; };
};

// Connects, applies `migrations` (once, however many servers start together) and the row-level security in
// its folder postgres/, and starts one thread with a few connections. Errors: unavailable when the server
// cannot be reached, is too old, when the tenant's login could bypass its limits, or when the database was
// written by a newer version.
[[nodiscard]] Result<std::unique_ptr<Database>> open_postgres(const PostgresOptions& options,
                                                              const std::filesystem::path& migrations);

}  // namespace ourvidz::db

#include "db/database_inline.h"
