#include "http/range.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>

#include "http/problem.h"

namespace ourvidz::http {
namespace {

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool wants_bytes(std::string_view header) {
    constexpr std::string_view unit = "bytes=";
    return header.size() > unit.size() &&
           std::equal(unit.begin(), unit.end(), header.begin(),
                      [](char a, char b) { return a == (b | 0x20) || a == b; });
}

}  // namespace

std::variant<WholeFile, ByteRange, UnsatisfiableRange> parse_range(std::string_view header,
                                                                   std::uint64_t size) {
    if (!wants_bytes(header)) return WholeFile{};
    const auto spec = trim(header.substr(6));
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return WholeFile{};
    const auto first_text = trim(spec.substr(0, dash));
    const auto last_text = trim(spec.substr(dash + 1));
    if (first_text.empty()) {
        const auto suffix = parse_number(last_text);
        if (!suffix) return WholeFile{};
        if (*suffix == 0 || size == 0) return UnsatisfiableRange{};
        const auto length = std::min(*suffix, size);
        return ByteRange{size - length, length};
    }
    const auto first = parse_number(first_text);
    if (!first) return WholeFile{};
    std::uint64_t last = UINT64_MAX;
    if (!last_text.empty()) {
        const auto parsed = parse_number(last_text);
        if (!parsed || *parsed < *first) return WholeFile{};
        last = *parsed;
    }
    if (*first >= size) return UnsatisfiableRange{};
    return ByteRange{*first, std::min(last, size - 1) - *first + 1};
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
    if (trim(if_none_match) == "*") return true;
    while (!if_none_match.empty()) {
        const auto comma = if_none_match.find(',');
        auto candidate = trim(if_none_match.substr(0, comma));
        if (candidate.starts_with("W/")) candidate.remove_prefix(2);
        if (!candidate.empty() && candidate == etag) return true;
        if (comma == std::string_view::npos) break;
        if_none_match.remove_prefix(comma + 1);
    }
    return false;
}

RangedResponse ranged_response(const Request& request, const RangedContent& content) {
    Response response;
    if (!content.etag.empty()) response.headers.emplace_back("ETag", content.etag);
    if (!content.cache_control.empty()) response.headers.emplace_back("Cache-Control", content.cache_control);
    const auto if_none_match = request.header("if-none-match");
    if (!content.etag.empty() && !if_none_match.empty() && etag_matches(if_none_match, content.etag)) {
        response.status = 304;
        return {std::move(response), std::nullopt};
    }
    response.headers.emplace_back("Accept-Ranges", "bytes");
    const auto range_header = request.header("range");
    const auto if_range = request.header("if-range");
    // A weak or unknown validator, or a date, never proves that the rest still fits to what the reader has.
    const bool ranged = request.method == "GET" && !range_header.empty() &&
                        (if_range.empty() || (!content.etag.empty() && if_range == content.etag));
    const auto range = ranged ? parse_range(range_header, content.size) : WholeFile{};
    const auto size = std::to_string(content.size);
    if (std::holds_alternative<UnsatisfiableRange>(range)) {
        response.status = 416;
        response.headers.emplace_back("Content-Range", "bytes */" + size);
        return {std::move(response), std::nullopt};
    }
    response.headers.emplace_back("Content-Type", content.content_type);
    ByteRange part{0, content.size};
    if (const auto* asked = std::get_if<ByteRange>(&range)) {
        part = *asked;
        response.status = 206;
        response.headers.emplace_back("Content-Range", "bytes " + std::to_string(part.offset) + "-" +
                                                           std::to_string(part.offset + part.length - 1) +
                                                           "/" + size);
    }
    return {std::move(response), part};
}

Response file_response(const Request& request, const std::filesystem::path& path,
                       std::string_view content_type, std::string_view etag, std::string_view cache_control) {
    std::error_code failure;
    const std::uint64_t size = std::filesystem::file_size(path, failure);
    if (failure) return problem(Error{ErrorCode::not_found, "There is no such file.", ""});
    auto answer = ranged_response(request, {size, content_type, etag, cache_control});
    if (answer.part) answer.response.file = FileBody{path, answer.part->offset, answer.part->length};
    return std::move(answer.response);
}

}  // namespace ourvidz::http
