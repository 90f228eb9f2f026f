// Where the bytes of a request's body go as they come: memory, a spool file, or nowhere.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/server.h"

namespace ourvidz::http {

class BodySink {
  public:
    // Takes and forgets up to `bytes_max`.
    explicit BodySink(std::uint64_t bytes_max = 0) : bytes_max_(bytes_max) {}
    // Removes the spool file if it is still where it was.
    ~BodySink();
    BodySink(const BodySink&) = delete;
    BodySink& operator=(const BodySink&) = delete;

    // Fails with unavailable if no file can be made in the spool folder.
    [[nodiscard]] Result<void> open(RouteOptions options, const std::filesystem::path& spool_folder);
    // Fails with too_large over the limit, with unavailable if the disk takes no more.
    [[nodiscard]] Result<void> append(std::string_view bytes);
    // Ends writing: fills Request::body or Request::spooled.
    void finish(Request& request);

    [[nodiscard]] std::uint64_t bytes_max() const { return bytes_max_; }

  private:
    BodyUse use_ = BodyUse::none;
    std::uint64_t bytes_max_;
    std::uint64_t bytes_ = 0;
    std::string memory_;
    std::filesystem::path file_;
    int fd_ = -1;
};

[[nodiscard]] Error body_too_large(std::uint64_t bytes_max);

}  // namespace ourvidz::http
