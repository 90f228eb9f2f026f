#include "http/compression.h"

#include <gtest/gtest.h>

#include "http/problem.h"
#include "http/test_support.h"

namespace ourvidz::http {
namespace {

using testing::get;
using testing::gunzip;
using testing::RawConnection;
using testing::TestServer;

constexpr std::string_view takes_gzip = "Accept-Encoding: br;q=1.0, gzip;q=0.8\r\n";

TEST(Compression, ReadsWhatTheReaderTakes) {
    for (const auto* taken : {"gzip", "br, gzip", "gzip;q=0.5", "deflate , gzip ;q=1"})
        EXPECT_TRUE(accepts_coding(taken, "gzip")) << taken;
    for (const auto* not_taken : {"", "br", "gzip;q=0", "gzip;q=0.0", "xgzip", "gzipped"})
        EXPECT_FALSE(accepts_coding(not_taken, "gzip")) << not_taken;
}

TEST(Compression, GivesBackWhatWentIn) {
    std::string noise;
    for (unsigned i = 0, x = 1; i < 100'000; ++i, x = x * 1'664'525 + 1'013'904'223)
        noise += static_cast<char>(x >> 24U);
    for (const auto& text : {std::string(), std::string("a"), std::string(300'000, 'a'), noise}) {
        for (const int level : {1, 9}) EXPECT_EQ(gunzip(gzip(text, level)), text);
    }
}

class CompressedAnswers : public ::testing::Test {
  protected:
    static Response text_of(std::size_t size) {
        return json_response(200, json::object{{"text", std::string(size, 'a')}});
    }
    void add(const std::string& path, Response response) {
        router_.add("GET", path, {}, [response = std::move(response)](Request) -> asio::awaitable<Response> {
            co_return response;
        });
    }
    Router router_;
};

TEST_F(CompressedAnswers, AreJsonOfSomeSizeForThoseWhoTakeThem) {
    add("/small", text_of(compressed_bytes_min / 2));
    add("/some", text_of(20'000));
    add("/large", text_of(compressed_at_once_bytes_max));
    auto tagged = text_of(20'000);
    tagged.headers.emplace_back("ETag", "\"a\"");
    add("/tagged", std::move(tagged));
    auto words = text_of(20'000);
    words.headers = {{"Content-Type", "text/plain"}};
    add("/words", std::move(words));
    const TestServer server(router_);
    const struct {
        const char* path;
        bool compressed;
    } rows[] = {{"/some", true}, {"/small", false}, {"/large", false}, {"/tagged", false}, {"/words", false}};
    RawConnection connection(server.port());
    for (const auto& row : rows) {
        SCOPED_TRACE(row.path);
        const auto plain = connection.ask(get(row.path));
        const auto asked = connection.ask(get(row.path, takes_gzip));
        EXPECT_EQ(plain.header("content-encoding"), "");
        EXPECT_EQ(asked.header("content-encoding"), row.compressed ? "gzip" : "");
        for (const auto* one : {&plain, &asked})
            EXPECT_EQ(one->header("vary"), row.compressed ? "accept-encoding" : "");
        EXPECT_EQ(row.compressed ? gunzip(asked.body) : asked.body, plain.body);
        EXPECT_EQ(asked.body.size() < plain.body.size() / 20, row.compressed);
    }
    EXPECT_TRUE(
        connection.send("HEAD /some HTTP/1.1\r\nHost: localhost\r\n" + std::string(takes_gzip) + "\r\n"));
    const auto head = connection.read_response(true);
    EXPECT_EQ(head.header("content-length"),
              std::to_string(connection.ask(get("/some", takes_gzip)).body.size()));
}

TEST_F(CompressedAnswers, AreNoStreams) {
    router_.add("GET", "/stream", {}, [](Request) -> asio::awaitable<Response> {
        Response response = text_of(20'000);
        response.stream = [](Stream& stream) -> asio::awaitable<void> {
            const bool taken = co_await stream.write("data: fox\n\n");
            (void)taken;
        };
        co_return response;
    });
    const TestServer server(router_);
    RawConnection connection(server.port());
    const auto answer = connection.ask(get("/stream", takes_gzip));
    EXPECT_EQ(answer.header("content-encoding"), "");
    EXPECT_EQ(answer.body, "data: fox\n\n");
}

}  // namespace
}  // namespace ourvidz::http
