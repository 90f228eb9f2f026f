// Page cursors: where the next page of a newest-first list starts, opaque to clients.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace ourvidz {

struct Cursor {
    UnixMs created_at = 0;
    std::string id;
};
[[nodiscard]] std::string to_text(const Cursor& cursor);
[[nodiscard]] std::optional<Cursor> cursor_from(std::string_view text);

// RFC 3339 in UTC with milliseconds, such as 2026-11-22T22:11:39.123Z.
[[nodiscard]] std::string to_rfc3339(UnixMs time);
[[nodiscard]] std::optional<std::string> to_rfc3339(const std::optional<UnixMs>& time);

}  // namespace ourvidz
