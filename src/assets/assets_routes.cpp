#include "assets/assets_routes.h"

#include "assets/declared_size.h"
#include "assets/download_name.h"
#include "assets/media.h"
#include "base/id.h"
#include "files/adopt_bytes.h"
#include "http/page.h"
#include "http/problem.h"
#include "http/query.h"

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
const safety::Verdict& upload_verdict() {
    static const safety::Verdict verdict{
        safety::Decision::hold, "upload_checks_missing",
        "Uploaded pictures are held until the upload checks are installed; a later version brings them.",
        safety::policy_version};
    return verdict;
}

bool is_small(std::string_view file) {
    const auto pixels = declared_pixels(file);
    return pixels && *pixels <= small_pixels_max && file.size() <= small_bytes_max;
}

Result<events::Shown> read_subject(db::Connection& connection, const std::string& workspace_id,
                                   const std::string& id) {
    OURVIDZ_TRY(asset, find(connection, workspace_id, id));
    return events::Shown([asset = std::move(asset)] { return to_json(asset); });
}

}  // namespace

AssetsApi::AssetsApi(files::FileStore& files, FileAnswers& answers, events::Hub& hub, const Clock& clock,
                     DecodeUpload decode)
    : files_(files),
      answers_(answers),
      hub_(hub),
      clock_(clock),
      decode_(std::move(decode)),
      small_uploads_(std::make_unique<http::LimitedPool>(small_upload_lanes, small_uploads_max)),
      large_uploads_(std::make_unique<http::LimitedPool>(large_upload_lanes, large_uploads_max)) {}

AssetsApi::~AssetsApi() = default;

studio::Module AssetsApi::module() {
    using identity::Permission;
    const std::string all = "/api/v1/assets";
    const std::string one = all + "/{id}";
    const http::RouteOptions picture{http::BodyUse::memory, upload_bytes_max, upload_types};
    const auto move = [this](State state) {
        return [this, state](identity::Call call) { return move_to(std::move(call), state); };
    };
    studio::Module assets;
    assets.routes = {
        {"GET", all, Permission::assets_read, {}, this, &AssetsApi::list},
        {"POST", all, Permission::assets_write, picture, this, &AssetsApi::upload},
        {"GET", one, Permission::assets_read, {}, this, &AssetsApi::get},
        {"GET", one + "/content", Permission::assets_read, {}, this, &AssetsApi::content},
        {"POST", one + "/keep", Permission::assets_write, {}, move(State::kept)},
        {"POST", one + "/discard", Permission::assets_write, {}, move(State::discarded)},
        {"POST", one + "/restore", Permission::assets_write, {}, move(State::staging)},
    };
    assets.subjects = {{"asset", read_subject}};
    return assets;
}

identity::Answer AssetsApi::list(identity::Call call) {
    auto asked = http::page_asked(call.request);
    if (!asked.ok()) co_return asked.error();
    auto state = http::query_choice(call.request, "state", {"staging", "kept", "discarded"});
    if (!state.ok()) co_return state.error();
    auto read = [workspace = call.caller.workspace_id(), asked = *asked,
                 state = state->empty() ? std::nullopt
                                        : std::optional(state_from(*state))](db::Connection& connection) {
        return assets::list(connection, workspace, state, asked.cursor, asked.limit);
    };
    auto page = co_await call.caller.read(std::move(read));
    if (!page.ok()) co_return page.error();
    co_return http::json_response(200, http::page_json(std::move(*page)));
}

identity::Answer AssetsApi::get(identity::Call call) {
    auto read = [workspace = call.caller.workspace_id(), id = std::string(call.request.parameter("id"))](
                    db::Connection& connection) { return find(connection, workspace, id); };
    auto asset = co_await call.caller.read(std::move(read));
    if (!asset.ok()) co_return asset.error();
    co_return http::json_response(200, to_json(*asset));
}

identity::Answer AssetsApi::content(identity::Call call) {
    auto variant = http::query_choice(call.request, "variant", variant_names());
    if (!variant.ok()) co_return variant.error();
    const auto download = http::query_boolean(call.request, "download", false);
    if (!download.ok()) co_return download.error();
    auto read = [workspace = call.caller.workspace_id(), id = std::string(call.request.parameter("id"))](
                    db::Connection& connection) { return find(connection, workspace, id); };
    auto asset = co_await call.caller.read(std::move(read));
    if (!asset.ok()) co_return asset.error();
    if (!asset->visible()) {
        co_return Error{ErrorCode::held, asset->verdict.sentence, ""};
    }
    const auto* file = asset->file(variant->empty() ? "original" : *variant);
    if (file == nullptr) co_return Error{ErrorCode::not_found, "There is no such variant of this asset.", ""};
    if (!*download) co_return answers_.answer(call.request, *file);
    const auto name = download_name(prompt_of(asset->recipe), asset->id, file->content_type);
    co_return answers_.download(call.request, *file, attachment(name));
}

identity::Answer AssetsApi::move_to(identity::Call call, State state) {
    auto move = [this, workspace = call.caller.workspace_id(), id = std::string(call.request.parameter("id")),
                 state](db::Connection& connection) {
        return assets::move_to(connection, workspace, id, state, clock_.now_ms());
    };
    auto asset = co_await call.caller.write(std::move(move));
    if (!asset.ok()) co_return asset.error();
    hub_.announce(call.caller.workspace_id());
    co_return http::json_response(200, to_json(*asset));
}

identity::Answer AssetsApi::upload(identity::Call call) {
    if (call.request.body.empty()) co_return Error{ErrorCode::malformed_body, "The upload is empty.", ""};
    auto& lanes = is_small(call.request.body) ? *small_uploads_ : *large_uploads_;
    auto decode = [this, workspace = call.caller.workspace_id(), bytes = std::move(call.request.body)] {
        return stored_upload(workspace, bytes);
    };
    auto uploaded = co_await lanes.run(std::move(decode));
    if (!uploaded.ok()) co_return uploaded.error();
    auto insert_and_read = [asset = std::move(*uploaded)](db::Connection& connection) -> Result<Asset> {
        OURVIDZ_CHECK(insert_held(connection, asset, upload_verdict()));
        return find(connection, asset.workspace_id, asset.id);
    };
    auto asset = co_await call.caller.write(std::move(insert_and_read));
    if (!asset.ok()) co_return asset.error();
    hub_.announce(call.caller.workspace_id());
    auto response = http::json_response(201, to_json(*asset));
    response.headers.emplace_back("Location", "/api/v1/assets/" + asset->id);
    co_return response;
}

// With its files in the store, and not yet in the database.
Result<Asset> AssetsApi::stored_upload(const std::string& workspace_id, const std::string& bytes) const {
    OURVIDZ_TRY(decoded, decode_(bytes));
    OURVIDZ_TRY(original, files::adopt_bytes(files_, decoded.png, clock_));
    OURVIDZ_TRY(thumbnail, files::adopt_bytes(files_, decoded.thumbnail, clock_));
    Asset asset;
    asset.id = new_id("ast", clock_);
    asset.workspace_id = workspace_id;
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

}  // namespace ourvidz::assets
