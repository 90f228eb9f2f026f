// One request from bytes: Beast's parser, writing straight into our Request. Only server_parser.cpp sees
// Beast.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/body_sink.h"
#include "http/server.h"

namespace ourvidz::http {

class RequestParser {
  public:
    explicit RequestParser(std::size_t header_bytes_max);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    // Before each request.
    void reset();

    // Takes bytes from the front and says how many; those left must come again, with more behind them if
    // nothing was taken. Stops after the header. Fails with malformed_body, too_large or what the sink says;
    // after that the connection is out of step and must end.
    [[nodiscard]] Result<std::size_t> put(std::string_view bytes);
    [[nodiscard]] bool header_done() const;
    [[nodiscard]] bool done() const;

    // After the header: method and headers are filled.
    [[nodiscard]] Request& request();
    [[nodiscard]] std::string_view target() const;
    [[nodiscard]] bool keep_alive() const;
    [[nodiscard]] bool is_http_1_1() const;
    [[nodiscard]] bool expects_continue() const;
    [[nodiscard]] std::optional<std::uint64_t> content_length() const;  // nothing: chunked, or no body
    // Where the body goes; before put() is called for it. Must outlive it.
    void set_sink(BodySink& sink);

  private:
    class Impl;
    const std::size_t header_bytes_max_;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ourvidz::http
