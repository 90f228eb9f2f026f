// The HTTP/1.1 server: routes, requests, responses, event streams. Beast stays inside server.cpp; what
// other folders see is plain values and Asio coroutines.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ourvidz::http {

namespace asio = boost::asio;

struct Request {
    std::string method;                                // "GET"
    std::string path;                                  // decoded, without the query
    std::map<std::string, std::string> parameters;     // {id} of the route's pattern, decoded
    std::map<std::string, std::string> query;          // decoded; of repeated names the last
    std::map<std::string, std::string> headers;        // names in lower case
    std::string body;                                  // for BodyUse::memory
    std::filesystem::path spooled;                     // for BodyUse::spool: a file that the handler may take
                                                       // (rename); what is left is removed after the response
    std::string remote_address;

    [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
    [[nodiscard]] std::string_view parameter(std::string_view name) const;
    [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
};

// A body that is written piece by piece for as long as the reader stays. One coroutine owns it.
class Stream {
  public:
    virtual ~Stream() = default;
    // False once the reader is gone or has not taken the bytes within the write limit; then stop.
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
    std::optional<FileBody> file;                                    // wins over `body`
    std::function<asio::awaitable<void>(Stream&)> stream;            // wins over both; chunked
};

using Handler = std::function<asio::awaitable<Response>(Request)>;

enum class BodyUse { none, memory, spool };

struct RouteOptions {
    BodyUse body = BodyUse::none;
    std::uint64_t body_bytes_max = 64 * 1024;
};

// Method and pattern ("/api/v1/assets/{id}") to handler. A `{name}` matches one segment; a pattern that ends in
// "/*" matches the rest. More specific patterns win over "/*".
class Router {
  public:
    void add(std::string method, std::string pattern, RouteOptions options, Handler handler);

    struct Route {
        std::string method;
        std::string pattern;
        RouteOptions options;
        Handler handler;
    };
    struct Match {
        const Route* route = nullptr;                      // null: no such path
        std::map<std::string, std::string> parameters;
        std::string allowed_methods;                       // filled if only the method did not match
    };
    [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
    // For the test that holds api/openapi.yaml to the real routes.
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  private:
    std::vector<Route> routes_;
};

struct ServerOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;                                // 0: any free port
    std::filesystem::path spool_folder;                    // where BodyUse::spool bodies go
    int connections_max = 12'000;
    int header_timeout_ms = 15'000;                        // from the first byte to the end of the header
    int idle_timeout_ms = 75'000;                          // between requests on one connection
    int write_timeout_ms = 30'000;                         // a reader that takes nothing for so long is cut
};

// Listens and serves on the io_context that it is given, which exactly one thread runs.
class Server {
  public:
    // The router must outlive the server. Fails with ErrorCode::unavailable and a sentence when the port is in
    // use or the address is not ours.
    static Result<std::unique_ptr<Server>> start(asio::io_context& io, const Router& router, ServerOptions options);
    ~Server();

    [[nodiscard]] std::uint16_t port() const;
    // Stops accepting; lets requests in flight finish, ends streams. Safe to call twice.
    void stop();
    // For /metrics.
    [[nodiscard]] int open_connections() const;

  private:
    class Impl;
    explicit Server(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace ourvidz::http
