// The database port. A Database runs pieces of work on a Connection inside one transaction each; the embedded
// driver is SQLite (sqlite.cpp). Domain SQL is written once, in the subset that SQLite 3.40 and PostgreSQL 15
// share (RETURNING, ON CONFLICT, CTEs); parameters are $1, $2, ...
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
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

// Valid only inside the piece of work that it was handed to. Errors: conflict (a constraint), unavailable
// (disk full, I/O, closed), internal (wrong SQL).
class Connection {
  public:
    virtual ~Connection() = default;
    [[nodiscard]] virtual Result<Rows> query(std::string_view sql, const std::vector<Value>& parameters) = 0;
    // The number of rows changed.
    [[nodiscard]] virtual Result<std::int64_t> execute(std::string_view sql,
                                                       const std::vector<Value>& parameters) = 0;
};

// durable: acknowledged only after fsync (everything that a user was promised).
// lossy_on_power_cut: visible at once and safe against killed processes, but the last moments may be rolled
// back by a power cut (lease claims, heartbeats: losing one only loses an attempt).
enum class Durability { durable, lossy_on_power_cut };

class Database {
  public:
    virtual ~Database() = default;

    using Work = std::function<Result<void>(Connection&)>;
    using Done = std::function<void(Result<void>)>;

    // Runs `work` in a transaction on a database thread. An error from `work`, or an exception, rolls its
    // changes back and nothing else's. `done` is called on a database thread, after the commit.
    virtual void post_write(Work work, Durability durability, Done done) = 0;
    virtual void post_read(Work work, Done done) = 0;

    // Runs `work(Connection&) -> Result<T>` and resumes the coroutine on its own executor.
    template <class F>
    auto write(F work, Durability durability = Durability::durable)
        -> asio::awaitable<std::invoke_result_t<F&, Connection&>> {
        co_return co_await run<F>(std::move(work), durability, true);
    }
    template <class F>
    auto read(F work) -> asio::awaitable<std::invoke_result_t<F&, Connection&>> {
        co_return co_await run<F>(std::move(work), Durability::durable, false);
    }

    // The same, blocking the calling thread: for start-up, command line and tests, never on the I/O thread.
    template <class F>
    auto write_now(F work, Durability durability = Durability::durable)
        -> std::invoke_result_t<F&, Connection&>;
    template <class F>
    auto read_now(F work) -> std::invoke_result_t<F&, Connection&>;

  private:
    template <class F>
    auto run(F work, Durability durability, bool writes)
        -> asio::awaitable<std::invoke_result_t<F&, Connection&>>;
};

// Opens (or makes) the file, applies `migrations` (NNNN_name.sql, in order, each once), starts one writer
// thread with group commit and `readers` reader threads. Errors: unavailable when another process holds the
// lock file beside it, when the file is not a database, or when it was written by a newer version.
[[nodiscard]] Result<std::unique_ptr<Database>> open_sqlite(const std::filesystem::path& file,
                                                            const std::filesystem::path& migrations,
                                                            int readers = 2);

}  // namespace ourvidz::db

#include "db/database_inline.h"
