// Where the bytes of a request's body go as they come: memory, a spool file, or nowhere.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/body_budget.h"
#include "http/server.h"

namespace ourvidz::http {

// What a body that is kept needs beside itself.
struct BodyPlace {
    const std::filesystem::path& spool_folder;
    BodyBudget& budget;                   // of those in memory
    const std::int64_t& now_ms;           // goes on meanwhile
    std::optional<std::uint64_t> length;  // nothing: it is not known before the end
    std::function<void()> on_lost;        // nobody waits for the rest of this one any more
};

class BodySink {
  public:
    // Takes and forgets up to `bytes_max`.
    explicit BodySink(std::uint64_t bytes_max = 0) : bytes_max_(bytes_max) {}
    // Removes the spool file if it is still where it was.
    ~BodySink();
    BodySink(const BodySink&) = delete;
    BodySink& operator=(const BodySink&) = delete;

    // Fails with unavailable if no file can be made in the spool folder, or there is no room in memory.
    [[nodiscard]] Result<void> open(RouteOptions options, BodyPlace place);
    // Fails with too_large over the limit, with unavailable if the disk or the memory takes no more.
    [[nodiscard]] Result<void> append(std::string_view bytes);
    // Ends writing: fills Request::body or Request::spooled.
    void finish(Request& request);
    // The request is answered, and what was in memory is gone.
    void answered() { share_.reset(); }
    // Its place went to another body.
    [[nodiscard]] bool lost() const { return share_ && share_->lost(); }

    [[nodiscard]] std::uint64_t bytes_max() const { return bytes_max_; }

  private:
    [[nodiscard]] Result<void> make_room(std::uint64_t bytes);

    BodyUse use_ = BodyUse::none;
    std::uint64_t bytes_max_;
    std::uint64_t bytes_ = 0;
    std::string memory_;
    std::optional<BodyBudget::Share> share_;
    const std::int64_t* now_ms_ = nullptr;
    std::filesystem::path file_;
    int fd_ = -1;
};

[[nodiscard]] Error body_too_large(std::uint64_t bytes_max);
[[nodiscard]] Error no_room_for_body();

}  // namespace ourvidz::http
