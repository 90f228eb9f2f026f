#include "http/range.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>

#include "http/guard.h"
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

bool etag_matches(std::string_view list, std::string_view etag, Comparison comparison) {
    if (trim(list) == "*") return true;
    // A tag may have commas between its quotes, so the list cannot be cut at them.
    while (!list.empty()) {
        list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
        const bool weak = list.starts_with("W/");
        if (weak) list.remove_prefix(2);
        const auto end = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
        if (end == std::string_view::npos) return false;
        if (list.substr(0, end + 1) == etag && (!weak || comparison == Comparison::weak)) return true;
        list.remove_prefix(end + 1);
    }
    return false;
}

namespace {

Error precondition_failed(std::string detail) {
    return Error{ErrorCode::precondition_failed, std::move(detail), ""};
}

// 412 or 304 where the conditions of the request say so.
std::optional<Response> conditional_response(const Request& request, std::string_view etag) {
    const auto if_match = request.header("if-match");
    if (!if_match.empty() && !etag_matches(if_match, etag, Comparison::strong))
        return problem(precondition_failed("This is not what the header If-Match names."));
    const auto if_none_match = request.header("if-none-match");
    if (if_none_match.empty() || !etag_matches(if_none_match, etag, Comparison::weak)) return std::nullopt;
    Response response;
    response.status = 304;
    return response;
}

// A weak or unknown validator, or a date, never proves that the rest still fits to what the reader has.
std::variant<WholeFile, ByteRange, UnsatisfiableRange> asked_range(const Request& request,
                                                                   const RangedContent& content) {
    const auto header = request.header("range");
    const auto if_range = request.header("if-range");
    const bool ranged = request.method == "GET" && !header.empty() &&
                        (if_range.empty() || (!content.etag.empty() && if_range == content.etag));
    return ranged ? parse_range(header, content.size) : WholeFile{};
}

}  // namespace

std::optional<Error> unmet_without_etag(const Request& request) {
    const auto if_match = trim(request.header("if-match"));
    if (!if_match.empty() && if_match != "*")
        return precondition_failed(
            "What is at this address has no ETag, so If-Match can name none: leave it out.");
    if (!changes_nothing(request.method) && trim(request.header("if-none-match")) == "*")
        return precondition_failed("If-None-Match asks that there be nothing at this address, and there is.");
    return std::nullopt;
}

RangedResponse ranged_response(const Request& request, const RangedContent& content) {
    Response response;
    std::optional<ByteRange> part;
    const auto size = std::to_string(content.size);
    bool may_be_kept = true;
    if (auto other = conditional_response(request, content.etag)) {
        response = std::move(*other);
        may_be_kept = response.status == 304;
    } else if (const auto range = asked_range(request, content);
               std::holds_alternative<UnsatisfiableRange>(range)) {
        response = problem(Error{ErrorCode::range_not_satisfiable,
                                 "There are " + size + " bytes, and the part begins after them.", ""});
        may_be_kept = false;
        response.headers.emplace_back("Accept-Ranges", "bytes");
        response.headers.emplace_back("Content-Range", "bytes */" + size);
    } else {
        response.headers = {{"Accept-Ranges", "bytes"}, {"Content-Type", std::string(content.content_type)}};
        part = ByteRange{0, content.size};
        if (const auto* asked = std::get_if<ByteRange>(&range)) {
            part = *asked;
            response.status = 206;
            response.headers.emplace_back("Content-Range",
                                          "bytes " + std::to_string(part->offset) + "-" +
                                              std::to_string(part->offset + part->length - 1) + "/" + size);
        }
    }
    if (!content.etag.empty()) response.headers.emplace_back("ETag", content.etag);
    if (may_be_kept && !content.cache_control.empty())
        response.headers.emplace_back("Cache-Control", content.cache_control);
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
