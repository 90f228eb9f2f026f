#include "assets/file_answers.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/thread_pool.hpp>

#include "http/run_on.h"

namespace ourvidz::assets {
namespace {

// A file that is read through the server comes in blocks of this size: the first one is soon there, and a
// reader that goes away costs little.
constexpr std::size_t readers_max = 4;
constexpr std::size_t block_bytes = 1U << 20;
constexpr std::chrono::seconds link_valid{300};
constexpr std::string_view kept_for_ever = "private, max-age=31536000, immutable";

}  // namespace

struct FileAnswers::Readers {
    http::asio::thread_pool pool{readers_max};
};

FileAnswers::FileAnswers(files::FileStore& files) : files_(files), readers_(std::make_unique<Readers>()) {}

FileAnswers::~FileAnswers() = default;

Result<http::Response> FileAnswers::answer(const http::Request& request, const AssetFile& file) {
    OURVIDZ_TRY(path, files_.local_path(file.file_key));
    // A file never changes under its key, so its hash is the best validator there is.
    const auto etag = "\"" + file.sha256 + "\"";
    return path ? http::file_response(request, *path, file.content_type, etag, kept_for_ever)
                : stored_elsewhere(request, file, etag);
}

Result<http::Response> FileAnswers::download(const http::Request& request, const AssetFile& file,
                                             const std::string& disposition) {
    const auto link = request.method == "GET"
                          ? files_.link(file.file_key, {link_valid, file.content_type, disposition})
                          : std::nullopt;
    if (link) {
        http::Response response;
        response.status = 307;
        response.headers = {{"Location", *link}, {"Cache-Control", "no-store"}};
        return response;
    }
    OURVIDZ_TRY(response, answer(request, file));
    response.headers.emplace_back("Content-Disposition", disposition);
    return std::move(response);
}

http::Response FileAnswers::stored_elsewhere(const http::Request& request, const AssetFile& file,
                                             const std::string& etag) {
    auto answer = http::ranged_response(
        request, {static_cast<std::uint64_t>(file.bytes), file.content_type, etag, kept_for_ever});
    if (!answer.part) return std::move(answer.response);
    answer.response.stream_length = answer.part->length;
    answer.response.stream = [this, key = file.file_key, part = *answer.part](http::Stream& stream) {
        return send_part(stream, key, part);
    };
    return std::move(answer.response);
}

// A reader whose file stops coming sees that its length is not reached.
http::asio::awaitable<void> FileAnswers::send_part(http::Stream& stream, std::string key,
                                                   http::ByteRange part) {
    while (part.length > 0) {
        const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(part.length, block_bytes));
        auto read = [this, key, offset = part.offset, length] { return files_.read(key, offset, length); };
        auto block = co_await http::run_on(readers_->pool, std::move(read));
        if (!block.ok() || block->size() != length) {
            spdlog::warn("a file could not be read: {}",
                         block.ok() ? "it is too short" : block.error().detail);
            co_return;
        }
        part.offset += length;
        part.length -= length;
        const bool taken = co_await stream.write(std::move(*block));
        if (!taken) co_return;
    }
}

}  // namespace ourvidz::assets
