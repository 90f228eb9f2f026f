// Row-level security: SQL that is wrong in the worst ways, run on behalf of one workspace, reaches nothing of
// another. Every table is taken from PostgreSQL's own catalogue, so that a new one cannot be forgotten here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "db/test_database.h"

namespace ourvidz::db {
namespace {

// Relations that are not a workspace's, and why the tenant's login may read them nevertheless, or may not.
const std::vector<std::string> shared_to_read = {"durations", "queue_line", "queue_shares", "queue_length"};
const std::vector<std::string> server_alone = {"schema_migrations", "row_security",  "lines", "store",
                                               "store_gaps",        "server_secrets"};

// One row in each table, belonging to the given workspace.
Result<void> fill(Connection& connection, const std::string& workspace) {
    const auto id = [&](const std::string& prefix) { return prefix + "_" + workspace; };
    const std::vector<std::pair<std::string, std::vector<Value>>> rows = {
        {"INSERT INTO workspaces (id, name, last_event, created_at) VALUES ($1, 'W', 1, 0)", {workspace}},
        {"INSERT INTO generations (id, workspace_id, kind, medium, model, settings, batch, state, credits,"
         " created_at) VALUES ($1, $2, 'k', 'image', 'm', '{}', 1, 'running', 1, 0)",
         {id("gen"), workspace}},
        {"INSERT INTO jobs (id, subject, subject_id, workspace_id, kind, line, model, size_class, credits, "
         "state,"
         " run_after, position, created_at)"
         " VALUES ($1, 'generation', $2, $3, 'k', 'image', 'm', 0, 1, 'queued', 0, 0, 0)",
         {id("job"), id("gen"), workspace}},
        {"INSERT INTO attempts (id, job_id, node_id, fence, state, lease_until, started_at)"
         " VALUES ($1, $2, 'n', 0, 'running', 0, 0)",
         {id("att"), id("job")}},
        {"INSERT INTO job_edges (workspace_id, parent_id, child_id) VALUES ($1, $2, $2)",
         {workspace, id("job")}},
        {"INSERT INTO runs (id, workspace_id, workflow, created_at) VALUES ($1, $2, 'w', 0)",
         {id("run"), workspace}},
        {"INSERT INTO run_steps (workspace_id, run_id, position, name, generation_id)"
         " VALUES ($1, $2, 0, 'draft', $3)",
         {workspace, id("run"), id("gen")}},
        {"INSERT INTO holds (id, workspace_id, job_id, credits, state, placed_at)"
         " VALUES ($1, $2, $3, 1, 'placed', 0)",
         {id("hld"), workspace, id("job")}},
        {"INSERT INTO ledger_accounts (workspace_id, name) VALUES ($1, 'available')", {workspace}},
        {"INSERT INTO ledger_accounts (workspace_id, name) VALUES ($1, 'issued')", {workspace}},
        {"INSERT INTO ledger_transfers (id, workspace_id, kind, debit, credit, credits, key, request_sha256,"
         " created_at) VALUES ($1, $2, 'grant', 'issued', 'available', 5, 'start', 'x', 0)",
         {id("trf"), workspace}},
        {"INSERT INTO assets (id, workspace_id, generation_id, position, medium, state, content_type, width,"
         " height, bytes, sha256, recipe, people_free, policy,"
         " created_at) VALUES ($1, $2, $3, 0, 'image', 'staging', 'image/png', 1, 1, 1, 'x', '{}', 1, "
         "1, 0)",
         {id("ast"), workspace, id("gen")}},
        {"INSERT INTO checks (asset_id, judged_by, verdict, reason, sentence, judged_at)"
         " VALUES ($1, 1, 'allow', '', '', 0)",
         {id("ast")}},
        {"INSERT INTO asset_files (asset_id, variant, file_key, content_type, bytes, sha256)"
         " VALUES ($1, 'original', $1, 'image/png', 1, 'x')",
         {id("ast")}},
        {"INSERT INTO purged_files (file_key, workspace_id, bytes, purged_at) VALUES ($1, $2, 1, 0)",
         {id("key"), workspace}},
        {"INSERT INTO events (workspace_id, number, name, subject_id, created_at)"
         " VALUES ($1, 1, 'asset', $2, 0)",
         {workspace, id("ast")}},
        {"INSERT INTO idempotency_keys (workspace_id, key, request_sha256, job_id, created_at)"
         " VALUES ($1, 'key', 'x', $2, 0)",
         {workspace, id("job")}},
        {"INSERT INTO conversations (id, workspace_id, kind, title, settings, request_sha256, created_at,"
         " changed_at) VALUES ($1, $2, 'k', 't', '{}', 'x', 0, 0)",
         {id("cnv"), workspace}},
        {"INSERT INTO messages (id, workspace_id, conversation_id, position, role, text, state, created_at)"
         " VALUES ($1, $2, $3, 1, 'user', 'x', 'done', 0)",
         {id("msg"), workspace, id("cnv")}},
        {"INSERT INTO turns (workspace_id, line, waiting) VALUES ($1, 'image', 1)", {workspace}},
        {"INSERT INTO durations (kind, model, size_class, engine_ms, ended_at) VALUES ('k', 'm', 1, 1, 1)",
         {}},
    };
    for (const auto& [sql, values] : rows) OURVIDZ_CHECK(connection.execute(sql, values));
    return {};
}

bool contains(const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

class Tenancy : public testing::Test {
  protected:
    void SetUp() override {
        const auto address = test_postgres_address();
        if (address.empty()) GTEST_SKIP() << "no PostgreSQL to test with";
        store_ = std::make_unique<PostgresStore>(address);
        auto opened = store_->open(OURVIDZ_SOURCE_DIR "/migrations");
        ASSERT_TRUE(opened.ok()) << opened.error().detail;
        database_ = std::move(*opened);
        auto work = [](Connection& connection) { return fill(connection, "wsp_fox"); };
        const auto filled = database_->write_now(Scope::server(), work);
        ASSERT_TRUE(filled.ok()) << filled.error().detail;
    }

    Result<std::int64_t> change(const Scope& scope, const std::string& sql) {
        auto work = [&](Connection& connection) { return connection.execute(sql, {}); };
        return database_->write_now(scope, work);
    }
    Result<std::int64_t> count(const Scope& scope, const std::string& table) {
        auto work = [&](Connection& connection) -> Result<std::int64_t> {
            OURVIDZ_TRY(rows, connection.query("SELECT * FROM " + table, {}));
            return static_cast<std::int64_t>(rows.size());
        };
        return database_->read_now(scope, work);
    }
    // Everything in the schema that rows can be read from.
    std::vector<std::string> relations() {
        auto work = [](Connection& connection) {
            return connection.query(
                "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN"
                " ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1",
                {});
        };
        std::vector<std::string> names;
        const auto rows = database_->read_now(server_, work);
        for (const auto& row : *rows) names.push_back(row.text(0));
        return names;
    }
    std::vector<std::string> tenant_tables() {
        auto names = relations();
        std::erase_if(names, [](const auto& name) {
            return contains(shared_to_read, name) || contains(server_alone, name);
        });
        return names;
    }

    std::unique_ptr<PostgresStore> store_;
    std::unique_ptr<Database> database_;
    const Scope server_ = Scope::server();
    const Scope fox_ = Scope::workspace("wsp_fox");
    const Scope owl_ = Scope::workspace("wsp_owl");
    const Scope nobody_ = Scope::workspace("");
};

TEST_F(Tenancy, EveryTableHasARowToHide) {
    EXPECT_GE(tenant_tables().size(), 9U);
    for (const auto& table : tenant_tables()) {
        EXPECT_GE(count(server_, table).value(), 1) << table << ": give it a row in fill()";
        EXPECT_EQ(count(fox_, table).value(), count(server_, table).value())
            << table << ": its owner does not see it";
    }
}

TEST_F(Tenancy, AQueryWithoutAConditionSeesNothingOfAnother) {
    for (const auto& table : tenant_tables()) {
        EXPECT_EQ(count(owl_, table).value(), 0) << table;
        EXPECT_EQ(count(nobody_, table).value(), 0) << table;
    }
}

TEST_F(Tenancy, AChangeWithoutAConditionReachesNothingOfAnother) {
    for (const auto& table : tenant_tables()) {
        const auto before = count(server_, table).value();
        const auto deleted = change(owl_, "DELETE FROM " + table);
        ASSERT_TRUE(deleted.ok()) << deleted.error().detail;
        EXPECT_EQ(*deleted, 0) << table;
        EXPECT_FALSE(change(owl_, "TRUNCATE " + table + " CASCADE").ok()) << table;
        EXPECT_FALSE(change(owl_, "ALTER TABLE " + table + " DISABLE ROW LEVEL SECURITY").ok()) << table;
        EXPECT_EQ(count(server_, table).value(), before) << table;
    }
    EXPECT_EQ(change(owl_, "UPDATE generations SET text = 'mine now'").value(), 0);
    EXPECT_EQ(change(owl_, "UPDATE attempts SET state = 'lost'").value(), 0);
    EXPECT_EQ(change(owl_, "UPDATE ledger_accounts SET balance = 0").value(), 0);
    EXPECT_EQ(change(owl_, "UPDATE asset_files SET sha256 = 'y'").value(), 0);
}

TEST_F(Tenancy, NobodyCanGiveRowsToAnother) {
    EXPECT_FALSE(change(owl_,
                        "INSERT INTO events (workspace_id, number, name, subject_id, created_at)"
                        " VALUES ('wsp_fox', 2, 'asset', 'x', 0)")
                     .ok());
    EXPECT_FALSE(change(owl_,
                        "INSERT INTO asset_files (asset_id, variant, file_key, content_type, bytes, sha256)"
                        " VALUES ('ast_wsp_fox', 'poster', 'k', 't', 1, 'x')")
                     .ok());
    EXPECT_FALSE(change(owl_,
                        "INSERT INTO ledger_transfers (id, workspace_id, kind, debit, credit, credits, key,"
                        " request_sha256, created_at)"
                        " VALUES ('trf_owl', 'wsp_fox', 'grant', 'issued', 'available', 5, 'owl', 'x', 0)")
                     .ok());
    EXPECT_FALSE(change(fox_, "UPDATE events SET workspace_id = 'wsp_owl'").ok());
    EXPECT_EQ(count(server_, "events").value(), 1);
}

TEST_F(Tenancy, SharedTablesAreToReadAndTheServersOwnAreClosed) {
    for (const auto& table : shared_to_read) {
        EXPECT_EQ(count(owl_, table).value(), 1) << table;
        EXPECT_FALSE(change(owl_, "DELETE FROM " + table).ok()) << table;
    }
    for (const auto& table : server_alone) EXPECT_FALSE(count(owl_, table).ok()) << table;
}

// The line says that somebody waits, for how long a time and with which weight, and nothing else.
TEST_F(Tenancy, TheLineTellsNothingAboutAnother) {
    const std::vector<std::pair<std::string, std::size_t>> views = {
        {"queue_line", 7}, {"queue_shares", 5}, {"queue_length", 1}};
    for (const auto& [view, columns] : views) {
        auto work = [&](Connection& connection) { return connection.query("SELECT * FROM " + view, {}); };
        const auto rows = database_->read_now(owl_, work);
        ASSERT_EQ(rows->size(), 1U);
        for (std::size_t column = 0; column < columns; ++column) {
            EXPECT_THAT((*rows)[0].text(column), testing::Not(testing::HasSubstr("gen_"))) << view;
            EXPECT_THAT((*rows)[0].text(column), testing::Ne("wsp_fox")) << view;
        }
        EXPECT_ANY_THROW((void)(*rows)[0].text(columns)) << view;
    }
}

// The setting of one piece is gone before the next, on whatever connection that runs.
TEST_F(Tenancy, TheNextPieceStartsWithoutAWorkspace) {
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(count(fox_, "generations").value(), 1);
        EXPECT_EQ(count(owl_, "generations").value(), 0);
        EXPECT_FALSE(change(fox_, "SELEC").ok());
        EXPECT_EQ(change(owl_, "UPDATE generations SET text = 'x'").value(), 0);
    }
}

TEST_F(Tenancy, TheTenantsLoginCannotBecomeTheServer) {
    EXPECT_FALSE(change(owl_, "SET ROLE ourvidz_server").ok());
    EXPECT_FALSE(change(owl_, "CREATE TABLE mine (id BIGINT)").ok());
    // Off means: an error instead of an answer that leaves out rows.
    auto work = [](Connection& connection) -> Result<Rows> {
        OURVIDZ_CHECK(connection.execute("SET LOCAL row_security = off", {}));
        return connection.query("SELECT * FROM generations", {});
    };
    EXPECT_FALSE(database_->write_now(owl_, work).ok());
}

// What the check above relies on: a table that nobody has thought of is closed, and one with the usual column
// is a workspace's.
TEST_F(Tenancy, ANewTableIsClosedOrAWorkspaces) {
    database_.reset();
    const std::string folder = ::testing::TempDir() + "migrations-" + random_hex(8);
    std::filesystem::copy(OURVIDZ_SOURCE_DIR "/migrations", folder, std::filesystem::copy_options::recursive);
    std::ofstream(folder + "/9998_new.sql")
        << "CREATE TABLE forgotten (id BIGINT); INSERT INTO forgotten VALUES (1);"
           "CREATE TABLE usual (workspace_id TEXT); INSERT INTO usual VALUES ('wsp_fox');"
           "CREATE VIEW leak AS SELECT * FROM generations;";
    auto opened = store_->open(folder);
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    database_ = std::move(*opened);
    EXPECT_FALSE(count(fox_, "forgotten").ok());
    EXPECT_FALSE(count(fox_, "leak").ok());
    EXPECT_EQ(count(fox_, "usual").value(), 1);
    EXPECT_EQ(count(owl_, "usual").value(), 0);
    std::filesystem::remove_all(folder);
}

TEST_F(Tenancy, RefusesALoginThatCouldBypassIt) {
    auto options = store_->options();
    options.tenant_url = options.server_url;
    const auto opened = open_postgres(options, OURVIDZ_SOURCE_DIR "/migrations");
    ASSERT_FALSE(opened.ok());
    EXPECT_THAT(opened.error().detail, testing::HasSubstr("database_server_url"));
}

}  // namespace
}  // namespace ourvidz::db
