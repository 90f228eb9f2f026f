#include <gtest/gtest.h>

#include "http/server.h"

namespace ourvidz::http {
namespace {

Router example() {
    Router router;
    for (const auto* route :
         {"GET /", "GET /api/v1/jobs", "POST /api/v1/jobs", "GET /api/v1/jobs/{id}", "GET /api/v1/jobs/next",
          "DELETE /api/v1/jobs/{id}", "GET /api/v1/jobs/{id}/log", "PUT /api/v1/only_put", "GET /files/*",
          "GET /*"}) {
        const std::string text(route);
        const auto space = text.find(' ');
        router.add(text.substr(0, space), text.substr(space + 1), {}, Handler());
    }
    return router;
}

struct Row {
    const char* method;
    const char* path;
    const char* pattern;  // empty: no route
    const char* parameters;
    const char* allowed;
};

std::string joined(const Fields& fields) {
    std::string text;
    for (const auto& [name, value] : fields) text += name + "=" + value + ";";
    return text;
}

TEST(Router, FindsTheMostSpecificRoute) {
    const auto router = example();
    const Row rows[] = {
        {"GET", "/", "/", "", ""},
        {"GET", "/api/v1/jobs", "/api/v1/jobs", "", ""},
        {"POST", "/api/v1/jobs", "/api/v1/jobs", "", ""},
        {"HEAD", "/api/v1/jobs", "/api/v1/jobs", "", ""},
        {"GET", "/api/v1/jobs/next", "/api/v1/jobs/next", "", ""},
        {"GET", "/api/v1/jobs/n%65xt", "/api/v1/jobs/next", "", ""},
        {"GET", "/api/v1/jobs/job_1", "/api/v1/jobs/{id}", "id=job_1;", ""},
        {"GET", "/api/v1/jobs/a%2Fb", "/api/v1/jobs/{id}", "id=a/b;", ""},
        {"GET", "/api/v1/jobs/job_1/log", "/api/v1/jobs/{id}/log", "id=job_1;", ""},
        {"GET", "/api/v1/jobs/next/log", "/api/v1/jobs/{id}/log", "id=next;", ""},
        {"GET", "/api/v1/jobs/", "/*", "*=api/v1/jobs/;", ""},
        {"GET", "/files/a/b.png", "/files/*", "*=a/b.png;", ""},
        {"GET", "/files", "/files/*", "*=;", ""},
        {"GET", "/other/page", "/*", "*=other/page;", ""},
        {"PATCH", "/api/v1/jobs/job_1", "", "", "DELETE, GET, HEAD"},
        {"GET", "/api/v1/only_put", "", "", "PUT"},
        {"HEAD", "/api/v1/only_put", "", "", "PUT"},
        {"GET", "/files/%zz", "", "", ""},
        {"GET", "/files/%00", "", "", ""},
        {"GET", "", "", "", ""},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(std::string(row.method) + " " + row.path);
        const auto match = router.find(row.method, row.path);
        EXPECT_EQ(match.route == nullptr ? "" : match.route->pattern, row.pattern);
        EXPECT_EQ(joined(match.parameters), row.parameters);
        EXPECT_EQ(match.allowed_methods, row.allowed);
    }
}

TEST(Router, HasNoRouteWithoutOne) {
    const Router router;
    const auto match = router.find("GET", "/");
    EXPECT_EQ(match.route, nullptr);
    EXPECT_EQ(match.allowed_methods, "");
}

TEST(Router, BoundsTheDepthOfPaths) {
    const auto router = example();
    std::string path;
    for (int i = 0; i < 10'000; ++i) path += "/a";
    EXPECT_EQ(router.find("GET", path).route->pattern, "/*");
}

}  // namespace
}  // namespace ourvidz::http
