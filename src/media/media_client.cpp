#include "media/media_client.h"

#include <cassert>
#include <utility>

#include "media/worker_pool.h"

namespace ourvidz::media {
namespace {

Error broken(std::string_view how) {
    return Error{ErrorCode::engine_failed,
                 "The media worker does not keep to the protocol: " + std::string(how) + ".", ""};
}

Result<Rgb8> raw_from(EncodedPicture encoded) {
    Rgb8 picture{encoded.width, encoded.height, std::move(encoded.bytes)};
    if (!picture.is_valid()) return broken("raw pixels of the wrong size");
    return picture;
}

std::string text_in(const json::object& body, std::string_view name) {
    constexpr std::size_t word_bytes_max = 64;
    return FieldReader(body).text(name, word_bytes_max).value_or("");
}

}  // namespace

MediaClient::MediaClient(std::unique_ptr<Pool> pool) : pool_(std::move(pool)) {}
MediaClient::~MediaClient() = default;

Result<std::unique_ptr<MediaClient>> MediaClient::start(MediaOptions options, const Clock& clock) {
    auto pool = std::make_unique<Pool>(std::move(options), clock);
    OURVIDZ_TRY(worker, pool->take());
    pool->give_back(std::move(worker));
    return std::unique_ptr<MediaClient>(new MediaClient(std::move(pool)));
}

bool MediaClient::has(std::string_view capability) const {
    return pool_->has(capability);
}

std::vector<int> MediaClient::worker_pids() const {
    return pool_->pids();
}

Result<DecodedUploadFile> MediaClient::decode_upload(std::string bytes, std::stop_token stop) {
    if (bytes.size() > upload_bytes_max)
        return Error{ErrorCode::too_large, "The file is larger than 32 MiB.", "file"};
    DecodedUploadFile upload;
    const TakeOutput take = [&upload](Output output) -> Result<void> {
        if (output.kind == "picture") upload.picture = std::move(output.picture);
        if (output.kind == "thumbnail") upload.thumbnail = std::move(output.picture);
        if (output.kind != "sample") return {};
        OURVIDZ_TRY(sample, raw_from(std::move(output.picture)));
        upload.sample = std::move(sample);
        return {};
    };
    OURVIDZ_TRY(result, pool_->run({{"task", "decode_upload"}}, bytes, take, std::move(stop)));
    if (upload.picture.bytes.empty() || upload.thumbnail.bytes.empty() || upload.sample.pixels.empty()) {
        return broken("an upload without its outputs");
    }
    FieldReader reader(result);
    upload.animated = reader.boolean("animated").value_or(false);
    upload.type = text_in(result, "type");
    return upload;
}

Result<Rgb8> MediaClient::decode_source(std::string bytes, int width, int height, std::stop_token stop) {
    Rgb8 picture;
    const TakeOutput take = [&picture](Output output) -> Result<void> {
        OURVIDZ_TRY(raw, raw_from(std::move(output.picture)));
        picture = std::move(raw);
        return {};
    };
    OURVIDZ_TRY(result, pool_->run(to_json(SourceRequest{width, height}), bytes, take, std::move(stop)));
    (void)result;
    if (picture.width != width || picture.height != height) return broken("a source of the wrong size");
    return picture;
}

Result<EncodedPicture> MediaClient::preview(Rgb8 picture, std::stop_token stop) {
    if (!picture.is_valid()) return invalid_field("picture", "does not have the bytes that its size needs");
    EncodedPicture encoded;
    const TakeOutput take = [&encoded](Output output) -> Result<void> {
        encoded = std::move(output.picture);
        return {};
    };
    OURVIDZ_TRY(result,
                pool_->run({{"task", "preview"}, {"width", picture.width}, {"height", picture.height}},
                           picture.pixels, take, std::move(stop)));
    (void)result;
    if (encoded.bytes.empty()) return broken("no preview");
    return encoded;
}

Result<FinishedPicture> MediaClient::finish_picture(Rgb8 picture, const FinishRequest& request,
                                                    std::stop_token stop,
                                                    const std::function<void(double)>& enlarged) {
    if (!picture.is_valid() || picture.width != request.width || picture.height != request.height) {
        return invalid_field("picture", "does not have the size that the request names");
    }
    FinishedPicture finished;
    const TakeOutput take = [&finished](Output output) -> Result<void> {
        if (output.kind == "picture") finished.picture = std::move(output.picture);
        if (output.kind == "thumbnail") finished.thumbnail = std::move(output.picture);
        return {};
    };
    engine::RunCallbacks callbacks;
    callbacks.progress = [&enlarged](const engine::Progress& progress) {
        if (enlarged && progress.steps > 0) enlarged(static_cast<double>(progress.step) / progress.steps);
    };
    OURVIDZ_TRY(result, pool_->run(to_json(request), picture.pixels, take, std::move(stop), callbacks));
    if (finished.picture.bytes.empty() || finished.thumbnail.bytes.empty())
        return broken("a picture without outputs");
    finished.upscaler = text_in(result, "upscaler");
    return finished;
}

}  // namespace ourvidz::media
