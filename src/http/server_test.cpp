// Requests and responses over real sockets.
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "http/problem.h"
#include "http/range.h"
#include "http/test_support.h"

namespace ourvidz::http {
namespace {

using testing::get;
using testing::post;
using testing::RawConnection;
using testing::RawResponse;
using testing::TemporaryFolder;
using testing::TestServer;

asio::awaitable<Response> hello(Request request) {
    Response response;
    response.headers.emplace_back("Content-Type", "text/plain");
    response.body = "hello " + std::string(request.parameter("name"));
    co_return response;
}

asio::awaitable<Response> echo(Request request) {
    Response response;
    response.body = request.body;
    co_return response;
}

asio::awaitable<Response> fail(Request request) {
    throw std::runtime_error("canary " + request.path);
}

asio::awaitable<Response> nothing(Request) {
    Response response;
    response.status = 204;
    co_return response;
}

asio::awaitable<void> count_to_three(Stream& stream) {
    for (const auto* word : {"one ", "", "two ", "three"}) {
        std::string chunk = word;
        if (!co_await stream.write(std::move(chunk))) co_return;
    }
}

asio::awaitable<Response> counting(Request) {
    Response response;
    response.headers.emplace_back("Content-Type", "text/plain");
    response.stream = count_to_three;
    co_return response;
}

asio::awaitable<void> break_off(Stream& stream) {
    std::string chunk = "one";
    (void)co_await stream.write(std::move(chunk));
    throw std::runtime_error("canary");
}

asio::awaitable<Response> breaking(Request) {
    Response response;
    response.stream = break_off;
    co_return response;
}

asio::awaitable<Response> forging(Request) {
    Response response;
    response.headers.emplace_back("X-Bad", "a\r\nX-Forged: b");
    co_return response;
}

class ServerTest : public ::testing::Test {
  protected:
    ServerTest() {
        router_.add("GET", "/hello/{name}", {}, hello);
        router_.add("POST", "/echo", {BodyUse::memory, 1000}, echo);
        router_.add("PUT", "/hello/{name}", {}, hello);
        router_.add("GET", "/throw/{id}", {}, fail);
        router_.add("GET", "/nothing", {}, nothing);
        router_.add("GET", "/count", {}, counting);
        router_.add("GET", "/break", {}, breaking);
        router_.add("GET", "/forge", {}, forging);
        router_.add("GET", "/file", {}, [this](Request request) { return file(std::move(request)); });
        router_.add("GET", "/gone", {}, [this](Request request) { return gone(std::move(request)); });
        router_.add("POST", "/upload", {BodyUse::spool, 1024 * 1024},
                    [this](Request request) { return upload(std::move(request)); });
    }

    asio::awaitable<Response> file(Request request) {
        co_return file_response(request, folder_.path() / "file", "video/mp4", "\"tag\"", "private");
    }

    asio::awaitable<Response> gone(Request) {
        Response response;
        response.file = FileBody{folder_.path() / "missing", 0, 10};
        co_return response;
    }

    // Answers with the content of the spool file, and takes it if asked to.
    asio::awaitable<Response> upload(Request request) {
        Response response;
        std::ifstream stream(request.spooled, std::ios::binary);
        response.body = std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
        if (request.query_value("take")) std::filesystem::rename(request.spooled, folder_.path() / "taken");
        co_return response;
    }

    TestServer& server() {
        if (!server_) {
            options_.spool_folder = folder_.path() / "spool";
            std::filesystem::create_directory(options_.spool_folder);
            server_ = std::make_unique<TestServer>(router_, options_);
        }
        return *server_;
    }

    [[nodiscard]] bool spool_is_empty() const { return std::filesystem::is_empty(folder_.path() / "spool"); }

    TemporaryFolder folder_;
    Router router_;
    ServerOptions options_;
    std::unique_ptr<TestServer> server_;
};

TEST_F(ServerTest, KeepsTheConnection) {
    RawConnection connection(server().port());
    for (const auto* name : {"a", "b", "c"}) {
        const auto response = connection.ask(get("/hello/" + std::string(name)));
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.body, "hello " + std::string(name));
        EXPECT_FALSE(response.has("connection: close"));
    }
    EXPECT_EQ(server().open_connections(), 1);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
    RawConnection connection(server().port());
    std::string requests;
    for (int i = 0; i < 200; ++i) {
        requests +=
            i % 3 == 0 ? post("/echo", "hello " + std::to_string(i)) : get("/hello/" + std::to_string(i));
    }
    ASSERT_TRUE(connection.send(requests));
    for (int i = 0; i < 200; ++i) EXPECT_EQ(connection.read_response().body, "hello " + std::to_string(i));
}

TEST_F(ServerTest, TakesRequestsInPieces) {
    RawConnection connection(server().port());
    const auto request = post("/echo", "in pieces");
    for (const char byte : request) ASSERT_TRUE(connection.send({&byte, 1}));
    EXPECT_EQ(connection.read_response().body, "in pieces");
}

struct Row {
    const char* name;
    std::string request;
    int status;  // 0: the connection ends without an answer
    bool goes_on;
};

std::vector<Row> odd_requests() {
    const std::string host = "Host: localhost\r\n";
    return {
        {"not HTTP", "hello there\r\n\r\n", 400, false},
        {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n", 400, false},
        {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, false},
        {"unknown version", "GET /hello/a HTTP/3.0\r\n" + host + "\r\n", 400, false},
        {"no Host", "GET /hello/a HTTP/1.1\r\n\r\n", 400, false},
        {"two Hosts", "GET /hello/a HTTP/1.1\r\n" + host + host + "\r\n", 400, false},
        {"HTTP/1.0 needs no Host", "GET /hello/a HTTP/1.0\r\n\r\n", 200, false},
        {"HTTP/1.0 keep-alive", "GET /hello/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, true},
        {"close", get("/hello/a", "Connection: close\r\n"), 200, false},
        {"whole URL", "GET http://localhost/hello/a HTTP/1.1\r\n" + host + "\r\n", 200, true},
        {"whole URL of another name", "GET http://evil.example/hello/a HTTP/1.1\r\n" + host + "\r\n", 200,
         true},
        {"whole URL with a password", "GET http://a:b@localhost/ HTTP/1.1\r\n" + host + "\r\n", 400, false},
        {"Host with a name as port", "GET /hello/a HTTP/1.1\r\nHost: localhost:evil\r\n\r\n", 400, false},
        {"asterisk", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 400, false},
        {"empty lines before", "\r\n\r\n" + get("/hello/a"), 200, true},
        {"bare line feeds", "GET /hello/a HTTP/1.1\nHost: localhost\n\n", 400, false},
        {"space before colon", "GET /hello/a HTTP/1.1\r\nHost : localhost\r\n\r\n", 400, false},
        {"control character", "GET /hello/a HTTP/1.1\r\nHost: lo\x01st\r\n\r\n", 400, false},
        {"broken escape", get("/hello/%zz"), 400, false},
        {"zero byte", get("/hello/a%00"), 400, false},
        {"broken query", get("/hello/a?x=%"), 400, false},
        {"long header", get("/hello/a", "X-Long: " + std::string(20'000, 'x') + "\r\n"), 413, false},
        {"long path", get("/" + std::string(20'000, 'x')), 413, false},
        {"unknown path", get("/nowhere"), 404, true},
        {"unknown path with a body", post("/nowhere", "body"), 404, true},
        {"unknown method", "BREW /hello/a HTTP/1.1\r\n" + host + "\r\n", 405, true},
        {"other method", post("/hello/a", "body"), 405, true},
        {"length and chunks", post("/echo", "5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n"), 400,
         false},
        {"chunks and length",
         "POST /echo HTTP/1.1\r\n" + host +
             "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
         400, false},
        {"two lengths", post("/echo", "hello", "Content-Length: 6\r\n"), 400, false},
        {"negative length", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400, false},
        {"huge length", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n",
         400, false},
        {"chunks",
         "POST /echo HTTP/1.1\r\n" + host +
             "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nContent-Type: x\r\n\r\n",
         200, true},
        {"bad chunk size", "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400,
         false},
        {"too large", post("/echo", std::string(1001, 'x')), 413, true},
        {"largest", post("/echo", std::string(1000, 'x')), 200, true},
        {"huge and not sent", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1000000000\r\n\r\n", 413,
         false},
        {"chunks too large",
         "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n", 413, false},
        {"body where none is used", "PUT /hello/a HTTP/1.1\r\n" + host + "Content-Length: 4\r\n\r\nbody", 200,
         true},
        {"exception", get("/throw/1"), 500, true},
        {"file gone", get("/gone"), 404, true},
        {"no content", get("/nothing"), 204, true},
    };
}

// Two readers could see the end of these in two places; tests/api/smuggling.py has many more.
std::vector<Row> ambiguous_requests() {
    const std::string host = "Host: localhost\r\n";
    return {
        {"strange encoding", "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n", 400,
         false},
        {"encoding before chunks",
         "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, false},
        {"chunks in HTTP/1.0",
         "POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
         false},
        {"one length twice", post("/echo", "hello", "Content-Length: 5\r\n"), 400, false},
        {"folded", "GET /hello/a HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", 400, false},
        {"folded onto nothing", "GET /hello/a HTTP/1.1\r\n" + host + "X:\r\n b\r\n\r\n", 400, false},
        {"strange expectation", get("/hello/a", "Expect: y 100-continue\r\n"), 400, false},
        {"line feed in a chunk's extension",
         "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1;a=\"\n\"\r\nx\r\n0\r\n\r\n",
         400, false},
    };
}

TEST_F(ServerTest, AnswersOddRequestsAsTheStandardAsks) {
    auto rows = odd_requests();
    for (auto& row : ambiguous_requests()) rows.push_back(std::move(row));
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        RawConnection connection(server().port());
        const auto response = connection.ask(row.request);
        EXPECT_EQ(response.status, row.status);
        if (row.status >= 400) {
            EXPECT_TRUE(response.has("content-type: application/problem+json"));
            EXPECT_NE(response.body.find("\"status\":" + std::to_string(row.status)), std::string::npos);
        }
        EXPECT_TRUE(response.has("x-content-type-options: nosniff"));
        EXPECT_TRUE(response.has("referrer-policy: no-referrer"));
        EXPECT_NE(response.head.find("content-security-policy: default-src 'none'"), std::string::npos);
        if (row.goes_on) {
            EXPECT_EQ(connection.ask(get("/hello/again")).body, "hello again");
        } else {
            EXPECT_EQ(connection.read_to_end(), "");
        }
    }
}

TEST_F(ServerTest, SaysWhichMethodsAreAllowed) {
    RawConnection connection(server().port());
    EXPECT_TRUE(connection.ask(post("/hello/a", "")).has("allow: get, head, put"));
}

TEST_F(ServerTest, AnswersHeadLikeGetWithoutBody) {
    RawConnection connection(server().port());
    std::ofstream(folder_.path() / "file") << "0123456789";
    const struct {
        const char* path;
        const char* line;
    } rows[] = {{"/hello/a", "content-length: 7"}, {"/file", "content-length: 10"}, {"/nowhere", ""}};
    for (const auto& row : rows) {
        ASSERT_TRUE(
            connection.send("HEAD " + std::string(row.path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        const auto response = connection.read_response(true);
        EXPECT_TRUE(response.has(row.line)) << row.path;
        EXPECT_EQ(connection.ask(get("/hello/b")).body, "hello b");  // nothing lies between
    }
    ASSERT_TRUE(connection.send("HEAD /count HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    EXPECT_TRUE(connection.read_response(true).has("transfer-encoding: chunked"));
    EXPECT_EQ(connection.read_to_end(), "");
}

TEST_F(ServerTest, LetsLargeBodiesWaitForTheAnswer) {
    const std::string head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n";
    RawConnection connection(server().port());
    EXPECT_EQ(connection.ask(head + "Content-Length: 4\r\n\r\n").status, 100);
    EXPECT_EQ(connection.ask("body").body, "body");
    EXPECT_EQ(connection.ask(head + "Content-Length: 1001\r\n\r\n").status, 413);
    EXPECT_EQ(connection.read_to_end(), "");
}

TEST_F(ServerTest, SpoolsUploads) {
    RawConnection connection(server().port());
    std::string body;
    for (int i = 0; i < 200'000; ++i) body += static_cast<char>(i * 31 / 7);
    EXPECT_EQ(connection.ask(post("/upload", body)).body, body);
    EXPECT_EQ(connection.ask(post("/upload?take=1", body)).body, body);
    EXPECT_EQ(std::filesystem::file_size(folder_.path() / "taken"), body.size());
    EXPECT_EQ(connection.ask(post("/upload?take=1", "")).body, "");
    EXPECT_EQ(std::filesystem::file_size(folder_.path() / "taken"), 0);
    EXPECT_EQ(connection.ask(get("/hello/a")).status, 200);  // the one before has ended
    EXPECT_TRUE(spool_is_empty());
    const auto refused = connection.ask(post("/upload", std::string(1024 * 1024 + 1, 'x')));
    EXPECT_EQ(refused.status, 413);
    EXPECT_TRUE(spool_is_empty());
}

TEST_F(ServerTest, RemovesWhatABrokenUploadLeft) {
    {
        RawConnection connection(server().port());
        ASSERT_TRUE(
            connection.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nstart"));
        connection.shutdown_send();
        EXPECT_EQ(connection.read_to_end(), "");
    }
    EXPECT_TRUE(spool_is_empty());
}

TEST_F(ServerTest, SaysWhenThereIsNoPlaceForUploads) {
    server();
    std::filesystem::remove_all(folder_.path() / "spool");
    RawConnection connection(server().port());
    EXPECT_EQ(connection.ask(post("/upload", "body")).status, 503);
}

TEST_F(ServerTest, ServesPartsOfFiles) {
    std::string content;
    for (int i = 0; i < 300'000; ++i) content += static_cast<char>('a' + i % 26);
    std::ofstream(folder_.path() / "file") << content;
    const struct {
        const char* headers;
        int status;
        std::size_t offset;
        std::size_t length;
        const char* line;
    } rows[] = {
        {"", 200, 0, 300'000, "accept-ranges: bytes"},
        {"Range: bytes=0-0\r\n", 206, 0, 1, "content-range: bytes 0-0/300000"},
        {"Range: bytes=299999-\r\n", 206, 299'999, 1, "content-range: bytes 299999-299999/300000"},
        {"Range: bytes=-5\r\n", 206, 299'995, 5, "content-range: bytes 299995-299999/300000"},
        {"Range: bytes=1000-299000\r\n", 206, 1000, 298'001, "content-range: bytes 1000-299000/300000"},
        {"Range: bytes=0-1,4-5\r\n", 200, 0, 300'000, "etag: \"tag\""},
        {"Range: bytes=1-2\r\nIf-Range: \"tag\"\r\n", 206, 1, 2, "etag: \"tag\""},
        {"Range: bytes=1-2\r\nIf-Range: \"old\"\r\n", 200, 0, 300'000, "etag: \"tag\""},
        {"If-None-Match: \"tag\"\r\n", 304, 0, 0, "etag: \"tag\""},
        {"If-None-Match: \"tag\"\r\nRange: bytes=1-2\r\n", 304, 0, 0, "cache-control: private"},
        {"If-None-Match: \"old\"\r\n", 200, 0, 300'000, "content-type: video/mp4"},
        {"If-None-Match: *\r\n", 304, 0, 0, "etag: \"tag\""},
        // The order of RFC 9110: If-Match, If-None-Match, If-Range. We know no dates, and ignore theirs.
        {"If-Match: \"tag\"\r\n", 200, 0, 300'000, "cache-control: private"},
        {"If-Match: *\r\nRange: bytes=1-2\r\n", 206, 1, 2, "etag: \"tag\""},
        {"If-Match: \"old\"\r\nIf-Match: \"tag\"\r\n", 200, 0, 300'000, "etag: \"tag\""},
        {"If-Match: \"tag\"\r\nIf-None-Match: \"tag\"\r\n", 304, 0, 0, "etag: \"tag\""},
        {"If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT\r\n", 200, 0, 300'000, "etag: \"tag\""},
        {"If-Modified-Since: Sat, 29 Oct 2094 19:43:31 GMT\r\n", 200, 0, 300'000, "etag: \"tag\""},
        {"Range: bytes=1-2\r\nIf-Range: Sat, 29 Oct 2094 19:43:31 GMT\r\n", 200, 0, 300'000, "etag: \"tag\""},
        {"Range: bytes=1-2\r\nIf-Range: W/\"tag\"\r\n", 200, 0, 300'000, "etag: \"tag\""},
    };
    RawConnection connection(server().port());
    for (const auto& row : rows) {
        SCOPED_TRACE(row.headers);
        const auto response = connection.ask(get("/file", row.headers));
        EXPECT_EQ(response.status, row.status);
        EXPECT_TRUE(response.has(row.line)) << response.head;
        EXPECT_EQ(response.body, content.substr(row.offset, row.length));
    }
}

TEST_F(ServerTest, StreamsInChunks) {
    RawConnection connection(server().port());
    const auto response = connection.ask(get("/count"));
    EXPECT_TRUE(response.has("transfer-encoding: chunked"));
    EXPECT_TRUE(response.has("content-type: text/plain"));
    EXPECT_EQ(response.body, "one two three");
    EXPECT_EQ(connection.read_to_end(), "");
    RawConnection old(server().port());
    EXPECT_EQ(old.ask("GET /count HTTP/1.0\r\n\r\n").body, "one two three");
}

TEST_F(ServerTest, CutsABrokenStreamWithoutItsEnd) {
    RawConnection connection(server().port());
    ASSERT_TRUE(connection.send(get("/break")));
    const auto all = connection.read_to_end();
    EXPECT_TRUE(all.ends_with("\r\n\r\n3\r\none\r\n")) << all;
}

TEST_F(ServerTest, DropsHeadersThatWouldForgeOthers) {
    RawConnection connection(server().port());
    EXPECT_EQ(connection.ask(get("/forge")).head.find("x-forged"), std::string::npos);
}

TEST_F(ServerTest, TakesOnlyTheContentTypesOfARoute) {
    router_.add("POST", "/json", {BodyUse::memory, 1000, "application/json, image/png"}, echo);
    const struct {
        const char* header;
        int status;
    } rows[] = {
        {"Content-Type: application/json\r\n", 200},
        {"Content-Type: Application/JSON; charset=utf-8\r\n", 200},
        {"Content-Type: image/png\r\n", 200},
        {"Content-Type: application/jsonp\r\n", 415},
        {"Content-Type: text/plain\r\n", 415},
        {"Content-Type: text/plain; application/json\r\n", 415},
        {"Content-Type: application\r\n", 415},
        {"Content-Type:\r\n", 415},
        {"", 415},
    };
    RawConnection connection(server().port());
    for (const auto& row : rows) {
        const auto response = connection.ask(post("/json", "{}", row.header));
        EXPECT_EQ(response.status, row.status) << row.header;
        const bool says_so = response.body.find("\"unsupported_media_type\"") != std::string::npos;
        EXPECT_EQ(says_so, row.status == 415) << response.body;
    }
    EXPECT_EQ(connection.ask(post("/echo", "any", "Content-Type: text/plain\r\n")).status, 200);
}

TEST_F(ServerTest, AsksTheNameInAWholeUrlAndNotHost) {
    options_.allowed_hosts = {"localhost"};
    RawConnection connection(server().port());
    const auto ask = [&](std::string_view target, std::string_view host) {
        return connection
            .ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n")
            .status;
    };
    EXPECT_EQ(ask("http://localhost/hello/a", "evil.example"), 200);
    EXPECT_EQ(ask("HTTP://LocalHost:80/hello/a", "localhost"), 200);
    EXPECT_EQ(ask("http://evil.example/hello/a", "localhost"), 403);
}

TEST_F(ServerTest, RefusesForeignHostsAndPages) {
    options_.allowed_hosts = {"localhost"};
    RawConnection connection(server().port());
    EXPECT_EQ(connection.ask(get("/hello/a")).status, 200);
    EXPECT_EQ(connection.ask("GET /hello/a HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 403);
    EXPECT_EQ(connection.ask(post("/echo", "x", "Origin: http://evil.example\r\n")).status, 403);
    EXPECT_EQ(connection.ask(post("/echo", "x", "Origin: http://localhost\r\n")).status, 200);
    RawConnection old(server().port());
    EXPECT_EQ(old.ask("GET /hello/a HTTP/1.0\r\n\r\n").status, 403);
}

TEST_F(ServerTest, LogsRoutesAndNeverContent) {
    auto text = std::make_shared<std::ostringstream>();
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(*text);
    options_.log = std::make_shared<spdlog::logger>("test", sink);
    options_.log->set_level(spdlog::level::debug);
    RawConnection connection(server().port());
    EXPECT_EQ(connection.ask(get("/hello/canary?q=canary", "X: canary\r\n")).status, 200);
    const auto failed = connection.ask(get("/throw/canary?q=canary"));
    EXPECT_EQ(failed.status, 500);
    EXPECT_EQ(failed.body.find("canary"), std::string::npos);
    EXPECT_EQ(connection.ask(get("/canary")).status, 404);
    EXPECT_EQ(connection.ask("CANARY /hello/canary HTTP/1.1\r\nHost: canary\r\n\r\n").status, 405);
    EXPECT_EQ(connection.ask(post("/echo", "canary")).status, 200);
    EXPECT_EQ(RawConnection(server().port()).ask(get("/break")).status, 200);
    server_.reset();  // flushes, and ends the thread that writes
    const auto log = text->str();
    EXPECT_NE(log.find("GET /hello/{name} 200"), std::string::npos) << log;
    EXPECT_NE(log.find("GET /throw/{id} 500"), std::string::npos) << log;
    EXPECT_NE(log.find("- - 404"), std::string::npos) << log;
    EXPECT_NE(log.find("GET /break stream ended by"), std::string::npos) << log;
    EXPECT_EQ(log.find("anary"), std::string::npos) << log;
    EXPECT_EQ(log.find("CANARY"), std::string::npos) << log;
}

}  // namespace
}  // namespace ourvidz::http
