// The HTTP/1.1 server: routes, requests, responses, event streams. Beast stays inside server*.cpp; what
// other folders see is plain values and Asio coroutines.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/container/flat_map.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace spdlog {
class logger;
}

namespace ourvidz::http {

namespace asio = boost::asio;

// Names to values in one block of memory; used like a std::map.
using Fields = boost::container::flat_map<std::string, std::string, std::less<>>;

struct Request {
    std::string method;             // "GET"
    std::string path;               // decoded, without the query
    Fields parameters;              // {id} of the route's pattern, decoded; the rest of "/*" is named "*"
    Fields query;                   // decoded; of repeated names the last
    Fields headers;                 // names in lower case; repeated ones joined by ", "
    std::string body;               // for BodyUse::memory
    std::filesystem::path spooled;  // for BodyUse::spool: a file that the handler may take
                                    // (rename); what is left is removed after the handler
    std::string remote_address;

    // The empty text when there is none.
    [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
    [[nodiscard]] std::string_view parameter(std::string_view name) const;
    [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
};

// A body that is written piece by piece for as long as the reader stays. One coroutine owns it. When the
// reader leaves, or the server stops, that coroutine is canceled (Asio's terminal cancellation): what it
// waits for ends with operation_aborted, which it lets pass. It must clean up by destructors.
class Stream {
  public:
    virtual ~Stream() = default;
    // Returns once the bytes are with the operating system, so a slow reader slows the writer and nothing
    // piles up. False once the reader is gone or has taken nothing within the write limit; then stop.
    [[nodiscard]] virtual asio::awaitable<bool> write(std::string chunk) = 0;
};

// A part of a file, sent without reading it into memory.
struct FileBody {
    std::filesystem::path path;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::optional<FileBody> file;                          // wins over `body`
    std::function<asio::awaitable<void>(Stream&)> stream;  // wins over both; then the connection ends
    std::optional<std::uint64_t> stream_length;  // what `stream` will write; without it, it is chunked
};

// Runs on the I/O thread and must not block it. An exception is answered with 500 and logged by its type
// only.
using Handler = std::function<asio::awaitable<Response>(Request)>;

// Asked when a request's header is there and its body is not, so that who may not call costs nothing. Answers
// with the refusal, or with the handler that gets the whole of this one request and may know who calls.
using Admission = std::variant<Response, Handler>;
using Admit = std::function<asio::awaitable<Admission>(const Request& head)>;

enum class BodyUse { none, memory, spool };

inline constexpr std::string_view json_type = "application/json";

struct RouteOptions {
    BodyUse body = BodyUse::none;
    std::uint64_t body_bytes_max = 64 * 1024;
    // The media types that a body may have, joined by ", "; empty: any. What a page of another site can send
    // without being asked first (forms, text) is none of application/json, so this is a part of the defence.
    std::string_view content_types = {};
};

// Method and pattern ("/api/v1/assets/{id}") to handler. A `{name}` matches one segment; a pattern that ends
// in
// "/*" matches the rest. A literal segment wins over `{name}`, which wins over "/*". HEAD is served by GET's
// handler unless it has its own.
class Router {
  public:
    // `handler` for whoever asks.
    void add(std::string method, std::string pattern, RouteOptions options, Handler handler);
    void add(std::string method, std::string pattern, RouteOptions options, Admit admit);

    struct Route {
        std::string method;
        std::string pattern;
        RouteOptions options;
        Handler handler;  // empty where `admit` chooses it
        Admit admit;      // empty: everyone is admitted
    };
    struct Match {
        const Route* route = nullptr;  // null: no such path, or not with this method
        Fields parameters;
        std::string allowed_methods;  // filled if only the method did not match
    };
    // `path` as it came, still percent-encoded, without the query. What it points to is valid until the next
    // add().
    [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
    // For the test that holds api/openapi.yaml to the real routes.
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  private:
    void add(Route route);
    // A tree with one level for each segment of the patterns.
    struct Node {
        boost::container::flat_map<std::string, std::size_t, std::less<>> literal;
        std::size_t parameter = 0;      // index of the child for {name}; 0: none
        std::vector<std::size_t> ends;  // indexes of the routes that end here
        std::vector<std::size_t> rest;  // indexes of the routes that end in "/*" here
    };
    [[nodiscard]] const std::vector<std::size_t>* descend(std::size_t node,
                                                          const std::vector<std::string>& segments,
                                                          std::size_t at, std::size_t& rest_from) const;

    std::vector<Route> routes_;
    std::vector<Node> nodes_{1};
};

struct ServerOptions {
    std::string host = "127.0.0.1";           // an IP address, or "localhost"
    std::uint16_t port = 0;                   // 0: any free port
    std::filesystem::path spool_folder = {};  // where BodyUse::spool bodies go
    // The names that a Host header may carry, without port; empty: any. A server without login on loopback
    // must set this, or a web page could reach it under a name of its own (DNS rebinding).
    std::vector<std::string> allowed_hosts = {};
    int connections_max = 12'000;
    std::size_t header_bytes_max = 16 * 1024;
    std::uint64_t body_memory_bytes_max = 256ULL << 20U;  // bodies in memory together: see BodyBudget
    int body_patience_ms = 10'000;   // after which a slow one may lose its place there to another
    int header_timeout_ms = 15'000;  // from the first byte to the end of the header
    int body_timeout_ms = 30'000;    // for every 16 KiB of a request's body
    int idle_timeout_ms = 75'000;    // between requests on one connection
    int write_timeout_ms = 30'000;   // a reader that takes nothing for so long is cut
    int stop_grace_ms = 10'000;      // requests in flight when stop() comes get so long
    std::shared_ptr<spdlog::logger> log = nullptr;  // null: spdlog's default
};

// Listens and serves on the io_context that it is given, which exactly one thread runs. Timeouts are checked
// a few times within the shortest of them, at most every second, and so may come late by that much.
class Server {
  public:
    // The router must outlive the server, and stay as it is. Fails with ErrorCode::unavailable and a sentence
    // when the port is in use or the address is not ours.
    static Result<std::unique_ptr<Server>> start(asio::io_context& io, const Router& router,
                                                 ServerOptions options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    // Stops accepting; lets requests in flight finish, ends streams. Safe to call twice. From the I/O thread,
    // or while no thread runs the io_context; the io_context runs out of work when the last connection has
    // ended.
    void stop();
    // For /metrics; from the I/O thread.
    [[nodiscard]] int open_connections() const;

  private:
    class Impl;
    explicit Server(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace ourvidz::http
