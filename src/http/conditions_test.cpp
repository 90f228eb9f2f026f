// What a request says of the thing that it means: If-Match, If-None-Match, Range.
#include <gtest/gtest.h>

#include <fstream>

#include "http/problem.h"
#include "http/range.h"
#include "http/test_support.h"

namespace ourvidz::http {
namespace {

using testing::get;
using testing::RawConnection;
using testing::TemporaryFolder;
using testing::TestServer;

class ConditionsTest : public ::testing::Test {
  protected:
    ConditionsTest() {
        std::ofstream(folder_.path() / "file") << "content";
        router_.add("GET", "/file", {}, [this](Request request) -> asio::awaitable<Response> {
            co_return file_response(request, folder_.path() / "file", "video/mp4", "\"tag\"", "private");
        });
        const auto change = [this](Request) -> asio::awaitable<Response> {
            ++changes_;
            co_return json_response(200, json::object());
        };
        for (const auto* method : {"GET", "POST", "PUT", "DELETE"}) router_.add(method, "/thing", {}, change);
        router_.add("GET", "/missing", {}, [](Request) -> asio::awaitable<Response> {
            co_return problem(Error{ErrorCode::not_found, "It is not there.", ""});
        });
    }

    [[nodiscard]] std::uint16_t port() const { return server_.port(); }

    TemporaryFolder folder_;
    Router router_;
    int changes_ = 0;  // of the server's thread, read after an answer
    TestServer server_{router_};
};

TEST_F(ConditionsTest, SaysWhenTheFileIsNotTheOneThatIsMeant) {
    RawConnection connection(port());
    for (const std::string headers :
         {"If-Match: \"old\"\r\n", "If-Match: W/\"tag\"\r\n", "If-Match: tag\r\n",
          "If-Match: \"old\"\r\nIf-None-Match: \"tag\"\r\n", "If-Match: \"old\"\r\nRange: bytes=0-1\r\n"}) {
        const auto response = connection.ask(get("/file", headers));
        EXPECT_EQ(response.status, 412) << headers;
        EXPECT_TRUE(response.has("content-type: application/problem+json")) << response.head;
        EXPECT_TRUE(response.has("etag: \"tag\"")) << response.head;
        EXPECT_EQ(response.head.find("cache-control: private"), std::string::npos) << "it may not be kept";
        EXPECT_NE(response.body.find("\"status\":412,\"code\":\"precondition_failed\""), std::string::npos)
            << response.body;
    }
    const auto beyond = connection.ask(get("/file", "Range: bytes=9-\r\n"));
    EXPECT_EQ(beyond.head.find("cache-control: private"), std::string::npos) << "nor may this";
    EXPECT_EQ(beyond.status, 416);
    EXPECT_TRUE(beyond.has("content-range: bytes */7")) << beyond.head;
    EXPECT_TRUE(beyond.has("content-type: application/problem+json")) << beyond.head;
    EXPECT_NE(beyond.body.find("\"code\":\"range_not_satisfiable\""), std::string::npos) << beyond.body;
}

TEST_F(ConditionsTest, NothingIsDoneUnderAConditionThatDoesNotHold) {
    struct Row {
        std::string method;
        std::string headers;
        int status;
    };
    const std::vector<Row> rows = {
        {"POST", "If-Match: \"a\"\r\n", 412},      {"PUT", "If-Match: W/\"a\"\r\n", 412},
        {"DELETE", "If-Match: \"a\"\r\n", 412},    {"GET", "If-Match: \"a\"\r\n", 412},
        {"PUT", "If-None-Match: *\r\n", 412},      {"PUT", "If-Match: *\r\n", 200},
        {"POST", "If-None-Match: \"a\"\r\n", 200}, {"GET", "If-Match: *\r\n", 200},
        {"GET", "If-None-Match: \"a\"\r\n", 200},  {"DELETE", "", 200},
    };
    RawConnection connection(port());
    for (const auto& row : rows) {
        SCOPED_TRACE(row.method + " " + row.headers);
        const int before = changes_;
        const auto response = connection.ask(row.method + " /thing HTTP/1.1\r\nHost: localhost\r\n" +
                                             row.headers + "Content-Length: 0\r\n\r\n");
        EXPECT_EQ(response.status, row.status);
        if (row.status == 200 || row.method == "GET") continue;
        EXPECT_EQ(changes_, before);
        EXPECT_NE(response.body.find("\"code\":\"precondition_failed\""), std::string::npos) << response.body;
    }
    EXPECT_EQ(connection.ask(get("/missing", "If-Match: \"a\"\r\n")).status, 404)
        << "what would fail anyway does so";
}

}  // namespace
}  // namespace ourvidz::http
