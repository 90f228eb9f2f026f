// What every adapter of db::Database must do. An adapter is added to the list at the end.
#include "db/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>
#include <iterator>
#include <latch>
#include <memory>
#include <thread>

#include "db/test_database.h"
#include "temporary_folder.h"

namespace ourvidz::db {
namespace {

const std::string first_migration =
    "CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT UNIQUE, number DOUBLE PRECISION);";

class DatabaseContract : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        store_ = make_test_store(GetParam());
        if (!store_) GTEST_SKIP() << "no PostgreSQL to test with";
        std::filesystem::create_directory(migrations_.path() / "postgres");
        std::filesystem::copy_file(OURVIDZ_SOURCE_DIR "/migrations/postgres/row_security.sql",
                                   migrations_.path() / "postgres/row_security.sql");
        write_migration("0001_notes.sql", first_migration);
        open();
    }
    void write_migration(const std::string& name, const std::string& sql) const {
        std::ofstream(migrations_.path() / name) << sql;
    }
    void open() {
        auto database = store_->open(migrations_.path());
        ASSERT_TRUE(database.ok()) << database.error().detail;
        database_ = std::move(*database);
    }
    Result<std::int64_t> add(const std::string& text) {
        auto work = [text](Connection& connection) { return connection.execute(insert_note, {text}); };
        return database_->write_now(server_, work);
    }
    std::vector<std::string> texts() {
        auto work = [](Connection& connection) {
            return connection.query("SELECT text FROM notes ORDER BY id", {});
        };
        auto rows = database_->read_now(server_, work);
        std::vector<std::string> found;
        for (const auto& row : *rows) found.push_back(row.text(0));
        return found;
    }

    static constexpr std::string_view insert_note =
        "INSERT INTO notes (id, text) VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM notes), $1)";
    const Scope server_ = Scope::server();
    TemporaryFolder migrations_;
    std::unique_ptr<TestStore> store_;
    std::unique_ptr<Database> database_;
};

TEST_P(DatabaseContract, KeepsEveryTypeOfValue) {
    auto work = [](Connection& connection) -> Result<Rows> {
        return connection.query(
            "INSERT INTO notes (id, text, number) VALUES (1, $1, $2), (2, $3, $4)"
            " RETURNING text, number, id",
            {std::string("f\xc3\xbc"
                         "chse"),
             2.5, nullptr, std::int64_t{7}});
    };
    auto rows = database_->write_now(server_, work);
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
        OURVIDZ_CHECK(connection.execute(insert_note, {std::string("owl")}));
        OURVIDZ_CHECK(connection.execute(insert_note, {std::string("fox")}));
        return {};
    };
    auto failed = database_->write_now(server_, work);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::conflict);
    ASSERT_TRUE(add("cat").ok());
    EXPECT_THAT(texts(), testing::ElementsAre("fox", "cat"));
}

TEST_P(DatabaseContract, SurvivesAPieceThatThrows) {
    auto work = [](Connection& connection) -> Result<void> {
        (void)connection.execute(insert_note, {std::string("owl")});
        throw std::runtime_error("a bug");
    };
    EXPECT_EQ(database_->write_now(server_, work).error().code, ErrorCode::internal);
    EXPECT_THAT(texts(), testing::IsEmpty());
}

TEST_P(DatabaseContract, EndsAPieceWithItsFirstError) {
    auto work = [](Connection& connection) -> Result<void> {
        (void)connection.execute(insert_note, {std::string("fox")});
        (void)connection.execute("INSERT INTO notes (id, text) VALUES (7, 'fox')", {});
        (void)connection.execute(insert_note, {std::string("owl")});
        return {};
    };
    EXPECT_EQ(database_->write_now(server_, work).error().code, ErrorCode::conflict);
    EXPECT_THAT(texts(), testing::IsEmpty());
}

TEST_P(DatabaseContract, RefusesTextThatItCouldNotKeep) {
    for (const auto* text : {"\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
        EXPECT_EQ(add(text).error().code, ErrorCode::malformed_body);
    }
    EXPECT_EQ(add(std::string("a\0b", 3)).error().code, ErrorCode::malformed_body);
    EXPECT_TRUE(add("\xf0\x9f\xa6\x8a").ok());
}

TEST_P(DatabaseContract, GivesWrongSqlBackAsAnError) {
    auto work = [](Connection& connection) { return connection.query("SELEC 1", {}); };
    EXPECT_EQ(database_->read_now(server_, work).error().code, ErrorCode::internal);
}

TEST_P(DatabaseContract, DoesNotWriteInReads) {
    auto work = [](Connection& connection) { return connection.execute(insert_note, {std::string("x")}); };
    EXPECT_FALSE(database_->read_now(server_, work).ok());
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
                    OURVIDZ_CHECK(
                        connection.execute(insert_note, {std::to_string(t) + "-" + std::to_string(i)}));
                    if (!good) return Error{ErrorCode::conflict, "on purpose", ""};
                    return {};
                };
                if (!database_->write_now(server_, work).ok()) ++failures;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(failures, threads_count * pieces_each / 5);
    EXPECT_EQ(texts().size(), static_cast<std::size_t>(threads_count * pieces_each * 4 / 5));
}

TEST_P(DatabaseContract, ChangesThatNobodyWaitsForAreThereForWhatFollows) {
    const auto piece = [&](std::int64_t round) {
        auto work = [round](Connection& connection) -> Result<std::int64_t> {
            const auto fox = "fox " + std::to_string(round);
            OURVIDZ_CHECK(connection.change(insert_note, {fox}));
            OURVIDZ_CHECK(connection.change(insert_note, {fox + " again"}));
            OURVIDZ_TRY(rows, connection.query("SELECT COUNT(*) FROM notes", {}));
            OURVIDZ_CHECK(connection.change(insert_note, {"owl " + std::to_string(round)}));
            return rows[0].integer(0);
        };
        return database_->write_now(server_, work);
    };
    for (std::int64_t round = 0; round < 3; ++round) {
        const auto seen = piece(round);
        ASSERT_TRUE(seen.ok()) << seen.error().detail;
        EXPECT_EQ(*seen, round * 3 + 2);
    }
    EXPECT_EQ(texts().size(), 9U);
}

// Wherever the error is told, it is the piece's, and the next piece knows nothing of it.
TEST_P(DatabaseContract, AChangeThatFailsTakesItsPieceBack) {
    ASSERT_TRUE(add("owl").ok());
    const std::vector<std::pair<std::string, ErrorCode>> faults = {
        {"INSERT INTO nothing (id, text) VALUES (1, $1)", ErrorCode::internal},
        {"INSERT INTO notes (id, text) VALUES (1, $1)", ErrorCode::conflict}};
    for (const auto& [sql, code] : faults) {
        for (int at = 0; at < 3; ++at) {
            for (const bool asks : {false, true}) {
                auto work = [&, wrong = std::string(sql)](Connection& connection) -> Result<void> {
                    for (int i = 0; i < 3; ++i) {
                        OURVIDZ_CHECK(connection.change(i == at ? std::string_view(wrong) : insert_note,
                                                        {"fox " + std::to_string(i)}));
                    }
                    if (!asks) return {};
                    EXPECT_FALSE(connection.query("SELECT text FROM notes", {}).ok());
                    return {};
                };
                const auto done = database_->write_now(server_, work);
                ASSERT_FALSE(done.ok());
                EXPECT_EQ(done.error().code, code) << done.error().detail;
                EXPECT_THAT(texts(), testing::ElementsAre("owl"));
            }
        }
    }
    ASSERT_TRUE(add("fox").ok());
    EXPECT_EQ(texts().size(), 2U);
}

TEST_P(DatabaseContract, AppliesNewMigrationsOnce) {
    ASSERT_TRUE(add("fox").ok());
    database_.reset();
    write_migration("0002_colour.sql", "ALTER TABLE notes ADD COLUMN colour TEXT DEFAULT 'red';");
    open();
    database_.reset();
    open();
    auto work = [](Connection& connection) { return connection.query("SELECT colour FROM notes", {}); };
    EXPECT_EQ((*database_->read_now(server_, work))[0].text(0), "red");
}

TEST_P(DatabaseContract, AppliesAMigrationThatIsForItsKindOnly) {
    database_.reset();
    write_migration("0002_kind.sqlite.sql", "CREATE TABLE kind AS SELECT 'sqlite' AS name;");
    write_migration("0002_kind.postgres.sql", "CREATE TABLE kind AS SELECT 'postgres'::text AS name;");
    open();
    auto work = [](Connection& connection) { return connection.query("SELECT name FROM kind", {}); };
    EXPECT_EQ((*database_->read_now(server_, work))[0].text(0), GetParam());
}

TEST_P(DatabaseContract, AddsUpWholeNumbersAsWholeNumbers) {
    auto work = [](Connection& connection) {
        return connection.query(
            "SELECT SUM(v), COUNT(*), SUM(v) > 2, MAX(v) FROM (SELECT 1 AS v UNION ALL SELECT 2) AS "
            "both_rows",
            {});
    };
    const auto rows = database_->read_now(server_, work);
    ASSERT_TRUE(rows.ok()) << rows.error().detail;
    EXPECT_EQ((*rows)[0].integer(0), 3);
    EXPECT_EQ((*rows)[0].integer(1), 2);
    EXPECT_EQ((*rows)[0].integer(2), 1);
    EXPECT_EQ((*rows)[0].integer(3), 2);
}

TEST_P(DatabaseContract, ComparesTextByItsBytes) {
    for (const auto* text : {"b_2", "B", "a", "b1", "_"}) ASSERT_TRUE(add(text).ok());
    auto work = [](Connection& connection) {
        return connection.query("SELECT text FROM notes ORDER BY text", {});
    };
    std::string order;
    const auto rows = database_->read_now(server_, work);
    for (const auto& row : *rows) order += row.text(0) + " ";
    EXPECT_EQ(order, "B _ a b1 b_2 ");
}

TEST_P(DatabaseContract, RefusesADatabaseOfANewerVersion) {
    database_.reset();
    write_migration("0002_colour.sql", "ALTER TABLE notes ADD COLUMN colour TEXT;");
    open();
    database_.reset();
    std::filesystem::remove(migrations_.path() / "0002_colour.sql");
    const auto older = store_->open(migrations_.path());
    ASSERT_FALSE(older.ok());
    EXPECT_THAT(older.error().detail, testing::HasSubstr("newer version"));
}

// A column's rule cannot be changed in SQLite but by making its table anew, and others refer to it meanwhile.
TEST(SqliteMigrations, MakeATableAnewThatOthersReferTo) {
    SqliteStore store;
    const TemporaryFolder folder;
    const auto write = [&folder](const char* name, const char* sql) {
        std::ofstream(folder.path() / name) << sql;
    };
    write("0001_pets.sql",
          "CREATE TABLE owners (id BIGINT PRIMARY KEY, name TEXT CHECK (name IN ('Ann', 'Bob')));"
          "CREATE TABLE pets (id BIGINT PRIMARY KEY, owner BIGINT NOT NULL REFERENCES owners (id));"
          "INSERT INTO owners VALUES (1, 'Ann'); INSERT INTO pets VALUES (7, 1);");
    ASSERT_TRUE(store.open(folder.path()).ok());
    // One that would lose an owner takes nothing away.
    write("0002_anew.sqlite.sql",
          "CREATE TABLE owners_new (id BIGINT PRIMARY KEY, name TEXT); DROP TABLE owners;"
          "ALTER TABLE owners_new RENAME TO owners;");
    const auto lossy = store.open(folder.path());
    ASSERT_FALSE(lossy.ok());
    EXPECT_THAT(lossy.error().detail, testing::HasSubstr("a reference from pets"));
    write("0002_anew.sqlite.sql",
          "CREATE TABLE owners_new (id BIGINT PRIMARY KEY, name TEXT); INSERT INTO owners_new SELECT * FROM "
          "owners;"
          "DROP TABLE owners; ALTER TABLE owners_new RENAME TO owners;");
    const auto database = store.open(folder.path());
    ASSERT_TRUE(database.ok()) << database.error().detail;
    const auto execute = [&](const char* sql) {
        return (*database)->write_now(Scope::server(),
                                      [sql](Connection& connection) { return connection.execute(sql, {}); });
    };
    EXPECT_TRUE(execute("INSERT INTO owners VALUES (2, 'Cleo')").ok());
    EXPECT_TRUE(execute("INSERT INTO pets VALUES (8, 2)").ok());
    // References are minded again.
    EXPECT_FALSE(execute("INSERT INTO pets VALUES (9, 3)").ok());
}

TEST_P(DatabaseContract, LeavesNothingOfAMigrationThatFails) {
    database_.reset();
    write_migration("0002_wrong.sql", "CREATE TABLE half (id INTEGER); SELEC;");
    EXPECT_FALSE(store_->open(migrations_.path()).ok());
    std::filesystem::remove(migrations_.path() / "0002_wrong.sql");
    open();
    auto work = [](Connection& connection) { return connection.query("SELECT * FROM half", {}); };
    EXPECT_FALSE(database_->read_now(server_, work).ok());
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

INSTANTIATE_TEST_SUITE_P(All, DatabaseContract, database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

TEST(SqliteFile, IsLockedAgainstASecondServer) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "0001_a.sql") << first_migration;
    const auto first = open_sqlite(folder.path() / "one.sqlite", folder.path());
    ASSERT_TRUE(first.ok());
    const auto second = open_sqlite(folder.path() / "one.sqlite", folder.path());
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::unavailable);
    EXPECT_THAT(second.error().detail, testing::HasSubstr("already uses this data folder"));
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class WipedTest : public ::testing::Test {
  protected:
    WipedTest() {
        std::ofstream(folder_.path() / "0001_a.sql") << first_migration;
        open();
        for (int i = 0; i < 200; ++i)
            change("INSERT INTO notes (text) VALUES ('a secret of many words, " + std::to_string(i) + "')");
    }
    void open() {
        auto opened = open_sqlite(folder_.path() / "one.sqlite", folder_.path());
        ASSERT_TRUE(opened.ok()) << opened.error().detail;
        database_ = std::move(*opened);
    }
    void change(const std::string& sql) {
        auto work = [sql](Connection& connection) { return connection.execute(sql, {}); };
        const auto done = database_->write_now(Scope::server(), work);
        ASSERT_TRUE(done.ok()) << done.error().detail;
    }
    [[nodiscard]] bool has_secret() const {
        return (content_of(folder_.path() / "one.sqlite") + content_of(folder_.path() / "one.sqlite-wal"))
                   .find("secret") != std::string::npos;
    }

    const TemporaryFolder folder_;
    std::unique_ptr<Database> database_;
};

TEST_F(WipedTest, NoFileHasTheWordsOfWhatWasDeleted) {
    EXPECT_TRUE(has_secret());
    change("DELETE FROM notes");
    EXPECT_TRUE(has_secret()) << "it is still in the log";
    const auto wiped = database_->wipe_deleted();
    ASSERT_TRUE(wiped.ok() && *wiped);
    EXPECT_FALSE(has_secret());
    // The log goes on, and is still this file's own.
    change("INSERT INTO notes (text) VALUES ('more')");
    ASSERT_TRUE(database_->wipe_deleted().ok());
    ASSERT_TRUE(database_->wipe_deleted().ok()) << "twice in a row, with nothing to write";
    change("INSERT INTO notes (text) VALUES ('and more')");
    database_.reset();
    open();
}

TEST_F(WipedTest, AReaderOfWhatIsOlderIsWaitedForLaterAndNotByThoseWhoWrite) {
    change("DELETE FROM notes");
    std::promise<void> reads;
    std::promise<void> may_end;
    auto read = [&](Connection& connection) -> Result<void> {
        OURVIDZ_TRY(rows, connection.query("SELECT COUNT(*) FROM notes", {}));
        (void)rows;
        reads.set_value();
        may_end.get_future().wait();
        return {};
    };
    std::promise<void> ended;
    database_->post_read(Scope::server(), read, [&](const Result<void>&) { ended.set_value(); });
    reads.get_future().wait();
    change("INSERT INTO notes (text) VALUES ('more')");
    const auto refused = database_->wipe_deleted();
    ASSERT_TRUE(refused.ok());
    EXPECT_FALSE(*refused);
    change("INSERT INTO notes (text) VALUES ('and more')");
    may_end.set_value();
    ended.get_future().wait();
    const auto wiped = database_->wipe_deleted();
    ASSERT_TRUE(wiped.ok() && *wiped);
    EXPECT_FALSE(has_secret());
}

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
