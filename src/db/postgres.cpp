// PostgreSQL behind the port: one thread, a few connections, each with a fiber that takes work from a line.
//
// Work of one workspace goes over one connection, one piece after the other, so that pieces of this process
// never collide on the workspace's row. Each piece is a transaction of its own that does not wait for the
// disk; when a group of them is done, one flush makes all of them durable, and only then are they
// acknowledged. So nobody holds a lock while the disk turns, and many acknowledgements share one fsync.
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <deque>
#include <future>
#include <random>
#include <thread>

#include "db/piece.h"
#include "db/postgres_connection.h"
#include "db/postgres_setup.h"

namespace ourvidz::db {
namespace {

constexpr std::size_t group_max = 256;
constexpr std::size_t waiting_max = 100'000;
constexpr std::size_t workspace_writers = 3;
constexpr int workspace_readers = 2;
// Runs of one piece that collides with other servers' pieces, or loses its connection.
constexpr int runs_max = 20;
// A unique row that is in the way at the second run as well is not a collision but the caller's conflict.
constexpr int conflict_runs_max = 2;
constexpr std::chrono::milliseconds pause_first{2};
constexpr std::chrono::milliseconds pause_longest{50};
constexpr std::chrono::milliseconds connect_longest{5'000};
constexpr std::chrono::milliseconds reconnect_pause{200};
// Domain code runs on these.
constexpr std::size_t stack_bytes = 512 * 1024;

using SteadyClock = std::chrono::steady_clock;

struct Item {
    Scope scope;
    Database::Work work;
    Durability durability;
    Database::Done done;
    SteadyClock::time_point posted = SteadyClock::now();
    int runs = 0;
};

// Work that waits for a connection of its kind. Belongs to the database thread.
struct Line {
    Line(asio::io_context& io, const std::string& url_given, bool writes_given)
        : url(url_given), writes(writes_given), arrived(io, SteadyClock::time_point::max()) {}

    const std::string& url;
    const bool writes;
    std::deque<Item> items;
    asio::steady_timer arrived;  // canceled when there is something to do
};

Error closing() {
    return Error{ErrorCode::unavailable, "The database is closing or has too much to do.", ""};
}

class PostgresDatabase final : public Database {
  public:
    explicit PostgresDatabase(PostgresOptions options) : options_(std::move(options)) {
        server_writes_ = add_line(options_.server_url, true, 1);
        server_reads_ = add_line(options_.server_url, false, 1);
        for (std::size_t i = 0; i < workspace_writers; ++i) {
            workspace_writes_.push_back(add_line(options_.tenant_url, true, 1));
        }
        workspace_reads_ = add_line(options_.tenant_url, false, workspace_readers);
        thread_ = std::thread([this] { io_.run(); });
    }

    ~PostgresDatabase() override {
        asio::post(io_, [this] {
            closed_ = true;
            for (auto& line : lines_) line->arrived.cancel();
            work_.reset();
        });
        thread_.join();
    }

    void post_write(Scope scope, Work work, Durability durability, Done done) override {
        auto& line = scope.workspace_id() ? writer_of(*scope.workspace_id()) : *server_writes_;
        post(line, {std::move(scope), std::move(work), durability, std::move(done)});
    }
    Result<void> try_out() const override { return {}; }
    Result<bool> wipe_deleted() override { return true; }
    Work examination() const override {
        return [](Connection&) -> Result<void> { return {}; };
    }

    void post_read(Scope scope, Work work, Done done) override {
        auto& line = scope.workspace_id() ? *workspace_reads_ : *server_reads_;
        post(line, {std::move(scope), std::move(work), Durability::lossy_on_power_cut, std::move(done)});
    }

  private:
    Line* add_line(const std::string& url, bool writes, int fibers) {
        auto& line = *lines_.emplace_back(std::make_unique<Line>(io_, url, writes));
        for (int i = 0; i < fibers; ++i) {
            asio::spawn(
                io_, std::allocator_arg, boost::context::protected_fixedsize_stack(stack_bytes),
                [this, &line](const asio::yield_context& yield) { serve(line, yield); }, asio::detached);
        }
        return &line;
    }

    Line& writer_of(const std::string& workspace_id) {
        return *workspace_writes_[std::hash<std::string>()(workspace_id) % workspace_writers];
    }

    void post(Line& line, Item item) {
        asio::post(io_, [this, &line, item = std::move(item)]() mutable {
            if (closed_ || line.items.size() >= waiting_max) return item.done(closing());
            line.items.push_back(std::move(item));
            line.arrived.cancel_one();
        });
    }

    // One connection's life. It is made at the start and not with the first work, so that whoever connects
    // later knows that a crash may lie between.
    void serve(Line& line, const asio::yield_context& yield) {
        PostgresConnection connection(io_, yield);
        bool was_connected = false;
        for (;;) {
            while (was_connected && line.items.empty()) {
                if (closed_) return;
                boost::system::error_code woken;
                line.arrived.async_wait(yield[woken]);
            }
            if (!connection.usable() && !connect(connection, line, was_connected, yield)) {
                if (closed_ && line.items.empty()) return;
                continue;
            }
            was_connected = true;
            if (line.items.empty()) continue;  // another fiber of this line was faster
            if (line.writes) {
                write_group(connection, line, yield);
            } else {
                read_one(connection, line);
            }
        }
    }

    // One try. What has waited too long meanwhile fails.
    bool connect(PostgresConnection& connection, Line& line, bool again, const asio::yield_context& yield) {
        auto connected = connection.connect(line.url, connect_longest);
        if (connected.ok() && again) {
            connected = run_after_loss(connection, line, yield);
            if (!connected.ok()) connection.give_up();
        }
        if (connected.ok()) return true;
        const auto too_old = SteadyClock::now() - options_.patience;
        std::deque<Item> kept;
        std::deque<Item> given_up;
        for (auto& item : line.items) {
            (closed_ || item.posted < too_old ? given_up : kept).push_back(std::move(item));
        }
        line.items.swap(kept);
        for (auto& item : given_up) item.done(connected.error());
        asio::steady_timer pause(io_, reconnect_pause);
        boost::system::error_code ignored;
        pause.async_wait(yield[ignored]);
        return false;
    }

    Result<void> run_after_loss(PostgresConnection& connection, const Line& line,
                                const asio::yield_context& yield) {
        const auto run = [this](PostgresConnection& server) -> Result<void> {
            server.begin(Scope::server(), PostgresConnection::Access::read_write, options_.piece_longest);
            auto outcome = run_piece(options_.after_loss, server);
            if (outcome.ok()) return server.commit(true);
            server.leave();
            return outcome;
        };
        if (&line == server_writes_) return run(connection);
        PostgresConnection server(io_, yield);
        OURVIDZ_CHECK(server.connect(options_.server_url, connect_longest));
        return run(server);
    }

    void read_one(PostgresConnection& connection, Line& line) {
        auto item = std::move(line.items.front());
        line.items.pop_front();
        connection.begin(item.scope, PostgresConnection::Access::read_only, options_.piece_longest);
        auto outcome = run_piece(item.work, connection);
        connection.leave();
        if (!outcome.ok() && again(connection, item, outcome.error())) {
            line.items.push_front(std::move(item));
            return;
        }
        item.done(std::move(outcome));
    }

    void write_group(PostgresConnection& connection, Line& line, const asio::yield_context& yield) {
        std::vector<Item> committed;  // durable ones that wait for the flush
        const auto most = std::min(line.items.size(), group_max);
        for (std::size_t i = 0; i < most && connection.usable(); ++i) {
            auto item = std::move(line.items.front());
            line.items.pop_front();
            const bool durable = item.durability == Durability::durable;
            // A single one needs no second round.
            const bool alone = durable && most == 1;
            auto outcome = write_one(connection, item, alone);
            if (!outcome.ok() && again(connection, item, outcome.error())) {
                pause(item.runs, yield);
                line.items.push_front(std::move(item));
                if (connection.usable()) --i;
            } else if (outcome.ok() && durable && !alone) {
                committed.push_back(std::move(item));
            } else {
                item.done(std::move(outcome));
            }
        }
        if (committed.empty()) return;
        const auto flushed = connection.flush(options_.piece_longest);
        for (auto& item : committed) item.done(flushed);
    }

    Result<void> write_one(PostgresConnection& connection, Item& item, bool on_disk) {
        connection.begin(item.scope, PostgresConnection::Access::read_write, options_.piece_longest);
        auto outcome = run_piece(item.work, connection);
        if (outcome.ok()) return connection.commit(on_disk);
        connection.leave();
        return outcome;
    }

    // Counts the run; true if another may help.
    bool again(const PostgresConnection& connection, Item& item, const Error& error) const {
        if (!connection.may_run_again() || closed_) return false;
        ++item.runs;
        if (!connection.usable()) return SteadyClock::now() - item.posted < options_.patience;
        return item.runs < (error.code == ErrorCode::conflict ? conflict_runs_max : runs_max);
    }

    // Longer with every run, and of random length, so that two that collide do not do so again.
    void pause(int runs, const asio::yield_context& yield) {
        const auto longest = std::min(pause_first * (1 << std::min(runs, 8)), pause_longest);
        std::uniform_int_distribution<std::int64_t> spread(0, std::chrono::microseconds(longest).count());
        asio::steady_timer timer(io_, std::chrono::microseconds(spread(random_)));
        boost::system::error_code ignored;
        timer.async_wait(yield[ignored]);
    }

    const PostgresOptions options_;
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
    std::vector<std::unique_ptr<Line>> lines_;
    Line* server_writes_ = nullptr;
    Line* server_reads_ = nullptr;
    std::vector<Line*> workspace_writes_;
    Line* workspace_reads_ = nullptr;
    bool closed_ = false;
    std::minstd_rand random_{std::random_device()()};
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(const PostgresOptions& options,
                                                const std::filesystem::path& migrations) {
    asio::io_context io(1);
    Result<void> prepared = Error{ErrorCode::internal, "Setting the database up did not end.", ""};
    asio::spawn(
        io, std::allocator_arg, boost::context::protected_fixedsize_stack(stack_bytes),
        [&](const asio::yield_context& yield) {
            prepared = set_up_postgres(io, yield, options, migrations, connect_longest);
        },
        asio::detached);
    io.run();
    if (!prepared.ok()) return prepared.error();
    return std::unique_ptr<Database>(std::make_unique<PostgresDatabase>(options));
}

}  // namespace ourvidz::db
