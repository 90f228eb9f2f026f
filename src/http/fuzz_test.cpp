// Random and damaged requests: the parser must neither crash nor depend on how the bytes are cut into pieces,
// and the server must go on serving.
#include <gtest/gtest.h>

#include <random>

#include "http/server_parser.h"
#include "http/test_support.h"

namespace ourvidz::http {
namespace {

constexpr unsigned seed = 20'240'607;

class Inputs {
  public:
    std::string next() {
        static const std::string samples[] = {
            testing::get("/a/b?c=d&e=%20", "Accept: */*\r\nCookie: a=b\r\n"),
            testing::post("/a", "a body of some bytes", "Content-Type: text/plain\r\n"),
            "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
            "chunked\r\n\r\n3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\n"
            "Trailer: x\r\n\r\n",
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\nX: a\r\nY:  b \r\n\r\n",
        };
        if (pick(4) == 0) return noise();
        auto text = samples[pick(std::size(samples))];
        for (auto changes = 1 + pick(6); changes > 0 && !text.empty(); --changes) damage(text);
        return text;
    }
    std::size_t pick(std::size_t below) {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
    }

  private:
    std::string noise() {
        std::string text(pick(300), '\0');
        for (auto& c : text) c = static_cast<char>(pick(256));
        return text;
    }
    void damage(std::string& text) {
        static constexpr std::string_view useful = "\r\n :;,0123456789abcdefGET/?%\t\0\x7f\xff";
        const auto at = pick(text.size());
        switch (pick(4)) {
            case 0:
                text[at] = useful[pick(useful.size())];
                break;
            case 1:
                text.erase(at, 1 + pick(5));
                break;
            case 2:
                text.insert(at, std::string(1 + pick(3), useful[pick(useful.size())]));
                break;
            default:
                text.insert(at, text.substr(pick(text.size()), pick(40)));
                break;
        }
    }
    std::mt19937 random_{seed};
};

// What the parser makes of `bytes`, given `piece` bytes more at a time; empty if that is no request. (A fault
// may show only at the end of a header that never comes, so "wrong" and "not complete" are one.)
std::string outcome(std::string_view bytes, std::size_t piece) {
    RequestParser parser(4096);
    BodySink sink;
    BodyBudget budget(1U << 20U, 0);
    const std::int64_t now_ms = 0;
    Result<void> opened = sink.open({BodyUse::memory, 1000}, {"", budget, now_ms, std::nullopt, [] {}});
    EXPECT_TRUE(opened.ok());
    std::size_t begin = 0;
    for (std::size_t end = std::min(piece, bytes.size());; end = std::min(end + piece, bytes.size())) {
        while (begin < end && !parser.done()) {
            const auto taken = parser.put(bytes.substr(begin, end - begin));
            if (!taken) return "";
            if (parser.header_done()) parser.set_sink(sink);
            begin += *taken;
            if (*taken == 0) break;
        }
        if (parser.done() || end == bytes.size()) break;
    }
    if (!parser.done()) return "";
    auto& request = parser.request();
    auto text =
        request.method + " " + std::string(parser.target()) + (parser.keep_alive() ? " keep" : " close");
    for (const auto& [name, value] : request.headers) text += "\n" + name + ": " + value;
    sink.finish(request);
    return text + "\n\n" + request.body + "\nleft " + std::to_string(bytes.size() - begin);
}

TEST(Fuzz, TheParserDoesNotDependOnThePieces) {
    std::cout << "seed " << seed << "\n";
    Inputs inputs;
    int whole = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto bytes = inputs.next();
        const auto at_once = outcome(bytes, bytes.size() + 1);
        whole += at_once.empty() ? 0 : 1;
        ASSERT_EQ(outcome(bytes, 1), at_once) << "input " << i << ":\n" << bytes;
        ASSERT_EQ(outcome(bytes, 1 + inputs.pick(50)), at_once) << "input " << i << ":\n" << bytes;
    }
    EXPECT_GT(whole, 1000);  // the damage leaves enough alive for the test to mean something
    EXPECT_LT(whole, 19'000);
}

asio::awaitable<Response> hello(Request) {
    Response response;
    response.body = "hello";
    co_return response;
}

TEST(Fuzz, TheServerGoesOn) {
    std::cout << "seed " << seed << "\n";
    Router router;
    router.add("GET", "/*", {}, hello);
    router.add("POST", "/a", {BodyUse::memory, 1000}, hello);
    testing::TestServer server(router);
    Inputs inputs;
    for (int i = 0; i < 1000; ++i) {
        testing::RawConnection connection(server.port());
        const auto bytes = inputs.next();
        (void)connection.send(bytes);
        connection.shutdown_send();
        const auto answer = connection.read_to_end();
        ASSERT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 ")) << "input " << i << ":\n" << bytes;
    }
    testing::RawConnection connection(server.port());
    EXPECT_EQ(connection.ask(testing::get("/")).body, "hello");
    EXPECT_EQ(server.open_connections(), 1);
}

}  // namespace
}  // namespace ourvidz::http
