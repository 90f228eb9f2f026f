// The embedded database: one writer thread with group commit, and reader threads on the same WAL file.
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "base/id.h"
#include "db/database.h"
#include "db/migrate.h"
#include "db/piece.h"
#include "db/sqlite_connection.h"
#include "db/sqlite_file.h"
#include "db/sqlite_log.h"

namespace ourvidz::db {
namespace {

// Work in one commit. More does not make it faster, but lets the first wait for the last.
constexpr std::size_t group_max = 256;
constexpr std::size_t waiting_max = 100'000;

struct Item {
    Database::Work work;  // empty: the log is to be emptied
    Durability durability;
    Database::Done done;
};

// A queue that threads wait on; closed once, then drained.
class WorkQueue {
  public:
    // Answers false, and leaves the item alone, when the queue is closed or full.
    [[nodiscard]] bool push(Item& item) {
        {
            const std::lock_guard lock(mutex_);
            if (closed_ || items_.size() >= waiting_max) return false;
            items_.push_back(std::move(item));
        }
        arrived_.notify_one();
        return true;
    }
    // Waits for work; empty once closed and drained.
    [[nodiscard]] std::vector<Item> take(std::size_t most) {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [this] { return closed_ || !items_.empty(); });
        std::vector<Item> taken;
        while (!items_.empty() && taken.size() < most) {
            taken.push_back(std::move(items_.front()));
            items_.pop_front();
        }
        return taken;
    }
    void close() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        arrived_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Item> items_;
    bool closed_ = false;
};

class SqliteDatabase final : public Database {
  public:
    SqliteDatabase(std::filesystem::path file, SqliteLock lock, std::unique_ptr<SqliteConnection> writer,
                   std::vector<std::unique_ptr<SqliteConnection>> readers)
        : lock_(std::move(lock)),
          file_(std::move(file)),
          writer_(std::move(writer)),
          readers_(std::move(readers)),
          stamp_(std::make_unique<LogStamp>(*writer_)),
          in_place_(file_) {
        threads_.emplace_back([this] { write_loop(); });
        for (auto& reader : readers_) threads_.emplace_back([this, &reader] { read_loop(*reader); });
    }

    ~SqliteDatabase() override {
        writes_.close();
        reads_.close();
        for (auto& thread : threads_) thread.join();
        readers_.clear();
        stamp_.reset();
        writer_.reset();
        // SQLite leaves the log of a file that is gone, for the next to take for its own.
        if (saved_) in_place_.remove_rest();
    }

    void post_write(Scope /*scope*/, Work work, Durability durability, Done done) override {
        post(writes_, Item{std::move(work), durability, std::move(done)});
    }
    void post_read(Scope /*scope*/, Work work, Done done) override {
        post(reads_, Item{std::move(work), Durability::durable, std::move(done)});
    }
    Work examination() const override {
        return [](Connection& connection) -> Result<void> {
            OURVIDZ_TRY(rows, connection.query("PRAGMA quick_check(1)", {}));
            if (rows.size() == 1 && rows[0].text(0) == "ok") return {};
            return Error{ErrorCode::unavailable,
                         "The database is damaged: " + (rows.empty() ? "" : rows[0].text(0)), ""};
        };
    }

    Result<void> try_out() const override {
        {
            const std::lock_guard lock(lost_mutex_);
            if (!lost_.empty()) return Error{ErrorCode::unavailable, lost_, ""};
        }
        return require_room(file_);
    }

    Result<bool> wipe_deleted() override {
        std::promise<Result<void>> done;
        auto answer = done.get_future();
        post(writes_, Item{{}, Durability::durable, [&](Result<void> outcome) {
                               done.set_value(std::move(outcome));
                           }});
        auto outcome = answer.get();
        if (outcome.ok()) return true;
        if (outcome.error().code == ErrorCode::conflict) return false;
        return outcome.error();
    }

  private:
    static void post(WorkQueue& queue, Item item) {
        if (!queue.push(item)) {
            item.done(Error{ErrorCode::unavailable, "The database is closing or has too much to do.", ""});
        }
    }

    void write_loop() {
        for (;;) {
            auto group = writes_.take(group_max);
            if (group.empty()) return;
            std::vector<Item> wipes;
            const auto wipe = [](const Item& item) { return !item.work; };
            std::copy_if(group.begin(), group.end(), std::back_inserter(wipes), wipe);
            std::erase_if(group, wipe);
            if (!group.empty()) {
                auto outcomes = commit_together(group);
                for (std::size_t i = 0; i < group.size(); ++i) group[i].done(std::move(outcomes[i]));
            }
            for (const auto& one : wipes) one.done(empty_log());
        }
    }

    // Errors: conflict where a reader keeps it from that.
    Result<void> empty_log() {
        OURVIDZ_CHECK(require_place());
        return stamp_->empty_log();
    }

    // Who writes into a file that has no name writes for nobody. What it has is saved under another name.
    Result<void> require_place() {
        if (lost_.empty()) {
            const auto missing = in_place_.missing();
            if (missing.empty()) return {};
            save_elsewhere(missing);
        }
        return Error{ErrorCode::unavailable,
                     "Nothing can be saved: the studio's database was taken away while the studio works. The "
                     "health page says what its operator has to do.",
                     ""};
    }

    void save_elsewhere(const std::string& missing) {
        const auto copy = file_.string() + ".saved-" + random_hex(4);
        auto saved = writer_->script("VACUUM INTO '" + quoted(copy) + "'");
        if (saved.ok()) saved = sync_file(copy);
        saved_ = saved.ok();
        const std::lock_guard lock(lost_mutex_);
        lost_ = missing +
                " was removed, or another file was put into its place, while the studio works. Nothing " +
                "more is saved. " +
                (saved_ ? "Everything until then is in " + copy +
                              ". Stop the studio, put that file into the place of " + file_.string() +
                              " if it is the one that you want, and start the studio again."
                        : "What was in it could not be saved either: " + saved.error().detail +
                              " As long as the studio runs, it has the file open.");
    }

    static std::string quoted(const std::string& text) {
        std::string doubled;
        for (const char one : text) doubled += one == '\'' ? std::string("''") : std::string(1, one);
        return doubled;
    }

    // One transaction for the whole group, a savepoint for each piece: a piece that fails takes back only its
    // own changes, and all that succeed share one fsync.
    std::vector<Result<void>> commit_together(const std::vector<Item>& group) {
        bool durable = false;
        for (const auto& item : group) durable = durable || item.durability == Durability::durable;
        std::vector<Result<void>> outcomes;
        if (const auto there = require_place(); !there.ok()) {
            outcomes.assign(group.size(), there);
            return outcomes;
        }
        auto state = writer_->script(std::string("PRAGMA synchronous=") + (durable ? "FULL" : "NORMAL") +
                                     "; BEGIN IMMEDIATE" + stamp_->due());
        for (const auto& item : group) {
            if (!state.ok()) break;
            outcomes.push_back(run_in_savepoint(item.work));
            if (!writer_->in_transaction()) {
                state =
                    Error{ErrorCode::unavailable,
                          "The disk is full, so nothing can be saved. Free some space and try again.", ""};
            }
        }
        if (state.ok()) state = writer_->script("COMMIT");
        if (!state.ok()) {
            if (writer_->in_transaction()) (void)writer_->script("ROLLBACK");
            outcomes.assign(group.size(), Result<void>(state.error()));
        }
        return outcomes;
    }

    Result<void> run_in_savepoint(const Work& work) {
        OURVIDZ_CHECK(writer_->change("SAVEPOINT piece", {}));
        auto outcome = run_piece(work, *writer_);
        if (!writer_->in_transaction()) return outcome;
        auto ended = outcome.ok() ? writer_->change("RELEASE piece", {})
                                  : writer_->script("ROLLBACK TO piece; RELEASE piece");
        return ended.ok() ? outcome : ended;
    }

    void read_loop(SqliteConnection& connection) {
        for (;;) {
            auto items = reads_.take(1);
            if (items.empty()) return;
            // A transaction gives the piece one snapshot, however many queries it makes.
            auto outcome = connection.change("BEGIN", {});
            if (outcome.ok()) {
                outcome = run_piece(items[0].work, connection);
                (void)connection.change("COMMIT", {});
            }
            items[0].done(std::move(outcome));
        }
    }

    SqliteLock lock_;  // first, so that it is let go of last
    std::filesystem::path file_;
    std::unique_ptr<SqliteConnection> writer_;
    std::vector<std::unique_ptr<SqliteConnection>> readers_;
    std::unique_ptr<LogStamp> stamp_;
    FilesInPlace in_place_;
    bool saved_ = false;  // of the writing thread
    mutable std::mutex lost_mutex_;
    std::string lost_;  // for the operator; empty: the file is in its place
    WorkQueue writes_;
    WorkQueue reads_;
    std::vector<std::thread> threads_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const std::filesystem::path& file,
                                              const std::filesystem::path& migrations, int readers) {
    OURVIDZ_TRY(lock, SqliteLock::take(file));
    OURVIDZ_CHECK(require_own_log(file));
    OURVIDZ_TRY(writer, SqliteConnection::open(file, SqliteConnection::Access::read_write));
    constexpr Dialect dialect{"sqlite", "BEGIN IMMEDIATE", "PRAGMA foreign_keys = OFF",
                              "PRAGMA foreign_keys = ON", "PRAGMA foreign_key_check"};
    OURVIDZ_TRY(applied, migrate(*writer, dialect, migrations));
    (void)applied;
    std::vector<std::unique_ptr<SqliteConnection>> reading;
    for (int i = 0; i < readers; ++i) {
        OURVIDZ_TRY(reader, SqliteConnection::open(file, SqliteConnection::Access::read_only));
        reading.push_back(std::move(reader));
    }
    return std::unique_ptr<Database>(
        std::make_unique<SqliteDatabase>(file, std::move(lock), std::move(writer), std::move(reading)));
}

}  // namespace ourvidz::db
