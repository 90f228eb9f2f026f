// What is PostgreSQL's own: several servers on one database, collisions, and a database server that goes
// away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "db/test_database.h"
#include "temporary_folder.h"

namespace ourvidz::db {
namespace {

class Postgres : public testing::Test {
  protected:
    void SetUp() override {
        const auto address = test_postgres_address();
        if (address.empty()) GTEST_SKIP() << "no PostgreSQL to test with";
        store_ = std::make_unique<PostgresStore>(address);
        std::filesystem::create_directory(migrations_.path() / "postgres");
        std::filesystem::copy_file(OURVIDZ_SOURCE_DIR "/migrations/postgres/row_security.sql",
                                   migrations_.path() / "postgres/row_security.sql");
        // Would fail if it were applied twice.
        std::ofstream(migrations_.path() / "0001_counters.sql")
            << "CREATE TABLE counters (id TEXT PRIMARY KEY, workspace_id TEXT, value BIGINT NOT NULL);"
               "INSERT INTO counters VALUES ('one', 'w', 0), ('two', 'w', 0);"
               "CREATE TABLE moves (id TEXT PRIMARY KEY);";
    }
    std::unique_ptr<Database> open() { return open(store_->options()); }
    std::unique_ptr<Database> open(const PostgresOptions& options) {
        auto opened = open_postgres(options, migrations_.path());
        EXPECT_TRUE(opened.ok()) << opened.error().detail;
        return opened.ok() ? std::move(*opened) : nullptr;
    }
    static Result<std::int64_t> value(Database& database, const std::string& id = "one") {
        auto work = [&](Connection& connection) -> Result<std::int64_t> {
            OURVIDZ_TRY(rows, connection.query("SELECT value FROM counters WHERE id = $1", {id}));
            return rows[0].integer(0);
        };
        return database.read_now(Scope::server(), work);
    }
    // Reads, then writes what it has computed: two at once must not both count from the same number.
    static Result<void> count_up(Connection& connection, const std::string& id = "one") {
        OURVIDZ_TRY(rows, connection.query("SELECT value FROM counters WHERE id = $1", {id}));
        OURVIDZ_CHECK(
            connection.execute("UPDATE counters SET value = $2 WHERE id = $1", {id, rows[0].integer(0) + 1}));
        return {};
    }

    TemporaryFolder migrations_;
    std::unique_ptr<PostgresStore> store_;
};

TEST_F(Postgres, ServersThatStartTogetherMigrateOnce) {
    std::vector<std::future<std::unique_ptr<Database>>> starting;
    for (int i = 0; i < 4; ++i) starting.push_back(std::async(std::launch::async, [this] { return open(); }));
    for (auto& one : starting) {
        const auto database = one.get();
        ASSERT_NE(database, nullptr);
        EXPECT_EQ(value(*database).value(), 0);
    }
}

TEST_F(Postgres, NothingIsLostBetweenServersThatChangeTheSameRow) {
    constexpr int servers = 3;
    constexpr int each = 60;
    std::atomic<int> failures = 0;
    std::vector<std::unique_ptr<Database>> databases;
    for (int i = 0; i < servers; ++i) databases.push_back(open());
    std::vector<std::thread> threads;
    for (int i = 0; i < servers * 2; ++i) {
        // Half of them as the workspace, half as the server, over different connections.
        const auto scope = i % 2 == 0 ? Scope::server() : Scope::workspace("w");
        threads.emplace_back([&, i, scope] {
            auto work = [](Connection& connection) { return count_up(connection); };
            for (int n = 0; n < each; ++n) {
                if (!databases[static_cast<std::size_t>(i % servers)]->write_now(scope, work).ok())
                    ++failures;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(value(*databases[0]).value(), servers * 2 * each);
}

// Two pieces that lock two rows in opposite order: PostgreSQL ends one of them, and it is run again.
TEST_F(Postgres, SurvivesDeadlocks) {
    const auto first = open();
    const auto second = open();
    std::atomic<int> both_hold = 0;
    const auto crosswise = [&](const std::string& one, const std::string& other) {
        return [&both_hold, one, other](Connection& connection) -> Result<void> {
            OURVIDZ_CHECK(count_up(connection, one));
            ++both_hold;
            // Only the first runs meet; one that is run again finds the other gone.
            for (int i = 0; i < 200 && both_hold < 2; ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            return count_up(connection, other);
        };
    };
    auto there = std::async(std::launch::async,
                            [&] { return first->write_now(Scope::server(), crosswise("one", "two")); });
    auto back = std::async(std::launch::async,
                           [&] { return second->write_now(Scope::server(), crosswise("two", "one")); });
    EXPECT_TRUE(there.get().ok());
    EXPECT_TRUE(back.get().ok());
    EXPECT_EQ(value(*first, "one").value(), 2);
    EXPECT_EQ(value(*first, "two").value(), 2);
}

// A unique row that another server has just put in is found when the piece is run again.
TEST_F(Postgres, FindsWhatAnotherServerPutInMeanwhile) {
    const auto first = open();
    const auto second = open();
    int runs = 0;
    auto other = [](Connection& connection) {
        return connection.execute("INSERT INTO moves (id) VALUES ('key')", {});
    };
    auto work = [&](Connection& connection) -> Result<std::string> {
        ++runs;
        OURVIDZ_TRY(known, connection.query("SELECT id FROM moves WHERE id = 'key'", {}));
        if (!known.empty()) return std::string("found");
        if (runs == 1) OURVIDZ_CHECK(second->write_now(Scope::server(), other));
        OURVIDZ_CHECK(connection.execute("INSERT INTO moves (id) VALUES ('key')", {}));
        return std::string("made");
    };
    EXPECT_EQ(first->write_now(Scope::server(), work).value(), "found");
    EXPECT_EQ(runs, 2);
}

TEST_F(Postgres, SaysWhatIsWrongWithTheServer) {
    auto options = store_->options();
    options.server_url = "postgresql://ourvidz_server@127.0.0.1:1/none";
    const auto opened = open_postgres(options, migrations_.path());
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
    EXPECT_THAT(opened.error().detail, testing::HasSubstr("does not answer"));
}

TEST_F(Postgres, KeepsNoPasswordInItsMessages) {
    auto options = store_->options();
    options.server_url = "postgresql://ourvidz_server:canary-4711@127.0.0.1:1/none";
    const auto opened = open_postgres(options, migrations_.path());
    ASSERT_FALSE(opened.ok());
    EXPECT_THAT(opened.error().detail, testing::Not(testing::HasSubstr("canary-4711")));
}

// Run apart from the others: it takes the server away from all of them.
class PostgresCrash : public Postgres {
  protected:
    void SetUp() override {
        const char* program = std::getenv("OURVIDZ_TEST_POSTGRES_CRASH");
        if (program == nullptr) GTEST_SKIP() << "no PostgreSQL that may be killed";
        crash_ = program;
        Postgres::SetUp();
    }
    // Counts in came_back_ how often it was made good after a loss.
    std::unique_ptr<Database> open_counting() {
        auto options = store_->options();
        options.after_loss = [this](Connection&) -> Result<void> {
            ++came_back_;
            return {};
        };
        return open(options);
    }
    std::string crash_;
    std::atomic<int> came_back_ = 0;
};

// Who reads first after a crash must not see a state that is older than what it has seen.
TEST_F(PostgresCrash, IsMadeGoodBeforeTheFirstRead) {
    const auto database = open_counting();
    ASSERT_TRUE(value(*database).ok());
    ASSERT_EQ(came_back_, 0);
    ASSERT_EQ(std::system(crash_.c_str()), 0);
    ASSERT_TRUE(value(*database).ok());
    EXPECT_GE(came_back_, 1);
}

// Acknowledged work survives a PostgreSQL that is killed again and again; work in between fails or is done
// late, and is never done twice.
TEST_F(PostgresCrash, LosesNothingThatWasAcknowledged) {
    const auto database = open_counting();
    std::atomic<bool> over = false;
    std::atomic<std::int64_t> acknowledged = 0;
    std::atomic<std::int64_t> unknown = 0;
    std::thread writer([&] {
        auto work = [](Connection& connection) { return count_up(connection); };
        while (!over) {
            if (database->write_now(Scope::server(), work).ok()) {
                ++acknowledged;
            } else {
                ++unknown;
            }
        }
    });
    while (acknowledged == 0) std::this_thread::yield();
    for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(std::system(crash_.c_str()), 0);
        // It goes on by itself.
        const auto before = acknowledged.load();
        for (int n = 0; n < 1'000 && (came_back_ <= i || acknowledged < before + 20); ++n)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        EXPECT_GE(acknowledged, before + 20);
    }
    over = true;
    writer.join();
    const auto counted = value(*database).value();
    EXPECT_GE(counted, acknowledged);
    EXPECT_LE(counted, acknowledged + unknown);
    EXPECT_GE(came_back_, 3);
}

}  // namespace
}  // namespace ourvidz::db
