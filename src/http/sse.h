// The text/event-stream format, written and read.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace ourvidz::http {

// One event; empty `event` and `id` are left out. Line breaks in `data` become further data lines; in `event`
// and `id` they are removed, so that no field can forge another.
[[nodiscard]] std::string sse_event(std::string_view event, std::string_view data, std::string_view id = {});
// A line that readers skip; keeps connections open. `text` without line breaks.
[[nodiscard]] std::string sse_comment(std::string_view text = {});
// How long a reader waits before it connects again.
[[nodiscard]] std::string sse_retry(int retry_ms);

// Takes bytes as they come and gives whole events.
class SseParser {
  public:
    struct Event {
        std::string event;  // empty: "message"
        std::string data;
        std::string id;  // the last id that was seen, as the standard has it
    };

    // Fails with too_large when one event has more bytes than this.
    static constexpr std::size_t event_bytes_max = 4 * 1024 * 1024;

    [[nodiscard]] Result<void> put(std::string_view bytes);
    // True and `event` if one is complete; call until false after each put().
    [[nodiscard]] bool take(Event& event);

  private:
    void read_line(std::string_view line);

    std::string buffer_;
    std::size_t start_ = 0;  // of what is not read yet in buffer_
    bool at_start_ = true;   // a byte order mark may still come
    Event building_;
    bool has_data_ = false;
    bool complete_ = false;
};

}  // namespace ourvidz::http
