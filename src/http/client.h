// A small blocking HTTP client (libcurl) for the node and the command line. One object per thread; it keeps
// its connection alive between calls.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
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
};

class Client {
  public:
    // `base_url` such as http://127.0.0.1:8080; `bearer` may be empty.
    Client(std::string base_url, std::string bearer);
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;

    using Headers = std::vector<std::pair<std::string, std::string>>;

    // Errors: unavailable when no answer came (with the reason); a reply of any status is a value.
    [[nodiscard]] Result<Reply> send(std::string_view method, std::string_view path, std::string_view body,
                                     const Headers& headers, int timeout_ms);
    // JSON in, JSON out; a problem+json answer becomes its Error.
    [[nodiscard]] Result<json::value> call(std::string_view method, std::string_view path, const json::value& body,
                                           int timeout_ms);
    // Writes the body of a GET into `file`, by way of a temporary name beside it.
    [[nodiscard]] Result<void> download(std::string_view path, const std::filesystem::path& file, int timeout_ms);
    // Reads a text/event-stream until `on_event` answers false, the server ends it, or `timeout_ms` passes
    // without a byte. `on_event(event, data, id)`.
    [[nodiscard]] Result<void> events(
        std::string_view path, const Headers& headers, int timeout_ms,
        const std::function<bool(std::string_view, std::string_view, std::string_view)>& on_event);
    // Makes a call in progress on another thread return soon with ErrorCode::canceled. Thread-safe.
    void interrupt();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ourvidz::http
