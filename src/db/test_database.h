// A database of its own for each test, of either kind. Tests over both are parameterized with
// database_kinds().
#pragma once

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "base/id.h"
#include "db/database.h"

namespace ourvidz::db {

class TestStore {
  public:
    virtual ~TestStore() = default;
    // The same database each time.
    [[nodiscard]] virtual Result<std::unique_ptr<Database>> open(const std::filesystem::path& migrations) = 0;
};

class SqliteStore final : public TestStore {
  public:
    SqliteStore() {
        std::string pattern = (std::filesystem::temp_directory_path() / "ourvidz-test-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) std::abort();
        folder_ = pattern;
    }
    ~SqliteStore() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;
    Result<std::unique_ptr<Database>> open(const std::filesystem::path& migrations) override {
        return open_sqlite(folder_ / "test.sqlite", migrations);
    }

  private:
    std::filesystem::path folder_;
};

// On the server that OURVIDZ_TEST_POSTGRES names (host:port), with the logins that tests/services makes.
class PostgresStore final : public TestStore {
  public:
    explicit PostgresStore(std::string address) : address_(std::move(address)) {
        command("CREATE DATABASE " + name_ +
                " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
    }
    ~PostgresStore() override { command("DROP DATABASE " + name_ + " WITH (FORCE)"); }
    PostgresStore(const PostgresStore&) = delete;
    PostgresStore& operator=(const PostgresStore&) = delete;

    Result<std::unique_ptr<Database>> open(const std::filesystem::path& migrations) override {
        return open_postgres(options(), migrations);
    }
    [[nodiscard]] PostgresOptions options() const {
        PostgresOptions options;
        options.tenant_url = url("ourvidz_tenant", name_);
        options.server_url = url("ourvidz_server", name_);
        return options;
    }
    // A statement by the server's login; without a database, that is to the whole server.
    void command(const std::string& sql, bool inside = false) const {
        PGconn* connection = PQconnectdb(url("ourvidz_server", inside ? name_ : "postgres").c_str());
        PGresult* result = PQexec(connection, sql.c_str());
        EXPECT_TRUE(PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK)
            << sql << ": " << PQerrorMessage(connection);
        PQclear(result);
        PQfinish(connection);
    }

  private:
    [[nodiscard]] std::string url(const std::string& login, const std::string& database) const {
        return "postgresql://" + login + "@" + address_ + "/" + database;
    }

    std::string address_;
    std::string name_ = "test_" + random_hex(8);
};

// Empty when there is no server to test with.
inline std::string test_postgres_address() {
    const char* address = std::getenv("OURVIDZ_TEST_POSTGRES");
    return address != nullptr ? address : "";
}

inline auto database_kinds() {
    return testing::Values("sqlite", "postgres");
}

// Null when there is no server to test with: then the test skips itself.
inline std::unique_ptr<TestStore> make_test_store(const std::string& kind) {
    if (kind == "sqlite") return std::make_unique<SqliteStore>();
    const auto address = test_postgres_address();
    if (address.empty()) return nullptr;
    return std::make_unique<PostgresStore>(address);
}

}  // namespace ourvidz::db
