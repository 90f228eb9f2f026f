// HTTP in and out of assets.
#pragma once

#include <functional>
#include <string>

#include "assets/assets.h"
#include "events/hub.h"
#include "files/file_store.h"
#include "http/limited_pool.h"
#include "http/range.h"
#include "http/server.h"

namespace ourvidz::assets {

// An uploaded picture, decoded and encoded again in the sandbox.
struct DecodedUpload {
    int width = 0;
    int height = 0;
    std::string png;
    std::string thumbnail;  // WebP
};
// So many uploads are decoded at once. What says that it is large has lanes of its own, few of them, so that
// however many of those wait, small ones come at once and the processors are not all taken.
constexpr int small_upload_lanes = 3;
constexpr int large_upload_lanes = 2;
constexpr int upload_lanes = small_upload_lanes + large_upload_lanes;
// Blocking; called on one of upload_lanes threads. Errors: invalid_field, too_large, unavailable.
using DecodeUpload = std::function<Result<DecodedUpload>(const std::string& bytes)>;

class AssetsApi {
  public:
    AssetsApi(db::Database& database, files::FileStore& files, events::Hub& hub, const Clock& clock,
              std::string workspace_id, DecodeUpload decode);
    ~AssetsApi();
    void add_to(http::Router& router);

  private:
    http::asio::awaitable<http::Response> list(http::Request request);
    http::asio::awaitable<http::Response> get(http::Request request);
    http::asio::awaitable<http::Response> content(http::Request request);
    http::Response file_content(const http::Request& request, const AssetFile& file,
                                const std::string& disposition);
    http::Response stored_elsewhere(const http::Request& request, const AssetFile& file,
                                    const std::string& etag);
    http::asio::awaitable<void> send_part(http::Stream& stream, std::string key, http::ByteRange part);
    http::asio::awaitable<http::Response> move_to(http::Request request, std::string state);
    http::asio::awaitable<http::Response> upload(http::Request request);
    http::asio::awaitable<Result<Asset>> store_upload(std::string bytes);
    Result<Asset> decode_and_store(const std::string& bytes);

    db::Database& database_;
    files::FileStore& files_;
    events::Hub& hub_;
    const Clock& clock_;
    std::string workspace_id_;
    const db::Scope scope_ = db::Scope::workspace(workspace_id_);
    DecodeUpload decode_;
    struct Threads;
    std::unique_ptr<Threads> readers_;  // for files that are not on this machine
    // For decoding, so that the I/O thread never waits.
    std::unique_ptr<http::LimitedPool> small_uploads_;
    std::unique_ptr<http::LimitedPool> large_uploads_;
};

}  // namespace ourvidz::assets
