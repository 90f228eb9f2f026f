#include "assets/assets_routes.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/thread_pool.hpp>
#include <fstream>

#include "assets/declared_size.h"
#include "assets/download_name.h"
#include "base/id.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/range.h"
#include "http/run_on.h"

namespace ourvidz::assets {
namespace {

constexpr std::uint64_t upload_bytes_max = 32ULL << 20U;
constexpr std::string_view upload_types = "image/png, image/jpeg, image/webp";
// Those at work and those that wait, which are in memory meanwhile.
constexpr int small_uploads_max = 256;
constexpr int large_uploads_max = 64;
// A screenshot, or a picture of the studio's own: read in some tenths of a second.
constexpr std::uint64_t small_pixels_max = 2'500'000;
constexpr std::size_t small_bytes_max = 8U << 20U;
constexpr int page_default = 50;
constexpr int page_max = 200;
// A file that is read through the server comes in blocks of this size: the first one is soon there, and a
// reader that goes away costs little.
constexpr std::size_t readers_max = 4;
constexpr std::size_t block_bytes = 1U << 20;
constexpr std::chrono::seconds link_valid{300};
constexpr std::string_view kept_for_ever = "private, max-age=31536000, immutable";

const safety::Verdict& upload_verdict() {
    static const safety::Verdict verdict{
        safety::Decision::hold, "upload_checks_missing",
        "Uploaded pictures are held until the upload checks are installed; a later version brings them.",
        safety::policy_version};
    return verdict;
}

Result<files::StoredFile> store_bytes(files::FileStore& files, const Clock& clock, const std::string& bytes) {
    const auto path = files.incoming_folder() / new_id("inc", clock);
    {
        std::ofstream out(path, std::ios::binary);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out.flush()) {
            std::error_code ignored;
            std::filesystem::remove(path, ignored);
            return Error{ErrorCode::unavailable, "The disk is full, so the upload cannot be saved.", ""};
        }
    }
    return files.adopt(path);
}

bool is_small(std::string_view file) {
    const auto pixels = declared_pixels(file);
    return pixels && *pixels <= small_pixels_max && file.size() <= small_bytes_max;
}

}  // namespace

struct AssetsApi::Threads {
    explicit Threads(std::size_t count) : pool(count) {}
    http::asio::thread_pool pool;
};

AssetsApi::AssetsApi(db::Database& database, files::FileStore& files, events::Hub& hub, const Clock& clock,
                     std::string workspace_id, DecodeUpload decode)
    : database_(database),
      files_(files),
      hub_(hub),
      clock_(clock),
      workspace_id_(std::move(workspace_id)),
      decode_(std::move(decode)),
      readers_(std::make_unique<Threads>(readers_max)),
      small_uploads_(std::make_unique<http::LimitedPool>(small_upload_lanes, small_uploads_max)),
      large_uploads_(std::make_unique<http::LimitedPool>(large_upload_lanes, large_uploads_max)) {}

AssetsApi::~AssetsApi() = default;

void AssetsApi::add_to(http::Router& router) {
    const std::string one = "/api/v1/assets/{id}";
    router.add("GET", "/api/v1/assets", {},
               [this](http::Request request) { return list(std::move(request)); });
    router.add("POST", "/api/v1/assets", {http::BodyUse::memory, upload_bytes_max, upload_types},
               [this](http::Request request) { return upload(std::move(request)); });
    router.add("GET", one, {}, [this](http::Request request) { return get(std::move(request)); });
    router.add("GET", one + "/content", {},
               [this](http::Request request) { return content(std::move(request)); });
    const std::pair<const char*, const char*> moves[] = {
        {"/keep", "kept"}, {"/discard", "discarded"}, {"/restore", "staging"}};
    for (const auto& [path, state] : moves) {
        router.add("POST", one + path, {}, [this, state = std::string(state)](http::Request request) {
            return move_to(std::move(request), state);
        });
    }
}

http::asio::awaitable<http::Response> AssetsApi::list(http::Request request) {
    const auto limit = http::query_integer(request, "limit", 1, page_max, page_default);
    if (!limit.ok()) co_return http::problem(limit.error());
    auto state = http::query_choice(request, "state", {"staging", "kept", "discarded"});
    if (!state.ok()) co_return http::problem(state.error());
    auto read = [this, limit = static_cast<int>(*limit), state = *state,
                 cursor = request.query_value("cursor")](db::Connection& connection) {
        return assets::list(connection, workspace_id_, state, cursor, limit);
    };
    auto page = co_await database_.read(scope_, std::move(read));
    if (!page.ok()) co_return http::problem(page.error());
    json::array items;
    for (const auto& asset : page->items) items.push_back(to_json(asset));
    json::object body{{"items", std::move(items)}, {"next_cursor", nullptr}};
    if (page->next_cursor) body["next_cursor"] = *page->next_cursor;
    co_return http::json_response(200, body);
}

http::asio::awaitable<http::Response> AssetsApi::get(http::Request request) {
    auto read = [this, id = std::string(request.parameter("id"))](db::Connection& connection) {
        return find(connection, workspace_id_, id);
    };
    auto asset = co_await database_.read(scope_, std::move(read));
    if (!asset.ok()) co_return http::problem(asset.error());
    co_return http::json_response(200, to_json(*asset));
}

http::asio::awaitable<http::Response> AssetsApi::content(http::Request request) {
    auto variant = http::query_choice(request, "variant", {"original", "thumbnail", "poster", "hover"});
    if (!variant.ok()) co_return http::problem(variant.error());
    const auto download = http::query_boolean(request, "download", false);
    if (!download.ok()) co_return http::problem(download.error());
    auto read = [this, id = std::string(request.parameter("id"))](db::Connection& connection) {
        return find(connection, workspace_id_, id);
    };
    auto asset = co_await database_.read(scope_, std::move(read));
    if (!asset.ok()) co_return http::problem(asset.error());
    if (!asset->visible()) {
        co_return http::problem(Error{ErrorCode::held, asset->verdict.sentence, ""});
    }
    const auto* file = asset->file(variant->empty() ? "original" : *variant);
    if (file == nullptr)
        co_return http::problem(Error{ErrorCode::not_found, "There is no such variant of this asset.", ""});
    std::string disposition;
    if (*download)
        disposition = attachment(download_name(prompt_of(asset->recipe), asset->id, file->content_type));
    co_return file_content(request, *file, disposition);
}

// From wherever the store keeps it: a file of this machine, or through us. A download may be sent to the
// store by a link; pictures of the web app may not, which its content security policy forbids, nor what a
// node asks for.
http::Response AssetsApi::file_content(const http::Request& request, const AssetFile& file,
                                       const std::string& disposition) {
    const auto path = files_.local_path(file.file_key);
    if (!path.ok()) return http::problem(path.error());
    const bool may_leave = !disposition.empty() && request.method == "GET";
    const auto link =
        may_leave ? files_.link(file.file_key, {link_valid, file.content_type, disposition}) : std::nullopt;
    if (link) {
        http::Response response;
        response.status = 307;
        response.headers = {{"Location", *link}, {"Cache-Control", "no-store"}};
        return response;
    }
    // A file never changes under its key, so its hash is the best validator there is.
    const auto etag = "\"" + file.sha256 + "\"";
    auto response = *path ? http::file_response(request, **path, file.content_type, etag, kept_for_ever)
                          : stored_elsewhere(request, file, etag);
    if (!disposition.empty()) response.headers.emplace_back("Content-Disposition", disposition);
    return response;
}

http::Response AssetsApi::stored_elsewhere(const http::Request& request, const AssetFile& file,
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
http::asio::awaitable<void> AssetsApi::send_part(http::Stream& stream, std::string key,
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

http::asio::awaitable<http::Response> AssetsApi::move_to(http::Request request, std::string state) {
    auto move = [this, id = std::string(request.parameter("id")), state](db::Connection& connection) {
        return assets::move_to(connection, workspace_id_, id, state, clock_.now_ms());
    };
    auto asset = co_await database_.write(scope_, std::move(move));
    if (!asset.ok()) co_return http::problem(asset.error());
    hub_.announce(workspace_id_);
    co_return http::json_response(200, to_json(*asset));
}

http::asio::awaitable<http::Response> AssetsApi::upload(http::Request request) {
    if (request.body.empty())
        co_return http::problem(Error{ErrorCode::malformed_body, "The upload is empty.", ""});
    auto asset = co_await store_upload(std::move(request.body));
    if (!asset.ok()) co_return http::problem(asset.error());
    auto response = http::json_response(201, to_json(*asset));
    response.headers.emplace_back("Location", "/api/v1/assets/" + asset->id);
    co_return response;
}

Result<Asset> AssetsApi::decode_and_store(const std::string& bytes) {
    OURVIDZ_TRY(decoded, decode_(bytes));
    OURVIDZ_TRY(original, store_bytes(files_, clock_, decoded.png));
    OURVIDZ_TRY(thumbnail, store_bytes(files_, clock_, decoded.thumbnail));
    Asset asset;
    asset.id = new_id("ast", clock_);
    asset.workspace_id = workspace_id_;
    asset.medium = "image";
    asset.width = decoded.width;
    asset.height = decoded.height;
    asset.recipe = json::object{{"method", "upload"}};
    asset.created_at = clock_.now_ms();
    asset.files = {
        {"original", original.key, "image/png", static_cast<std::int64_t>(original.bytes), original.sha256},
        {"thumbnail", thumbnail.key, "image/webp", static_cast<std::int64_t>(thumbnail.bytes),
         thumbnail.sha256}};
    return asset;
}

http::asio::awaitable<Result<Asset>> AssetsApi::store_upload(std::string bytes) {
    auto& lanes = is_small(bytes) ? *small_uploads_ : *large_uploads_;
    auto store = [this, bytes = std::move(bytes)] { return decode_and_store(bytes); };
    auto asset = co_await lanes.run(std::move(store));
    if (!asset.ok()) co_return asset.error();
    auto insert_and_read = [this, asset = std::move(*asset)](db::Connection& connection) -> Result<Asset> {
        OURVIDZ_CHECK(insert_held(connection, asset, upload_verdict()));
        return find(connection, workspace_id_, asset.id);
    };
    auto stored = co_await database_.write(scope_, std::move(insert_and_read));
    if (stored.ok()) hub_.announce(workspace_id_);
    co_return stored;
}

}  // namespace ourvidz::assets
