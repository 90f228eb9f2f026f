// Serving parts of files: RFC 9110 conditional and range requests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <variant>

#include "http/server.h"

namespace ourvidz::http {

struct WholeFile {};
struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};
struct UnsatisfiableRange {};

// What a Range header asks for of `size` bytes. Several ranges, other units and broken syntax are ignored, as
// the standard allows: the answer is the whole file.
[[nodiscard]] std::variant<WholeFile, ByteRange, UnsatisfiableRange> parse_range(std::string_view header,
                                                                                 std::uint64_t size);

// True if `etag` (with its quotes) is in the list of an If-Match or If-None-Match header. The weak comparison
// takes W/"a" for "a"; the strong one, of If-Match, takes no weak tag at all.
enum class Comparison { weak, strong };
[[nodiscard]] bool etag_matches(std::string_view list, std::string_view etag, Comparison comparison);

// The condition of a request that does not hold of something without an ETag: an If-Match that names one,
// and, for a request that changes something, an If-None-Match that allows nothing. Asked of what is there
// only.
[[nodiscard]] std::optional<Error> unmet_without_etag(const Request& request);

// What is known of something that ranges can be taken of. `etag` with its quotes, and strong; both it and
// `cache_control` may be empty.
struct RangedContent {
    std::uint64_t size = 0;
    std::string_view content_type;
    std::string_view etag;
    std::string_view cache_control;
};
// 200, 206, 304, 412 or 416 with its headers, and the part of the content that makes the body, if it has one.
// The conditions are taken in the order of RFC 9110 §13.2.2; those that name a date are ignored, as they must
// be where no date of the last change is known. May be called for GET and HEAD.
struct RangedResponse {
    Response response;
    std::optional<ByteRange> part;
};
[[nodiscard]] RangedResponse ranged_response(const Request& request, const RangedContent& content);

// 200, 206, 304, 412 or 416 for a file; a 404 problem if it is not there. `etag` with its quotes, and strong;
// both it and `cache_control` may be empty. May be called for GET and HEAD.
[[nodiscard]] Response file_response(const Request& request, const std::filesystem::path& path,
                                     std::string_view content_type, std::string_view etag,
                                     std::string_view cache_control);

}  // namespace ourvidz::http
