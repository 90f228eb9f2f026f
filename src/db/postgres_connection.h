// One PostgreSQL connection in libpq's pipeline mode. It lives in one fiber: its calls look as if they
// blocked, but give the thread to other fibers while they wait for the socket, which is in the io_context's
// reactor.
#pragma once

#include <libpq-fe.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/migrate.h"
#include "db/postgres_values.h"

namespace ourvidz::db {

class PostgresConnection final : public ScriptConnection {
  public:
    PostgresConnection(asio::io_context& io, asio::yield_context yield);
    ~PostgresConnection() override;
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    // Errors: unavailable.
    [[nodiscard]] Result<void> connect(const std::string& url, std::chrono::milliseconds longest);
    // Connected, and not lost since.
    [[nodiscard]] bool usable() const { return handle_ != nullptr && !lost_; }

    // Counts as lost from now on.
    void give_up() { lost_ = true; }

    // A transaction. It starts with its first statement, in the same packet. After `longest` the connection
    // counts as lost.
    enum class Access { read_only, read_write };
    void begin(const Scope& scope, Access access, std::chrono::milliseconds longest);
    // `on_disk`: answers only when it is there. Otherwise it is with the next flush(), or soon after.
    [[nodiscard]] Result<void> commit(bool on_disk);
    // Neither waits for the answer. For transactions that only read, and to roll back.
    void leave();
    // Answers when everything committed so far, by anybody, is on the disk.
    [[nodiscard]] Result<void> flush(std::chrono::milliseconds longest);
    // Of the last transaction: it failed because of another or because the connection was lost, and certainly
    // has changed nothing, so it may be run again.
    [[nodiscard]] bool may_run_again() const { return may_run_again_; }

    [[nodiscard]] Result<Rows> query(std::string_view sql, const std::vector<Value>& parameters) override;
    [[nodiscard]] Result<std::int64_t> execute(std::string_view sql,
                                               const std::vector<Value>& parameters) override;
    // Goes out with the next statement that is waited for, or with the commit.
    [[nodiscard]] Result<void> change(std::string_view sql, const std::vector<Value>& parameters) override;
    // Outside of transactions, without a limit of time.
    [[nodiscard]] Result<void> script(const std::string& sql) override;

  private:
    using Results = std::vector<PostgresResult>;
    bool wait(asio::posix::descriptor_base::wait_type what);
    void start_timer(std::chrono::milliseconds longest);
    void stop_timer();
    Error lost(bool may_run_again);
    Result<void> poll_until_connected();
    bool send(std::string_view sql);
    bool send_preamble();
    // What its transaction begins with, if it is the first, what has to be prepared, and the statement.
    Result<void> send_statement(std::string_view sql, const PostgresParameters& parameters);
    bool end_batch();
    void forget_sent();
    Result<Results> read_batch();
    Result<PostgresResult> next_result();
    // Of the statements that were sent for this batch: the first one's error, if there is one.
    Result<void> outcome_of_sent(const Results& results);
    Result<PostgresResult> run(std::string_view sql, const std::vector<Value>& parameters);
    Error failed(const PGresult& result, std::string_view sql);

    asio::yield_context yield_;
    PGconn* handle_ = nullptr;
    asio::posix::stream_descriptor socket_;
    asio::steady_timer timer_;
    // Counts starts and stops of the timer, so that a handler that comes too late knows; outlives this
    // object.
    std::shared_ptr<std::uint64_t> timer_turn_ = std::make_shared<std::uint64_t>(0);
    bool timed_out_ = false;
    bool lost_ = false;
    bool may_run_again_ = false;
    bool in_transaction_ = false;
    std::vector<std::string> preamble_;  // what the next statement begins with
    // Sent since the last batch was ended, in order; each has one result, and one before it if it was
    // prepared.
    struct Sent {
        std::string sql;
        std::string key;    // see statements_
        std::string fresh;  // the name under which it was prepared just now
    };
    std::vector<Sent> sent_;
    std::size_t preamble_sent_ = 0;  // how many results come before those of sent_
    std::optional<std::string> workspace_id_;
    int unread_batches_ = 0;
    std::unordered_map<std::string, std::string> statements_;  // SQL and types -> name on the server
    std::uint64_t names_given_ = 0;
};

}  // namespace ourvidz::db
