#include "base/cursor.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/id.h"

namespace ourvidz {
namespace {

constexpr UnixMs created_at_max = 999'999'999'999'999;

bool is_of_an_id(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::string to_text(const Cursor& cursor) {
    return std::to_string(cursor.created_at) + "." + cursor.id;
}

std::optional<Cursor> cursor_from(std::string_view text) {
    Cursor cursor;
    const auto* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, cursor.created_at);
    if (failure != std::errc() || stop == end || *stop != '.' || cursor.created_at < 0 ||
        cursor.created_at > created_at_max)
        return std::nullopt;
    cursor.id = std::string(stop + 1, end);
    if (cursor.id.empty() || cursor.id.size() > id_bytes_max ||
        !std::all_of(cursor.id.begin(), cursor.id.end(), is_of_an_id))
        return std::nullopt;
    return cursor;
}

std::string to_rfc3339(UnixMs time) {
    const auto seconds = static_cast<std::time_t>(time / 1000);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), time % 1000);
}

std::optional<std::string> to_rfc3339(const std::optional<UnixMs>& time) {
    return time ? std::optional(to_rfc3339(*time)) : std::nullopt;
}

}  // namespace ourvidz
