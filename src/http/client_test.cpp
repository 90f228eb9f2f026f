#include "http/client.h"

#include <gtest/gtest.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <fstream>

#include "base/id.h"
#include "http/file_download.h"
#include "http/problem.h"
#include "http/range.h"
#include "http/sse.h"
#include "http/test_support.h"

namespace ourvidz::http {
namespace {

using testing::patience_ms;
using testing::TemporaryFolder;
using testing::TestServer;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

asio::awaitable<Response> mirror(Request request) {
    json::object seen;
    seen["method"] = request.method;
    seen["path"] = request.path;
    seen["authorization"] = request.header("authorization");
    seen["extra"] = request.header("x-extra");
    seen["body"] = request.body;
    co_return json_response(200, seen);
}

asio::awaitable<Response> refuse(Request) {
    co_return problem(invalid_field("prompt", "must not be empty"));
}

asio::awaitable<void> three_events(Stream& stream) {
    for (const auto* id : {"1", "2", "3"}) {
        auto chunk = sse_comment("hm") + sse_event("count", std::string("number\n") + id, id);
        if (!co_await stream.write(std::move(chunk))) co_return;
    }
}

asio::awaitable<Response> events(Request) {
    Response response;
    response.headers.emplace_back("Content-Type", "text/event-stream");
    response.stream = three_events;
    co_return response;
}

asio::awaitable<void> one_event_and_silence(Stream& stream) {
    auto chunk = sse_event("first", "", "1");
    if (!co_await stream.write(std::move(chunk))) co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<Response> silent(Request) {
    Response response;
    response.headers.emplace_back("Content-Type", "text/event-stream");
    response.stream = one_event_and_silence;
    co_return response;
}

class ClientTest : public ::testing::Test {
  protected:
    ClientTest() {
        std::filesystem::create_directory(folder_.path() / "spool");
        for (const auto* method : {"GET", "POST", "PUT", "DELETE", "PATCH"}) {
            router_.add(method, "/mirror/*", {BodyUse::memory, 1'000'000}, mirror);
        }
        router_.add("POST", "/refuse", {BodyUse::memory, 1000}, refuse);
        router_.add("GET", "/refuse", {}, refuse);
        router_.add("GET", "/events", {}, events);
        router_.add("GET", "/silent", {}, silent);
        router_.add("GET", "/file", {}, [this](Request request) { return file(std::move(request)); });
        router_.add("PUT", "/upload", {BodyUse::spool, 8'000'000},
                    [this](Request request) { return take(std::move(request)); });
        server_ =
            std::make_unique<TestServer>(router_, ServerOptions{.spool_folder = folder_.path() / "spool"});
        client_ = std::make_unique<Client>(server_->url(), "secret");
    }

    asio::awaitable<Response> file(Request request) {
        co_return file_response(request, folder_.path() / "source", "video/mp4", "", "");
    }
    asio::awaitable<Response> take(Request request) {
        std::filesystem::rename(request.spooled, folder_.path() / "taken");
        co_return json_response(201, json::object{{"type", request.header("content-type")}});
    }

    // Asks the held server side for events on another thread until interrupted.
    Result<void> listen_until_interrupted() {
        std::promise<void> first;
        std::promise<Result<void>> result;
        auto listening = result.get_future();
        std::thread listener([&] {
            result.set_value(client_->events("/silent", {}, patience_ms, [&](auto, auto, auto) {
                first.set_value();
                return true;
            }));
        });
        first.get_future().wait();
        client_->interrupt();
        listener.join();
        return listening.get();
    }

    TemporaryFolder folder_;
    Router router_;
    std::unique_ptr<TestServer> server_;
    std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, SendsAllMethodsOverOneConnection) {
    for (const auto* method : {"GET", "POST", "PUT", "DELETE", "PATCH", "GET"}) {
        SCOPED_TRACE(method);
        const std::string body = std::string_view(method) == "GET" ? "" : "a body";
        const auto reply =
            client_->send(method, "/mirror/a%2Fb?q=1", body, {{"X-Extra", "yes"}}, patience_ms);
        ASSERT_TRUE(reply.ok()) << reply.error().detail;
        EXPECT_EQ((*reply).status, 200);
        EXPECT_EQ((*reply).content_type, "application/json");
        const auto seen = *parse_json_object((*reply).body);
        EXPECT_EQ(seen.at("method").as_string(), method);
        EXPECT_EQ(seen.at("path").as_string(), "/mirror/a/b");
        EXPECT_EQ(seen.at("authorization").as_string(), "Bearer secret");
        EXPECT_EQ(seen.at("extra").as_string(), "yes");
        EXPECT_EQ(seen.at("body").as_string(), body);
    }
    EXPECT_EQ(server_->open_connections(), 1);
}

TEST_F(ClientTest, SendsLargeBodies) {
    const std::string body(900'000, 'x');
    const auto reply = client_->send("POST", "/mirror/large", body, {}, patience_ms);
    ASSERT_TRUE(reply.ok()) << reply.error().detail;
    EXPECT_EQ((*parse_json_object((*reply).body)).at("body").as_string().size(), body.size());
}

TEST_F(ClientTest, TurnsProblemsIntoErrors) {
    const auto refused = client_->call("POST", "/refuse", json::object{{"prompt", ""}}, patience_ms);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_field);
    EXPECT_EQ(refused.error().field, "prompt");
    EXPECT_EQ(refused.error().detail, "The prompt must not be empty.");
    EXPECT_EQ(client_->call("GET", "/nowhere", nullptr, patience_ms).error().code, ErrorCode::not_found);
    const auto taken = client_->call("POST", "/mirror/x", json::array{1, 2}, patience_ms);
    ASSERT_TRUE(taken.ok()) << taken.error().detail;
    EXPECT_EQ((*taken).at("body").as_string(), "[1,2]");
}

TEST_F(ClientTest, MovesFilesBothWays) {
    std::string content;
    for (int i = 0; i < 3'000'000; ++i) content += static_cast<char>(i * 31 / 7);
    std::ofstream(folder_.path() / "source", std::ios::binary) << content;
    const auto downloaded = client_->download("/file", folder_.path() / "copy", patience_ms);
    ASSERT_TRUE(downloaded.ok()) << downloaded.error().detail;
    EXPECT_TRUE(read_file(folder_.path() / "copy") == content);
    const auto uploaded = client_->upload("PUT", "/upload", folder_.path() / "copy",
                                          {{"Content-Type", "video/mp4"}}, patience_ms);
    ASSERT_TRUE(uploaded.ok()) << uploaded.error().detail;
    EXPECT_EQ((*uploaded).status, 201);
    EXPECT_EQ((*uploaded).body, "{\"type\":\"video/mp4\"}");
    EXPECT_TRUE(read_file(folder_.path() / "taken") == content);
    // A refused file is not sent: the server says so before.
    const auto refused = client_->upload("PUT", "/mirror/x", folder_.path() / "copy", {}, patience_ms);
    ASSERT_TRUE(refused.ok()) << refused.error().detail;
    EXPECT_EQ((*refused).status, 413);
}

TEST_F(ClientTest, LeavesNoHalfFiles) {
    EXPECT_EQ(client_->download("/refuse", folder_.path() / "copy", patience_ms).error().code,
              ErrorCode::invalid_field);
    EXPECT_EQ(client_->download("/nowhere", folder_.path() / "copy", patience_ms).error().code,
              ErrorCode::not_found);
    EXPECT_FALSE(client_->download("/file", folder_.path() / "no" / "copy", patience_ms).ok());
    EXPECT_FALSE(client_->upload("PUT", "/upload", folder_.path() / "missing", {}, patience_ms).ok());
    int entries = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
        EXPECT_EQ(entry.path().filename(), "spool");
        ++entries;
    }
    EXPECT_EQ(entries, 1);
}

TEST_F(ClientTest, ReadsEvents) {
    std::string seen;
    const auto note = [&](std::string_view event, std::string_view data, std::string_view id) {
        seen.append(event).append("/").append(data).append("/").append(id).append(" ");
        return true;
    };
    ASSERT_TRUE(client_->events("/events", {}, patience_ms, note).ok());
    EXPECT_EQ(seen, "count/number\n1/1 count/number\n2/2 count/number\n3/3 ");
    seen.clear();
    const auto only_one = [&](auto event, auto data, auto id) { return note(event, data, id) && id != "1"; };
    ASSERT_TRUE(client_->events("/events", {}, patience_ms, only_one).ok());
    EXPECT_EQ(seen, "count/number\n1/1 ");
    EXPECT_EQ(client_->events("/refuse", {}, patience_ms, note).error().code, ErrorCode::invalid_field);
}

TEST_F(ClientTest, GivesUpOnSilence) {
    int seen = 0;
    // Long enough for the first event on a machine that does much else.
    const auto result = client_->events("/silent", {}, 2000, [&](auto, auto, auto) { return ++seen > 0; });
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::unavailable);
    EXPECT_EQ(seen, 1);
    const auto timed_out = client_->send("GET", "/silent", "", {}, 50);
    ASSERT_FALSE(timed_out.ok());
    EXPECT_EQ(timed_out.error().code, ErrorCode::unavailable);
}

TEST_F(ClientTest, CanBeInterrupted) {
    const auto result = listen_until_interrupted();
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::canceled);
    EXPECT_TRUE(client_->send("GET", "/mirror/x", "", {}, patience_ms).ok());  // and goes on
    client_->interrupt();  // between calls: for the next one
    EXPECT_EQ(client_->send("GET", "/mirror/x", "", {}, patience_ms).error().code, ErrorCode::canceled);
    EXPECT_TRUE(client_->send("GET", "/mirror/x", "", {}, patience_ms).ok());
}

TEST_F(ClientTest, ConnectsAgainAfterTheServerLeft) {
    ASSERT_TRUE(client_->send("GET", "/mirror/x", "", {}, patience_ms).ok());
    const ServerOptions same_port{.port = server_->port()};
    server_.reset();
    const auto lost = client_->send("GET", "/mirror/x", "", {}, patience_ms);
    ASSERT_FALSE(lost.ok());
    EXPECT_EQ(lost.error().code, ErrorCode::unavailable);
    server_ = std::make_unique<TestServer>(router_, same_port);
    EXPECT_TRUE(client_->send("GET", "/mirror/x", "", {}, patience_ms).ok());
}

TEST_F(ClientTest, RefusesHeadersWithLineBreaks) {
    EXPECT_FALSE(client_->send("GET", "/mirror/x", "", {{"X-Extra", "a\r\nX-Forged: b"}}, patience_ms).ok());
}

// Answers with the given bytes, one piece for each request, whichever connection it comes on.
class CannedServer {
  public:
    explicit CannedServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const place = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, place, size) != 0 || ::listen(listener_, 4) != 0) std::abort();
        ::getsockname(listener_, place, &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~CannedServer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    CannedServer(const CannedServer&) = delete;
    CannedServer& operator=(const CannedServer&) = delete;
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  private:
    void serve() {
        std::size_t next = 0;
        for (int one = 0; (one = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(one)) {
            std::string request;
            char piece[4096];
            for (ssize_t got = 0; (got = ::recv(one, piece, sizeof piece, 0)) > 0;) {
                request.append(piece, static_cast<std::size_t>(got));
                if (!request.ends_with("\r\n\r\n")) continue;
                request.clear();
                const auto& answer = answers_.at(next++ % answers_.size());
                if (::send(one, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
            }
        }
    }

    std::vector<std::string> answers_;
    int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t port_ = 0;
    std::thread thread_;
};

TEST(ClientFraming, BelievesNoAnswerThatCouldEndElsewhere) {
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const std::string forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
    const struct {
        const char* name;
        std::string answer;
        bool taken;
    } rows[] = {
        {"a length", ok + "Content-Length: 5\r\n\r\nfirst", true},
        {"chunks", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n0\r\n\r\n", true},
        {"after a 100", "HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" + ok + "Content-Length: 5\r\n\r\nfirst",
         true},
        {"more than the length", ok + "Content-Length: 5\r\n\r\nfirst" + forged, true},
        {"more than the chunks", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n0\r\n\r\n" + forged,
         true},
        {"chunks and a length",
         ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n0\r\n\r\n" + forged,
         false},
        {"two lengths", ok + "Content-Length: 0\r\nContent-Length: 5\r\n\r\nfirst" + forged, false},
        {"a list of lengths", ok + "Content-Length: 5, 5\r\n\r\nfirst" + forged, false},
        {"a signed length", ok + "Content-Length: +5\r\n\r\nfirst" + forged, false},
        {"an unknown encoding", ok + "Transfer-Encoding: xchunked\r\n\r\n" + forged, false},
        {"identity", ok + "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n" + forged, false},
        {"chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + forged,
         false},
        {"a bare line feed", ok + "X: y\nContent-Length: 0\r\n\r\n" + forged, false},
        {"a folded line", ok + "Content-Length:\r\n 0\r\n\r\n" + forged, false},
        {"a space before the colon", ok + "Content-Length : 0\r\n\r\n" + forged, false},
        {"no status line", "forged\r\n\r\n", false},
    };
    const auto part = std::filesystem::temp_directory_path() / ("ourvidz-framing-" + random_hex(8));
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        CannedServer server({row.answer, ok + "Content-Length: 6\r\nConnection: close\r\n\r\nsecond"});
        Client client(server.url(), "");
        const auto first = client.send("GET", "/", "", {}, patience_ms);
        EXPECT_EQ(first.ok(), row.taken);
        EXPECT_EQ(first.ok() ? first.value().body : "first", "first");
        const auto second = client.send("GET", "/", "", {}, patience_ms);
        ASSERT_TRUE(second.ok()) << second.error().detail;
        EXPECT_EQ((*second).body, "second");
        CannedServer another({row.answer});
        FileDownload download;
        download.url = another.url() + "/file";
        download.part = part;
        download.attempts_max = 1;
        EXPECT_EQ(download_file(download).ok(), row.taken);
        std::filesystem::remove(part);
    }
}

}  // namespace
}  // namespace ourvidz::http
