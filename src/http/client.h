// A small blocking HTTP client (libcurl) for the node and the command line. One object per thread; it keeps
// its connection alive between calls.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace ourvidz::http {

struct Reply {
    int status = 0;
    std::string content_type;
    std::string body;
    std::map<std::string, std::string> headers;  // names in lower case; of several with one name the last

    // Empty if there is none. `name` in lower case.
    [[nodiscard]] std::string header(const std::string& name) const;
};

// Paths begin with "/", are already encoded (see url_path() in http/url.h) and may have a query. Redirects
// are not followed. Errors of all calls: unavailable when no answer came (with the reason), canceled after
// interrupt().
class Client {
  public:
    // `base_url` such as http://127.0.0.1:8080; `bearer` may be empty.
    Client(std::string base_url, std::string bearer);
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;

    using Headers = std::vector<std::pair<std::string, std::string>>;

    // A reply of any status is a value. Fails with too_large for a body over 64 MiB.
    [[nodiscard]] Result<Reply> send(std::string_view method, std::string_view path, std::string_view body,
                                     const Headers& headers, int timeout_ms);
    // The same with a file as the body, read as it is sent.
    [[nodiscard]] Result<Reply> upload(std::string_view method, std::string_view path,
                                       const std::filesystem::path& file, const Headers& headers,
                                       int timeout_ms);
    // JSON in, JSON out; a problem+json answer becomes its Error. A null `body` sends none; an empty answer
    // is null.
    [[nodiscard]] Result<json::value> call(std::string_view method, std::string_view path,
                                           const json::value& body, int timeout_ms);
    // Writes the body of a GET into `file`, by way of a temporary name beside it. A status other than 200 is
    // an error.
    [[nodiscard]] Result<void> download(std::string_view path, const std::filesystem::path& file,
                                        int timeout_ms);
    // Reads a text/event-stream until `on_event` answers false, the server ends it, or `timeout_ms` passes
    // without a byte (unavailable). `on_event(event, data, id)`. A status other than 200 is an error.
    [[nodiscard]] Result<void> events(
        std::string_view path, const Headers& headers, int timeout_ms,
        const std::function<bool(std::string_view, std::string_view, std::string_view)>& on_event);
    // Makes the call in progress on another thread, or else the next one, return at once with
    // ErrorCode::canceled. Thread-safe.
    void interrupt();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ourvidz::http
