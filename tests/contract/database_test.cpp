// What every adapter of db::Database must do. An adapter is added to the list at the end.
#include "db/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <latch>
#include <memory>
#include <thread>

#include "temporary_folder.h"

namespace ourvidz::db {
namespace {

const std::string first_migration =
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE, number DOUBLE PRECISION);";

// One store that can be opened again and again.
class Adapter {
  public:
    virtual ~Adapter() = default;
    virtual Result<std::unique_ptr<Database>> open(const std::filesystem::path& migrations) = 0;
};

class SqliteAdapter final : public Adapter {
  public:
    Result<std::unique_ptr<Database>> open(const std::filesystem::path& migrations) override {
        return open_sqlite(folder_.path() / "test.sqlite", migrations);
    }

  private:
    TemporaryFolder folder_;
};

using MakeAdapter = std::unique_ptr<Adapter> (*)();

class DatabaseContract : public testing::TestWithParam<MakeAdapter> {
  protected:
    void SetUp() override {
        adapter_ = GetParam()();
        write_migration("0001_notes.sql", first_migration);
        open();
    }
    void write_migration(const std::string& name, const std::string& sql) const {
        std::ofstream(migrations_.path() / name) << sql;
    }
    void open() {
        auto database = adapter_->open(migrations_.path());
        ASSERT_TRUE(database.ok()) << database.error().detail;
        database_ = std::move(*database);
    }
    Result<std::int64_t> add(const std::string& text) {
        auto work = [text](Connection& connection) {
            return connection.execute("INSERT INTO notes (text) VALUES ($1)", {text});
        };
        return database_->write_now(work);
    }
    std::vector<std::string> texts() {
        auto work = [](Connection& connection) {
            return connection.query("SELECT text FROM notes ORDER BY id", {});
        };
        auto rows = database_->read_now(work);
        std::vector<std::string> found;
        for (const auto& row : *rows) found.push_back(row.text(0));
        return found;
    }

    TemporaryFolder migrations_;
    std::unique_ptr<Adapter> adapter_;
    std::unique_ptr<Database> database_;
};

TEST_P(DatabaseContract, KeepsEveryTypeOfValue) {
    auto work = [](Connection& connection) -> Result<Rows> {
        return connection.query(
            "INSERT INTO notes (text, number) VALUES ($1, $2), ($3, $4) RETURNING text, number, id",
            {std::string("f\xc3\xbc"
                         "chse"),
             2.5, nullptr, std::int64_t{7}});
    };
    auto rows = database_->write_now(work);
    ASSERT_TRUE(rows.ok()) << rows.error().detail;
    EXPECT_EQ((*rows)[0].text(0),
              "f\xc3\xbc"
              "chse");
    EXPECT_EQ((*rows)[0].number(1), 2.5);
    EXPECT_TRUE((*rows)[1].is_null(0));
    EXPECT_EQ((*rows)[1].optional_text(0), std::nullopt);
    EXPECT_EQ((*rows)[1].integer(1), 7);
    EXPECT_EQ((*rows)[1].integer(2), 2);
}

TEST_P(DatabaseContract, SurvivesBeingOpenedAgain) {
    ASSERT_TRUE(add("fox").ok());
    database_.reset();
    open();
    EXPECT_THAT(texts(), testing::ElementsAre("fox"));
}

TEST_P(DatabaseContract, TakesBackAllOfAFailedPieceAndNothingElse) {
    ASSERT_TRUE(add("fox").ok());
    auto work = [](Connection& connection) -> Result<void> {
        OURVIDZ_CHECK(connection.execute("INSERT INTO notes (text) VALUES ('owl')", {}));
        OURVIDZ_CHECK(connection.execute("INSERT INTO notes (text) VALUES ('fox')", {}));
        return {};
    };
    auto failed = database_->write_now(work);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::conflict);
    ASSERT_TRUE(add("cat").ok());
    EXPECT_THAT(texts(), testing::ElementsAre("fox", "cat"));
}

TEST_P(DatabaseContract, SurvivesAPieceThatThrows) {
    auto work = [](Connection& connection) -> Result<void> {
        (void)connection.execute("INSERT INTO notes (text) VALUES ('owl')", {});
        throw std::runtime_error("a bug");
    };
    EXPECT_EQ(database_->write_now(work).error().code, ErrorCode::internal);
    EXPECT_THAT(texts(), testing::IsEmpty());
}

TEST_P(DatabaseContract, GivesWrongSqlBackAsAnError) {
    auto work = [](Connection& connection) { return connection.query("SELEC 1", {}); };
    EXPECT_EQ(database_->read_now(work).error().code, ErrorCode::internal);
}

TEST_P(DatabaseContract, DoesNotWriteInReads) {
    auto work = [](Connection& connection) {
        return connection.execute("INSERT INTO notes (text) VALUES ('x')", {});
    };
    EXPECT_FALSE(database_->read_now(work).ok());
    EXPECT_THAT(texts(), testing::IsEmpty());
}

TEST_P(DatabaseContract, KeepsConcurrentPiecesApart) {
    constexpr int threads_count = 8;
    constexpr int pieces_each = 50;
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < threads_count; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < pieces_each; ++i) {
                const bool good = i % 5 != 0;
                auto work = [&, t, i, good](Connection& connection) -> Result<void> {
                    OURVIDZ_CHECK(connection.execute("INSERT INTO notes (text) VALUES ($1)",
                                                     {std::to_string(t) + "-" + std::to_string(i)}));
                    if (!good) return Error{ErrorCode::conflict, "on purpose", ""};
                    return {};
                };
                if (!database_->write_now(work).ok()) ++failures;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(failures, threads_count * pieces_each / 5);
    EXPECT_EQ(texts().size(), static_cast<std::size_t>(threads_count * pieces_each * 4 / 5));
}

TEST_P(DatabaseContract, IsLockedAgainstASecondServer) {
    const auto second = adapter_->open(migrations_.path());
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::unavailable);
    EXPECT_THAT(second.error().detail, testing::HasSubstr("already uses this data folder"));
}

TEST_P(DatabaseContract, AppliesNewMigrationsOnce) {
    ASSERT_TRUE(add("fox").ok());
    database_.reset();
    write_migration("0002_colour.sql", "ALTER TABLE notes ADD COLUMN colour TEXT DEFAULT 'red';");
    open();
    database_.reset();
    open();
    auto work = [](Connection& connection) { return connection.query("SELECT colour FROM notes", {}); };
    EXPECT_EQ((*database_->read_now(work))[0].text(0), "red");
}

TEST_P(DatabaseContract, RefusesADatabaseOfANewerVersion) {
    database_.reset();
    write_migration("0002_colour.sql", "ALTER TABLE notes ADD COLUMN colour TEXT;");
    open();
    database_.reset();
    std::filesystem::remove(migrations_.path() / "0002_colour.sql");
    const auto older = adapter_->open(migrations_.path());
    ASSERT_FALSE(older.ok());
    EXPECT_THAT(older.error().detail, testing::HasSubstr("newer version"));
}

TEST_P(DatabaseContract, LeavesNothingOfAMigrationThatFails) {
    database_.reset();
    write_migration("0002_wrong.sql", "CREATE TABLE half (id INTEGER); SELEC;");
    EXPECT_FALSE(adapter_->open(migrations_.path()).ok());
    std::filesystem::remove(migrations_.path() / "0002_wrong.sql");
    open();
    auto work = [](Connection& connection) { return connection.query("SELECT * FROM half", {}); };
    EXPECT_FALSE(database_->read_now(work).ok());
}

// A process that dies by SIGKILL right after an acknowledgement has lost nothing that was acknowledged.
TEST_P(DatabaseContract, KeepsWhatWasAcknowledgedThroughAKill) {
    database_.reset();
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const int child = fork();
    if (child == 0) {
        open();
        for (std::uint32_t i = 0;; ++i) {
            if (!add("note " + std::to_string(i)).ok()) _exit(1);
            if (write(pipe_ends[1], &i, sizeof i) != sizeof i) _exit(1);
        }
    }
    close(pipe_ends[1]);
    std::uint32_t acknowledged = 0;
    while (acknowledged < 50) ASSERT_EQ(read(pipe_ends[0], &acknowledged, sizeof acknowledged), 4);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(pipe_ends[0], &acknowledged, sizeof acknowledged) == 4) continue;
    close(pipe_ends[0]);
    open();
    EXPECT_GE(texts().size(), acknowledged + 1);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, DatabaseContract, testing::Values(+[]() -> std::unique_ptr<Adapter> {
                             return std::make_unique<SqliteAdapter>();
                         }));

TEST(SqliteFile, SaysWhenItIsNotADatabase) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "0001_a.sql") << first_migration;
    std::ofstream(folder.path() / "wrong.sqlite") << std::string(8192, 'x');
    const auto opened = open_sqlite(folder.path() / "wrong.sqlite", folder.path());
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace ourvidz::db
