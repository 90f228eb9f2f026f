#include "http/compression.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>

namespace ourvidz::http {
namespace {

constexpr int quick = 1;
constexpr int window_bits_gzip = 15 + 16;
constexpr int memory_level = 8;

bool is_json(std::string_view content_type) {
    return content_type == json_type || content_type == "application/problem+json";
}

const std::string* header(const Response& response, std::string_view name) {
    const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                    [&](const auto& one) { return one.first == name; });
    return found == response.headers.end() ? nullptr : &found->second;
}

}  // namespace

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
    while (!accept_encoding.empty()) {
        const auto comma = accept_encoding.find(',');
        const auto item = accept_encoding.substr(0, comma);
        const auto first = item.find_first_not_of(" \t");
        if (first != std::string_view::npos && item.substr(first).starts_with(coding)) {
            const auto after = item.substr(first + coding.size());
            const auto weight = after.find("q=");
            const bool ends = after.empty() || after.find_first_of(" ;\t") == 0;
            if (ends && (weight == std::string_view::npos ||
                         after.substr(weight + 2).find_first_of("123456789") != std::string_view::npos)) {
                return true;
            }
        }
        if (comma == std::string_view::npos) break;
        accept_encoding.remove_prefix(comma + 1);
    }
    return false;
}

std::string gzip(std::string_view bytes, int level) {
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, window_bits_gzip, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
        std::abort();  // only without memory
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    // zlib only reads from it; its type has no const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);  // in one go: there is room for the worst
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

void compress_json(Response& response, std::string_view accept_encoding, std::size_t bytes_max) {
    const auto size = response.body.size();
    if (size < compressed_bytes_min || size > bytes_max || response.file || response.stream) return;
    const auto* type = header(response, "Content-Type");
    if (type == nullptr || !is_json(*type) || header(response, "ETag") != nullptr ||
        header(response, "Vary") != nullptr)  // looked at already
        return;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!accepts_coding(accept_encoding, "gzip")) return;
    response.body = gzip(response.body, quick);
    response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace ourvidz::http
