// Who may call what, over real connections.
#include "identity/door.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "db/test_with_database.h"
#include "http/test_support.h"

namespace ourvidz::identity {
namespace {

// A route that does not say who may call it does not compile.
static_assert(
    std::is_constructible_v<Route, const char*, const char*, Permission, http::RouteOptions, Route::Handler>);
static_assert(!std::is_constructible_v<Route, const char*, const char*, http::RouteOptions, Route::Handler>);
static_assert(!std::is_default_constructible_v<Route>);

constexpr const char* node_token = "the-node's-token";
constexpr const char* operator_token = "the-operator's-token";

Answer workspace_of(Call call) {
    http::Response response;
    response.body = "workspace=" + call.caller.workspace_id();
    co_return response;
}

Answer refuse(Call) {
    co_return invalid_field("prompt", "is empty");
}

Answer count_workspaces(Call call) {
    auto read = [](db::Connection& connection) -> Result<std::int64_t> {
        OURVIDZ_TRY(rows, connection.query("SELECT COUNT(*) FROM workspaces", {}));
        return rows[0].integer(0);
    };
    auto count = co_await call.caller.read(std::move(read));
    if (!count.ok()) co_return count.error();
    http::Response response;
    response.body = std::to_string(*count);
    co_return response;
}

class DoorTest : public db::TestWithDatabase {
  protected:
    void fill() override {
        door_ = std::make_unique<Door>(*database_, Tokens{node_token, operator_token}, "wsp_own");
        const http::RouteOptions large{http::BodyUse::memory, 64U << 20U};
        door_->open(
            {
                {"GET", "/open", Permission::open, {}, workspace_of},
                {"GET", "/own", Permission::assets_read, {}, workspace_of},
                {"GET", "/node", Permission::work, {}, workspace_of},
                {"GET", "/operator", Permission::operate, {}, workspace_of},
                {"GET", "/metrics", Permission::metrics_read, {}, workspace_of},
                {"GET", "/bad", Permission::open, {}, refuse},
                {"GET", "/count", Permission::assets_read, {}, count_workspaces},
                {"POST", "/node", Permission::work, large, workspace_of},
            },
            router_);
        server_ = std::make_unique<http::testing::TestServer>(router_);
    }
    http::testing::RawResponse ask(const std::string& path, const std::string& token) {
        http::testing::RawConnection connection(server_->port());
        return connection.ask(
            http::testing::get(path, token.empty() ? "" : "Authorization: Bearer " + token + "\r\n"));
    }

    std::unique_ptr<Door> door_;
    http::Router router_;
    std::unique_ptr<http::testing::TestServer> server_;
};

struct Row {
    const char* path;
    int nobody;
    int node;
    int studio_operator;
};
constexpr Row rows[] = {
    {"/open", 200, 200, 200},     {"/own", 200, 403, 403},     {"/node", 401, 200, 401},
    {"/operator", 401, 401, 200}, {"/metrics", 200, 403, 200},
};

TEST_P(DoorTest, OpensForEachCallerWhatIsTheirs) {
    for (const auto& row : rows) {
        EXPECT_EQ(ask(row.path, "").status, row.nobody) << row.path;
        EXPECT_EQ(ask(row.path, node_token).status, row.node) << row.path;
        EXPECT_EQ(ask(row.path, operator_token).status, row.studio_operator) << row.path;
        for (const auto* wrong : {"the-node's-toke", "the-node's-token!", "x"})
            EXPECT_EQ(ask(row.path, wrong).status, row.nobody) << row.path << " " << wrong;
    }
}

TEST_P(DoorTest, AnEmptyTokenIsShownByNobody) {
    const Door door(*database_, {}, "wsp_own");
    http::Request head;
    head.headers["authorization"] = "Bearer ";
    EXPECT_EQ(door.principal_of(head).kind, Principal::Kind::local_owner);
}

TEST_P(DoorTest, GivesTheHandlerItsCallersWorkspace) {
    EXPECT_EQ(ask("/own", "").body, "workspace=wsp_own");
    EXPECT_EQ(ask("/node", node_token).body, "workspace=");
}

TEST_P(DoorTest, AnswersAnErrorAsAProblem) {
    const auto answer = ask("/bad", "");
    EXPECT_EQ(answer.status, 422);
    EXPECT_NE(answer.body.find(R"("field":"prompt")"), std::string::npos) << answer.body;
}

// The refusal comes although nothing of the body does.
TEST_P(DoorTest, RefusesBeforeItReadsTheBody) {
    http::testing::RawConnection connection(server_->port());
    EXPECT_EQ(
        connection.ask("POST /node HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n").status,
        401);
}

// PostgreSQL shows a workspace its own row alone, whatever the query says.
TEST_P(DoorTest, ReadsInTheCallersScope) {
    auto plant = [](db::Connection& connection) -> Result<void> {
        for (const auto* id : {"wsp_own", "wsp_other"}) {
            OURVIDZ_CHECK(connection.execute(
                "INSERT INTO workspaces (id, name, created_at) VALUES ($1, 'A', 1)", {std::string(id)}));
        }
        return {};
    };
    ASSERT_TRUE(database_->write_now(db::Scope::server(), plant).ok());
    EXPECT_EQ(ask("/count", "").body, std::string_view(GetParam()) == "postgres" ? "1" : "2");
}

INSTANTIATE_TEST_SUITE_P(All, DoorTest, db::database_kinds(),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace ourvidz::identity
