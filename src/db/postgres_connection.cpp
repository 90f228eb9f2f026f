#include "db/postgres_connection.h"

#include <boost/asio/redirect_error.hpp>

namespace ourvidz::db {
namespace {

// More different statements than the program has; beyond them they are parsed again each time.
constexpr std::size_t prepared_max = 2'000;

constexpr std::chrono::seconds commit_longest{30};

// A transaction whose client stands still must not hold its locks for ever.
constexpr const char* session_settings =
    "SET idle_in_transaction_session_timeout = 30000; SET statement_timeout = 30000;"
    " SET default_transaction_isolation = 'repeatable read'";

constexpr std::string_view set_workspace = "SELECT set_config('ourvidz.workspace', $1, true)";

Error no_answer(std::string reason) {
    while (reason.ends_with('\n')) reason.pop_back();
    return Error{ErrorCode::unavailable, "The database does not answer: " + reason, ""};
}

}  // namespace

PostgresConnection::PostgresConnection(asio::io_context& io, asio::yield_context yield)
    : yield_(std::move(yield)), socket_(io), timer_(io) {}

PostgresConnection::~PostgresConnection() {
    stop_timer();
    if (socket_.is_open()) socket_.release();  // libpq closes it
    if (handle_ != nullptr) PQfinish(handle_);
}

void PostgresConnection::start_timer(std::chrono::milliseconds longest) {
    timed_out_ = false;
    timer_.expires_after(longest);
    timer_.async_wait([this, turn = timer_turn_, mine = ++*timer_turn_](const auto& stopped) {
        if (stopped || *turn != mine) return;
        timed_out_ = true;
        boost::system::error_code ignored;
        socket_.cancel(ignored);
    });
}

void PostgresConnection::stop_timer() {
    ++*timer_turn_;
    timer_.cancel();
}

bool PostgresConnection::wait(asio::posix::descriptor_base::wait_type what) {
    if (timed_out_) return false;
    boost::system::error_code failure;
    socket_.async_wait(what, yield_[failure]);
    return !failure && !timed_out_;
}

Error PostgresConnection::lost(bool may_run_again) {
    lost_ = true;
    may_run_again_ = may_run_again;
    return no_answer(timed_out_ ? "it took too long" : PQerrorMessage(handle_));
}

Result<void> PostgresConnection::connect(const std::string& url, std::chrono::milliseconds longest) {
    stop_timer();
    if (socket_.is_open()) socket_.release();
    if (handle_ != nullptr) PQfinish(handle_);
    statements_.clear();
    preamble_.clear();
    forget_sent();
    unread_batches_ = 0;
    lost_ = false;
    in_transaction_ = false;
    // Later ones win over what the URL says.
    const char* names[] = {"dbname", "application_name", "client_encoding", nullptr};
    const char* values[] = {url.c_str(), "ourvidz", "UTF8", nullptr};
    handle_ = PQconnectStartParams(names, values, 1);
    if (handle_ == nullptr || PQstatus(handle_) == CONNECTION_BAD) return lost(true);
    PQsetNoticeProcessor(
        handle_, [](void*, const char*) {}, nullptr);
    start_timer(longest);
    auto connected = poll_until_connected();
    stop_timer();
    if (!connected.ok()) return connected;
    PQsetnonblocking(handle_, 1);
    OURVIDZ_CHECK(script(session_settings));
    if (PQenterPipelineMode(handle_) != 1) return lost(true);
    return {};
}

Result<void> PostgresConnection::poll_until_connected() {
    for (auto next = PGRES_POLLING_WRITING;; next = PQconnectPoll(handle_)) {
        if (next == PGRES_POLLING_OK) return {};
        if (next == PGRES_POLLING_FAILED) return lost(true);
        // libpq may go on with another socket, for the next address or without TLS.
        if (socket_.is_open()) socket_.release();
        boost::system::error_code failure;
        socket_.assign(PQsocket(handle_), failure);
        const auto what = next == PGRES_POLLING_READING ? asio::posix::descriptor_base::wait_read
                                                        : asio::posix::descriptor_base::wait_write;
        if (failure || !wait(what)) return lost(true);
    }
}

void PostgresConnection::begin(const Scope& scope, Access access, std::chrono::milliseconds longest) {
    may_run_again_ = false;
    in_transaction_ = false;
    preamble_ = {access == Access::read_only ? "BEGIN READ ONLY" : "BEGIN"};
    workspace_id_ = scope.workspace_id();
    forget_sent();
    start_timer(longest);
}

void PostgresConnection::forget_sent() {
    sent_.clear();
    preamble_sent_ = 0;
}

bool PostgresConnection::send(std::string_view sql) {
    return PQsendQueryParams(handle_, std::string(sql).c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) ==
           1;
}

bool PostgresConnection::send_preamble() {
    for (const auto& sql : preamble_) {
        if (!send(sql)) return false;
    }
    if (!preamble_.empty() && workspace_id_) {
        const char* id = workspace_id_->c_str();
        if (PQsendQueryParams(handle_, std::string(set_workspace).c_str(), 1, nullptr, &id, nullptr, nullptr,
                              0) != 1) {
            return false;
        }
    }
    if (!preamble_.empty()) {
        preamble_sent_ = preamble_.size() + (workspace_id_ ? 1 : 0);
        in_transaction_ = true;
    }
    preamble_.clear();
    return true;
}

Result<void> PostgresConnection::send_statement(std::string_view sql, const PostgresParameters& parameters) {
    if (!usable()) return no_answer("not connected");
    if (!send_preamble()) return lost(true);
    Sent sent{std::string(sql), parameters.signature() + std::string(sql), ""};
    auto found = statements_.find(sent.key);
    if (found == statements_.end() && statements_.size() >= prepared_max) {
        if (PQsendQueryParams(handle_, sent.sql.c_str(), parameters.count(), parameters.types(),
                              parameters.texts(), nullptr, nullptr, 0) != 1) {
            return lost(true);
        }
        sent_.push_back(std::move(sent));
        return {};
    }
    if (found == statements_.end()) {
        sent.fresh = "s" + std::to_string(++names_given_);
        if (PQsendPrepare(handle_, sent.fresh.c_str(), sent.sql.c_str(), parameters.count(),
                          parameters.types()) != 1) {
            return lost(true);
        }
    }
    const auto& name = sent.fresh.empty() ? found->second : sent.fresh;
    if (PQsendQueryPrepared(handle_, name.c_str(), parameters.count(), parameters.texts(), nullptr, nullptr,
                            0) != 1) {
        return lost(true);
    }
    sent_.push_back(std::move(sent));
    return {};
}

bool PostgresConnection::end_batch() {
    if (PQpipelineSync(handle_) != 1) return false;
    ++unread_batches_;
    for (;;) {
        const int left = PQflush(handle_);
        if (left == 0) return true;
        if (left < 0 || !wait(asio::posix::descriptor_base::wait_write)) return false;
    }
}

// The next result, or null between the results of two statements.
Result<PostgresResult> PostgresConnection::next_result() {
    while (PQisBusy(handle_) == 1) {
        if (!wait(asio::posix::descriptor_base::wait_read) || PQconsumeInput(handle_) != 1) return lost(true);
    }
    PostgresResult result(PQgetResult(handle_));
    if (PQstatus(handle_) == CONNECTION_BAD) return lost(true);
    return result;
}

// The results of the newest batch, one for each statement; those of older ones nobody waits for.
Result<PostgresConnection::Results> PostgresConnection::read_batch() {
    Results results;
    for (;;) {
        OURVIDZ_TRY(result, next_result());
        if (!result) continue;
        if (PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC) {
            results.push_back(std::move(result));
            continue;
        }
        if (--unread_batches_ == 0) return results;
        results.clear();
    }
}

Error PostgresConnection::failed(const PGresult& result, std::string_view sql) {
    auto failure = failure_from(result, sql);
    may_run_again_ = failure.collided || failure.session_over;
    if (failure.session_over) lost_ = true;
    return std::move(failure.error);
}

Result<void> PostgresConnection::outcome_of_sent(const Results& results) {
    Result<void> outcome;
    std::size_t at = 0;
    const auto next = [&](std::string_view sql) {
        const auto* result = at < results.size() ? results[at].get() : nullptr;
        ++at;
        if (outcome.ok() && PQresultStatus(result) == PGRES_FATAL_ERROR) outcome = failed(*result, sql);
        return result != nullptr && PQresultStatus(result) == PGRES_COMMAND_OK;
    };
    for (std::size_t i = 0; i < preamble_sent_; ++i) next("BEGIN");
    for (const auto& sent : sent_) {
        if (!sent.fresh.empty() && next(sent.sql)) statements_.emplace(sent.key, sent.fresh);
        next(sent.sql);
    }
    forget_sent();
    if (outcome.ok() && at > results.size()) return lost(true);
    return outcome;
}

Result<PostgresResult> PostgresConnection::run(std::string_view sql, const std::vector<Value>& parameters) {
    const PostgresParameters converted(parameters);
    OURVIDZ_CHECK(send_statement(sql, converted));
    if (!end_batch()) return lost(true);
    OURVIDZ_TRY(results, read_batch());
    OURVIDZ_CHECK(outcome_of_sent(results));
    return std::move(results.back());
}

Result<void> PostgresConnection::change(std::string_view sql, const std::vector<Value>& parameters) {
    return send_statement(sql, PostgresParameters(parameters));
}

Result<Rows> PostgresConnection::query(std::string_view sql, const std::vector<Value>& parameters) {
    OURVIDZ_TRY(result, run(sql, parameters));
    return rows_from(*result);
}

Result<std::int64_t> PostgresConnection::execute(std::string_view sql, const std::vector<Value>& parameters) {
    OURVIDZ_TRY(result, run(sql, parameters));
    return rows_changed(*result);
}

Result<void> PostgresConnection::commit(bool on_disk) {
    preamble_.clear();
    stop_timer();
    if (!in_transaction_) return {};
    if (!usable()) return no_answer("not connected");
    in_transaction_ = false;
    start_timer(commit_longest);
    const bool sent =
        (on_disk || send("SET LOCAL synchronous_commit = off")) && send("COMMIT") && end_batch();
    // From here on it may have been committed even if the answer is lost.
    if (!sent) return lost(false);
    auto results = read_batch();
    stop_timer();
    if (!results.ok() || results->empty()) return lost(false);
    auto outcome = outcome_of_sent(*results);
    if (!outcome.ok()) {
        // The COMMIT behind it was passed over.
        in_transaction_ = true;
        leave();
        may_run_again_ = may_run_again_ && !lost_;
        return outcome;
    }
    for (const auto& result : *results) {
        if (PQresultStatus(result.get()) != PGRES_FATAL_ERROR) continue;
        auto error = failed(*result, "COMMIT");
        may_run_again_ = may_run_again_ && !lost_;
        return error;
    }
    if (std::string_view(PQcmdStatus(results->back().get())) != "COMMIT") {
        return Error{ErrorCode::internal, "The database rolled the transaction back.", ""};
    }
    return {};
}

void PostgresConnection::leave() {
    preamble_.clear();
    stop_timer();
    if (!in_transaction_ || !usable()) return;
    in_transaction_ = false;
    start_timer(commit_longest);
    if (!send("ROLLBACK") || !end_batch()) (void)lost(may_run_again_);
    stop_timer();
}

Result<void> PostgresConnection::flush(std::chrono::milliseconds longest) {
    if (!usable()) return no_answer("not connected");
    start_timer(longest);
    // The commit of a transaction that wrote something waits for the log up to its own end, and so for all
    // before it. This one writes a message that nobody reads.
    auto done = [&]() -> Result<void> {
        if (!send("SELECT pg_logical_emit_message(true, 'ourvidz', '')") || !end_batch()) return lost(false);
        OURVIDZ_TRY(results, read_batch());
        for (const auto& result : results) {
            if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) return failed(*result, "flush");
        }
        return {};
    }();
    stop_timer();
    return done;
}

Result<void> PostgresConnection::script(const std::string& sql) {
    const bool pipelined = PQpipelineStatus(handle_) != PQ_PIPELINE_OFF;
    if (pipelined && PQexitPipelineMode(handle_) != 1) return lost(false);
    timed_out_ = false;
    if (PQsendQuery(handle_, sql.c_str()) != 1) return lost(false);
    while (PQflush(handle_) == 1) {
        if (!wait(asio::posix::descriptor_base::wait_write)) return lost(false);
    }
    Result<void> outcome;
    for (;;) {
        OURVIDZ_TRY(result, next_result());
        if (!result) break;
        if (outcome.ok() && PQresultStatus(result.get()) == PGRES_FATAL_ERROR) outcome = failed(*result, sql);
    }
    if (pipelined && PQenterPipelineMode(handle_) != 1) return lost(false);
    return outcome;
}

}  // namespace ourvidz::db
