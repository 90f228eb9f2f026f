#include "http/static_files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "http/test_support.h"

namespace ourvidz::http {
namespace {

using testing::get;
using testing::gunzip;
using testing::RawConnection;
using testing::TemporaryFolder;
using testing::TestServer;

class StaticFilesTest : public ::testing::Test {
  protected:
    StaticFilesTest() {
        put("web/index.html", "<h1>app</h1>");
        put("web/robots.txt", "none");
        put("web/assets/app-1a2b.js", "plain script");
        put("web/assets/app-1a2b.js.br", "brotli script");
        put("web/assets/app-1a2b.js.gz", "gzip script");
        put("secret.txt", "secret");
        std::filesystem::create_symlink(folder_.path() / "secret.txt", folder_.path() / "web/link.txt");
        router_.add("GET", "/*", {}, *static_files(folder_.path() / "web"));
        server_ = std::make_unique<TestServer>(router_);
    }

    void put(const std::string& name, std::string_view content) {
        const auto path = folder_.path() / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << content;
    }

    TemporaryFolder folder_;
    Router router_;
    std::unique_ptr<TestServer> server_;
};

TEST_F(StaticFilesTest, ServesTheFolderAndNothingElse) {
    const struct {
        const char* path;
        const char* headers;
        int status;
        const char* body;  // null: not looked at
        const char* line;
    } rows[] = {
        {"/", "", 200, "<h1>app</h1>", "content-type: text/html; charset=utf-8"},
        {"/library/all", "", 200, "<h1>app</h1>", "cache-control: no-cache"},
        {"/index.html", "", 200, "<h1>app</h1>", "cache-control: no-cache"},
        {"/robots.txt", "", 200, "none", "content-type: text/plain; charset=utf-8"},
        {"/assets/app-1a2b.js", "", 200, "plain script",
         "cache-control: public, max-age=31536000, immutable"},
        {"/assets/app-1a2b.js", "Accept-Encoding: gzip, br\r\n", 200, "brotli script",
         "content-encoding: br"},
        {"/assets/app-1a2b.js", "Accept-Encoding: gzip;q=0.5\r\n", 200, "gzip script",
         "content-encoding: gzip"},
        {"/assets/app-1a2b.js", "Accept-Encoding: br;q=0\r\n", 200, "plain script", "vary: accept-encoding"},
        {"/assets/app-1a2b.js", "Accept-Encoding: brotli\r\n", 200, "plain script", "vary: accept-encoding"},
        {"/assets/app-1a2b.js.br", "", 404, nullptr, ""},
        {"/assets/other", "", 404, nullptr, ""},
        {"/missing.png", "", 404, nullptr, ""},
        {"/api/v1/unknown", "", 404, nullptr, "content-type: application/problem+json"},
        {"/link.txt", "", 404, nullptr, ""},
        {"/../secret.txt", "", 404, nullptr, ""},
        {"/%2e%2e/secret.txt", "", 404, nullptr, ""},
        {"/..%2fsecret.txt", "", 404, nullptr, ""},
        {"//etc/passwd", "", 200, "<h1>app</h1>", ""},
        {"/assets/..%2f..%2fsecret.txt", "", 404, nullptr, ""},
        {"/assets/%5c..%5c..%5csecret.txt", "", 404, nullptr, ""},
    };
    RawConnection connection(server_->port());
    for (const auto& row : rows) {
        SCOPED_TRACE(std::string(row.path) + " " + row.headers);
        const auto response = connection.ask(get(row.path, row.headers));
        EXPECT_EQ(response.status, row.status);
        EXPECT_TRUE(response.has(row.line)) << response.head;
        if (row.body != nullptr) {
            EXPECT_EQ(response.body, row.body);
        }
        EXPECT_EQ(response.body.find("secret"), std::string::npos);
    }
}

TEST_F(StaticFilesTest, ForbidsForeignScripts) {
    RawConnection connection(server_->port());
    const auto page = connection.ask(get("/"));
    EXPECT_NE(page.head.find("content-security-policy: default-src 'self'"), std::string::npos);
    EXPECT_EQ(page.head.find("'unsafe-eval'"), std::string::npos);
    // A service worker that may not connect cannot keep the app.
    const auto script = connection.ask(get("/assets/app-1a2b.js"));
    EXPECT_NE(script.head.find("connect-src 'self'"), std::string::npos);
}

TEST_F(StaticFilesTest, HasATagForEveryVariant) {
    RawConnection connection(server_->port());
    const auto tag_of = [&](std::string_view headers) {
        const auto head = connection.ask(get("/assets/app-1a2b.js", headers)).head;
        const auto at = head.find("etag: ");
        return at == std::string::npos ? "" : head.substr(at + 6, head.find("\r\n", at) - at - 6);
    };
    const auto plain = tag_of("");
    const auto brotli = tag_of("Accept-Encoding: br\r\n");
    EXPECT_EQ(plain.size(), 34U);
    EXPECT_NE(plain, brotli);
    const auto known = connection.ask(get("/assets/app-1a2b.js", "If-None-Match: " + plain + "\r\n"));
    EXPECT_EQ(known.status, 304);
    EXPECT_EQ(connection.ask(get("/", "If-None-Match: " + plain + "\r\n")).status, 200);
}

TEST(StaticFiles, NeedsAnIndex) {
    const TemporaryFolder empty;
    EXPECT_EQ(static_files(empty.path()).error().code, ErrorCode::not_found);
    EXPECT_EQ(static_files(empty.path() / "missing").error().code, ErrorCode::not_found);
}

TEST_F(StaticFilesTest, MovesWhatPagesAndStylesNameBelowTheProxysPath) {
    put("web/index.html",
        R"(<link href="/a.css"><script src="/assets/x.js"></script><a href="//other.example/">)");
    put("web/index.html.br", "brotli page");
    put("web/assets/a.css", "b{src:url(/assets/c.woff2)}");
    Router router;
    StaticOptions options;
    options.base_path = "/studio/";
    router.add("GET", "/*", {}, *static_files(folder_.path() / "web", options));
    const TestServer server(router);
    const struct {
        const char* path;
        const char* body;
    } rows[] = {
        {"/chat",
         R"(<link href="/studio/a.css"><script src="/studio/assets/x.js"></script><a href="//other.example/">)"},
        {"/assets/a.css", "b{src:url(/studio/assets/c.woff2)}"},
        {"/assets/app-1a2b.js", "brotli script"},
    };
    RawConnection connection(server.port());
    for (const auto& row : rows)
        EXPECT_EQ(connection.ask(get(row.path, "Accept-Encoding: br\r\n")).body, row.body);
    const auto page = connection.ask(get("/chat", "Accept-Encoding: br, gzip\r\n"));
    EXPECT_EQ(page.header("content-encoding"), "gzip");
    EXPECT_EQ(page.header("vary"), "accept-encoding");
    EXPECT_EQ(gunzip(page.body), rows[0].body);
    const auto plain = connection.ask(get("/chat"));
    EXPECT_NE(plain.header("etag"), page.header("etag")) << "other bytes, another name";
    for (const auto& etag : {plain.header("etag"), page.header("etag")}) {
        const auto headers = "Accept-Encoding: gzip\r\nIf-None-Match: " + etag + "\r\n";
        EXPECT_EQ(connection.ask(get("/chat", headers)).status, etag == page.header("etag") ? 304 : 200);
    }
}

}  // namespace
}  // namespace ourvidz::http
