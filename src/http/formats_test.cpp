// The pieces that work on text alone: URLs, problems, ranges, event streams, the guard.
#include <gtest/gtest.h>

#include "http/framing.h"
#include "http/guard.h"
#include "http/problem.h"
#include "http/range.h"
#include "http/sse.h"
#include "http/test_support.h"
#include "http/url.h"

namespace ourvidz::http {
namespace {

TEST(Url, EncodesSegmentsSoThatNoneReachesElsewhere) {
    EXPECT_EQ(*url_path({"api", "v1", "jobs", "job_1"}), "/api/v1/jobs/job_1");
    EXPECT_EQ(*url_path({"a/b", "ü?#%"}), "/a%2Fb/%C3%BC%3F%23%25");
    for (const auto* bad : {"", ".", ".."}) EXPECT_FALSE(url_path({"a", bad}).ok()) << bad;
}

TEST(Url, DecodesOrRefuses) {
    EXPECT_EQ(percent_decode("a%20b+c"), "a b+c");
    EXPECT_EQ(percent_decode("a%20b+c", true), "a b c");
    for (const auto* bad : {"%", "%1", "%zz", "a%00b"}) EXPECT_FALSE(percent_decode(bad).has_value()) << bad;
}

TEST(Url, ReadsQueries) {
    std::string repeated;
    EXPECT_TRUE(parse_query("a=1&b=1", &repeated).has_value());
    EXPECT_EQ(repeated, "");
    const auto query = parse_query("a=1&b=x%26y&&c&%61=2&d=", &repeated);
    EXPECT_EQ(repeated, "a");
    ASSERT_TRUE(query.has_value());
    EXPECT_EQ(*query, (Fields{{"a", "2"}, {"b", "x&y"}, {"c", ""}, {"d", ""}}));
    EXPECT_FALSE(parse_query("a=%").has_value());
    std::string many;
    for (int i = 0; i < 65; ++i) many += "&n" + std::to_string(i);
    EXPECT_FALSE(parse_query(many).has_value());
}

TEST(Url, SplitsTargets) {
    const auto plain = split_target("/a?b=c?d");
    ASSERT_TRUE(plain.has_value());
    EXPECT_EQ(plain->raw_path, "/a");
    EXPECT_EQ(plain->raw_query, "b=c?d");
    const auto whole = split_target("http://host:1/a?b");
    ASSERT_TRUE(whole.has_value());
    EXPECT_EQ(whole->raw_path, "/a");
    EXPECT_EQ(whole->raw_query, "b");
    EXPECT_EQ(whole->authority, "host:1");
    EXPECT_EQ(split_target("http://host")->raw_path, "/");
    EXPECT_EQ(split_target("http://host?b")->raw_query, "b");
    EXPECT_EQ(split_target("HTTPS://host/a")->authority, "host");
    for (const auto* bad : {"", "*", "a", "host:443", "ftp://host/"})
        EXPECT_FALSE(split_target(bad).has_value()) << bad;
}

TEST(Url, ReadsHostsWithPorts) {
    const struct {
        const char* text;
        const char* host;
        const char* port;
    } rows[] = {{"LocalHost", "localhost", ""}, {"a.b:80", "a.b", "80"},         {"a:", "a", ""},
                {"[::1]", "::1", ""},           {"[::1]:65535", "::1", "65535"}, {"", "", ""}};
    for (const auto& row : rows) {
        const auto authority = parse_authority(row.text);
        ASSERT_TRUE(authority.has_value()) << row.text;
        EXPECT_EQ(authority->host, row.host);
        EXPECT_EQ(authority->port, row.port);
    }
    for (const auto* bad : {"a:b", "a:1:2", "a:-1", "a:+1", "a:65536", "a b", "a/b", "a@b", "a,b", "[::1",
                            "[]", "[::1]x", "[g]", "::1", "a\n"})
        EXPECT_FALSE(parse_authority(bad).has_value()) << bad;
}

TEST(Framing, TakesWhatEveryReaderEndsInTheSamePlace) {
    const struct {
        std::optional<std::string_view> length;
        std::optional<std::string_view> encoding;
        bool http_1_1;
        bool taken;
    } rows[] = {
        {{}, {}, true, true},
        {{}, {}, false, true},
        {"0", {}, true, true},
        {"10", {}, false, true},
        {{}, "chunked", true, true},
        {{}, "Chunked", true, true},
        {{}, "chunked", false, false},
        {{}, "", true, false},
        {{}, "identity", true, false},
        {{}, "xchunked", true, false},
        {{}, "gzip, chunked", true, false},
        {{}, "chunked, chunked", true, false},
        {"5", "chunked", true, false},
        {"5", "identity", true, false},
        {"", {}, true, false},
        {"+5", {}, true, false},
        {"5, 5", {}, true, false},
        {"0x5", {}, true, false},
        {"1234567890123456789", {}, true, false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(!framing_fault({row.length, row.encoding, row.http_1_1}).has_value(), row.taken)
            << row.length.value_or("-") << " / " << row.encoding.value_or("-");
    }
}

TEST(Framing, KnowsALineOfAHeader) {
    for (const auto* good : {"a:b", "A-b:", "x: a\tb", "x: \xff"}) EXPECT_TRUE(is_field_line(good)) << good;
    for (const auto* bad :
         {"", ":", "a", " a: b", "a : b", "a b: c", "a: b\n", "a: b\rc", "a\x7f: b", "\xff: b"})
        EXPECT_FALSE(is_field_line(bad)) << bad;
    EXPECT_FALSE(is_field_line(std::string_view("a: \0", 4)));
}

TEST(Problem, SurvivesTheWayToTheClient) {
    for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
        const Error sent{static_cast<ErrorCode>(code), "Why it failed.", code % 2 == 0 ? "a.b" : ""};
        const auto response = problem(sent);
        SCOPED_TRACE(to_string(sent.code));
        EXPECT_GE(response.status, 400);
        EXPECT_EQ(response.headers.at(0).second, "application/problem+json");
        const auto got = error_of_reply(response.status, response.headers.at(0).second, response.body);
        EXPECT_EQ(got.code, sent.code);
        EXPECT_EQ(got.detail, sent.detail);
        EXPECT_EQ(got.field, sent.field);
    }
}

TEST(Problem, MakesSenseOfOtherServersToo) {
    EXPECT_EQ(error_of_reply(404, "text/html", "<p>").code, ErrorCode::not_found);
    EXPECT_EQ(error_of_reply(504, "text/html", "<p>").code, ErrorCode::unavailable);
    EXPECT_EQ(error_of_reply(409, "application/problem+json", "{").code, ErrorCode::conflict);
    EXPECT_EQ(error_of_reply(418, "", "").code, ErrorCode::internal);
}

std::string range_text(std::string_view header, std::uint64_t size) {
    const auto range = parse_range(header, size);
    if (std::holds_alternative<WholeFile>(range)) return "whole";
    if (std::holds_alternative<UnsatisfiableRange>(range)) return "none";
    const auto& part = std::get<ByteRange>(range);
    return std::to_string(part.offset) + "+" + std::to_string(part.length);
}

TEST(Range, FollowsTheStandard) {
    const struct {
        const char* header;
        std::uint64_t size;
        const char* wanted;
    } rows[] = {
        {"bytes=0-0", 100, "0+1"},
        {"bytes=0-99", 100, "0+100"},
        {"bytes=0-1000", 100, "0+100"},
        {"bytes=50-", 100, "50+50"},
        {"bytes=99-", 100, "99+1"},
        {"bytes=100-", 100, "none"},
        {"bytes=-1", 100, "99+1"},
        {"bytes=-1000", 100, "0+100"},
        {"bytes=-0", 100, "none"},
        {"bytes=0-", 0, "none"},
        {"bytes=-5", 0, "none"},
        {"bytes=5-4", 100, "whole"},
        {"bytes=0-1,5-6", 100, "whole"},
        {"items=0-1", 100, "whole"},
        {"bytes=", 100, "whole"},
        {"bytes=-", 100, "whole"},
        {"bytes=a-b", 100, "whole"},
        {"bytes=1", 100, "whole"},
        {"Bytes=1-2", 100, "1+2"},
        {"bytes= 1-2 ", 100, "1+2"},
        {"bytes=+1-2", 100, "whole"},
        {"", 100, "whole"},
        {"bytes=0x1-2", 100, "whole"},
        {"bytes=18446744073709551615-", 9, "none"},
        {"bytes=1-18446744073709551615", 9, "1+8"},
    };
    for (const auto& row : rows) EXPECT_EQ(range_text(row.header, row.size), row.wanted) << row.header;
}

TEST(Range, ComparesTags) {
    const struct {
        const char* list;
        bool weak;
        bool strong;
    } rows[] = {
        {"\"a\"", true, true},         {"\"b\", \"a\"", true, true},
        {"\"b\",\"a\",,", true, true}, {"*", true, true},
        {"W/\"a\"", true, false},      {"\"b\", W/\"a\"", true, false},
        {"\"b\"", false, false},       {"\"x,\"a\",y\"", false, false},
        {"a", false, false},           {"\"a", false, false},
        {",", false, false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(etag_matches(row.list, "\"a\"", Comparison::weak), row.weak) << row.list;
        EXPECT_EQ(etag_matches(row.list, "\"a\"", Comparison::strong), row.strong) << row.list;
    }
}

TEST(Sse, WritesWhatItReads) {
    const std::string text = sse_retry(500) + sse_event("job", "line 1\nline 2\r\n\rend", "7") +
                             sse_comment("still here") + sse_event("", "", "") + sse_event("x", "y");
    // Whatever the pieces that the bytes come in, the events are the same.
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        SseParser parser;
        std::vector<SseParser::Event> events;
        for (std::size_t at = 0; at < text.size(); at += piece) {
            ASSERT_TRUE(parser.put(std::string_view(text).substr(at, piece)).ok());
            SseParser::Event event;
            while (parser.take(event)) events.push_back(event);
        }
        ASSERT_EQ(events.size(), 3U) << piece;
        EXPECT_EQ(events[0].event, "job");
        EXPECT_EQ(events[0].data, "line 1\nline 2\n\nend");
        EXPECT_EQ(events[0].id, "7");
        EXPECT_EQ(events[1].event, "");
        EXPECT_EQ(events[1].data, "");
        EXPECT_EQ(events[2].event, "x");
        EXPECT_EQ(events[2].data, "y");
        EXPECT_EQ(events[2].id, "7");
    }
}

TEST(Sse, LetsNoFieldForgeAnother) {
    EXPECT_EQ(sse_event("a\ndata: b", "c", "1\nevent: x"), "id: 1event: x\nevent: adata: b\ndata: c\n\n");
    EXPECT_EQ(sse_comment("a\nb"), ": ab\n\n");
}

TEST(Sse, BoundsAnEvent) {
    SseParser parser;
    const std::string piece(1024 * 1024, 'x');
    bool refused = false;
    for (int i = 0; i < 10 && !refused; ++i) refused = !parser.put(piece).ok();
    EXPECT_TRUE(refused);
}

TEST(Guard, RefusesForeignHostsAndOrigins) {
    const std::vector<std::string> local = {"localhost", "127.0.0.1", "::1"};
    const struct {
        const char* method;
        const char* host;
        const char* origin;  // null: none
        bool any_host;
        bool allowed;
    } rows[] = {
        {"GET", "localhost:8080", nullptr, false, true},
        {"GET", "LocalHost", nullptr, false, true},
        {"GET", "[::1]:8080", nullptr, false, true},
        {"GET", "evil.example:8080", nullptr, false, false},
        {"GET", "localhost.evil.example", nullptr, false, false},
        {"GET", "", nullptr, false, false},
        {"GET", "evil.example", nullptr, true, true},
        {"GET", "localhost:evil", nullptr, false, false},
        {"GET", "localhost:evil", nullptr, true, false},
        {"GET", "localhost:8080", "http://evil.example", false, true},  // cannot read the answer
        {"POST", "localhost:8080", nullptr, false, true},
        {"POST", "localhost:8080", "http://localhost:8080", false, true},
        {"POST", "localhost:8080", "http://localhost:3000", false, false},
        {"POST", "localhost", "http://localhost:80", false, true},
        {"POST", "studio.example", "https://studio.example", true, true},
        {"POST", "studio.example:443", "https://Studio.example", true, true},
        {"POST", "localhost:8080", "http://evil.example", false, false},
        {"DELETE", "localhost:8080", "null", false, false},
        {"POST", "localhost:8080", "", false, false},
    };
    for (const auto& row : rows) {
        Request request;
        request.method = row.method;
        request.headers["host"] = row.host;
        if (row.origin != nullptr) request.headers["origin"] = row.origin;
        const auto refused = refuse_foreign(request, row.any_host ? std::vector<std::string>{} : local);
        EXPECT_EQ(!refused.has_value(), row.allowed)
            << row.method << " " << row.host << " " << (row.origin == nullptr ? "-" : row.origin);
    }
}

}  // namespace
}  // namespace ourvidz::http
