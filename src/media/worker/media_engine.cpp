#include "media/worker/media_engine.h"

#include <malloc.h>

#include <new>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <utility>

#include "media/requests.h"
#include "media/worker/clip_run.h"
#include "media/worker/enlarge.h"
#include "media/worker/file_lock.h"
#include "media/worker/motion.h"
#include "media/worker/pixels.h"
#include "media/worker/still.h"
#include "media/worker/video_encoder.h"

namespace ourvidz::media {
namespace {

constexpr int thumbnail_quality = 80;
constexpr int preview_quality = 75;
constexpr std::string_view software = "OurVidz";

json::object describe(std::string_view kind, std::string_view content_type, const Rgb8& picture) {
    return {
        {"kind", kind}, {"content_type", content_type}, {"width", picture.width}, {"height", picture.height}};
}

Result<void> send_thumbnail(const Rgb8& picture, engine::RunIo& io) {
    const Rgb8 small = shrink_to(picture, thumbnail_side);
    OURVIDZ_TRY(webp, encode_webp(small, thumbnail_quality, 4));
    io.output(describe("thumbnail", "image/webp", small), std::move(webp));
    return {};
}

Result<Rgb8> raw_picture(int width, int height, std::string binary) {
    Rgb8 picture{width, height, std::move(binary)};
    if (!picture.is_valid())
        return invalid_field("input", "The picture does not have the bytes that its size needs.");
    return picture;
}

// libvips and x264 work in threads that come and go. glibc would give them heaps of their own, up to eight
// for each processor, and every heap keeps the high-water mark of whatever it once held: the worker grew for
// some hundred runs, to 21 MiB with clips, where 11 do. What it holds for long is large, and mapped by
// itself.
void share_one_heap() {
    mallopt(M_ARENA_MAX, 1);
}

// Uses every codec and library once: what they load on first use is loaded now.
Result<void> warm_up(SrvggUpscaler* network) {
    const Rgb8 grey{64, 64, std::string(64 * 64 * 3, '\x80')};
    OURVIDZ_TRY(png, encode_png(grey));
    OURVIDZ_TRY(from_png, decode_untrusted(png));
    (void)from_png;
    OURVIDZ_TRY(webp, encode_webp(grey, 75, 0));
    OURVIDZ_TRY(from_webp, decode_untrusted(webp));
    (void)from_webp;
    (void)MotionBetween(grey, grey).at(0.5);
    if (network != nullptr) {
        OURVIDZ_TRY(large, network->enlarge(grey, [] { return false; }));
        (void)large;
    }
    OURVIDZ_TRY(encoder, VideoEncoder::open(64, 64, 16, 1));
    OURVIDZ_CHECK(encoder->add(grey));
    OURVIDZ_TRY(clip, encoder->finish());
    (void)clip;
    return {};
}

GiveUp giving_up(engine::RunIo& io) {
    return [&io](const Error& refusal) { io.give_up(refusal); };
}

}  // namespace

MediaEngine::MediaEngine(std::unique_ptr<SrvggUpscaler> network, int threads)
    : network_(std::move(network)), threads_(threads) {}

Result<std::unique_ptr<engine::WorkerEngine>> MediaEngine::open(const std::string& upscaler_onnx,
                                                                int threads) {
    share_one_heap();
    cv::setNumThreads(threads);
    OURVIDZ_CHECK(start_codecs(threads));
    std::unique_ptr<SrvggUpscaler> network;
    if (!upscaler_onnx.empty()) {
        OURVIDZ_TRY(opened, SrvggUpscaler::open(upscaler_onnx));
        network = std::move(opened);
    }
    OURVIDZ_CHECK(warm_up(network.get()));
    OURVIDZ_CHECK(forbid_files());
    return std::unique_ptr<engine::WorkerEngine>(new MediaEngine(std::move(network), threads));
}

Result<json::object> MediaEngine::run(const json::object& body, std::string binary, engine::RunIo& io) {
    auto result = [&]() -> Result<json::object> {
        try {
            return dispatch(body, std::move(binary), io);
        } catch (const std::bad_alloc&) {
            return Error{ErrorCode::too_large, "The picture needs more memory than the media worker may use.",
                         ""};
        } catch (const cv::Exception& failure) {
            return Error{ErrorCode::engine_failed, "OpenCV: " + failure.err, ""};
        }
    }();
    malloc_trim(0);
    return result;
}

Result<json::object> MediaEngine::dispatch(const json::object& body, std::string binary, engine::RunIo& io) {
    const auto* task = body.if_contains("task");
    const std::string_view name =
        task != nullptr && task->is_string() ? std::string_view(task->get_string()) : "";
    if (name == "decode_upload") return decode_upload(binary, io);
    if (name == "decode_source") return decode_source(body, binary, io);
    if (name == "preview") return preview(body, std::move(binary), io);
    if (name == "finish_picture") return finish_picture(body, std::move(binary), io);
    if (name == "clip") {
        OURVIDZ_TRY(request, clip_request_from(body));
        return run_clip(request, network_.get(), threads_, io);
    }
    return invalid_field("task",
                         "must be one of: decode_upload, decode_source, preview, finish_picture, clip");
}

Result<json::object> MediaEngine::decode_upload(const std::string& binary, engine::RunIo& io) {
    OURVIDZ_TRY(upload, decode_untrusted(binary, giving_up(io)));
    OURVIDZ_TRY(png, encode_png(upload.picture));
    io.output(describe("picture", "image/png", upload.picture), std::move(png));
    OURVIDZ_CHECK(send_thumbnail(upload.picture, io));
    Rgb8 sample = shrink_to(upload.picture, sample_side);
    auto sample_body = describe("sample", "image/x-rgb8", sample);
    io.output(std::move(sample_body), std::move(sample.pixels));
    return json::object{{"type", upload.type}, {"animated", upload.animated}};
}

Result<json::object> MediaEngine::decode_source(const json::object& body, const std::string& binary,
                                                engine::RunIo& io) {
    OURVIDZ_TRY(request, source_request_from(body));
    OURVIDZ_TRY(stored, decode_stored(binary, giving_up(io)));
    Rgb8 fitted = fit_cover(stored, request.width, request.height);
    auto fitted_body = describe("picture", "image/x-rgb8", fitted);
    io.output(std::move(fitted_body), std::move(fitted.pixels));
    return json::object{};
}

Result<json::object> MediaEngine::preview(const json::object& body, std::string binary, engine::RunIo& io) {
    FieldReader reader(body);
    (void)reader.choice("task", {"preview"});
    const auto width = static_cast<int>(reader.required_integer("width", 1, work_side_max));
    const auto height = static_cast<int>(reader.required_integer("height", 1, work_side_max));
    OURVIDZ_CHECK(reader.finish());
    OURVIDZ_TRY(picture, raw_picture(width, height, std::move(binary)));
    const Rgb8 small = shrink_to(picture, preview_side);
    OURVIDZ_TRY(webp, encode_webp(small, preview_quality, 0));
    io.output(describe("preview", "image/webp", small), std::move(webp));
    return json::object{};
}

Result<json::object> MediaEngine::finish_picture(const json::object& body, std::string binary,
                                                 engine::RunIo& io) {
    OURVIDZ_TRY(request, finish_request_from(body));
    OURVIDZ_TRY(picture, raw_picture(request.width, request.height, std::move(binary)));
    const Enlarging how{request.upscale, request.upscaler, network_.get(),
                        [&io](int done, int all) { io.progress("enlarge", done, all); }};
    OURVIDZ_TRY(large, enlarge(picture, how, [&io] { return io.canceled(); }));
    OURVIDZ_TRY(plain, encode_png(large));
    auto png = with_text_chunk(plain, "ourvidz", json::serialize(request.recipe));
    png = with_text_chunk(png, "Software", software);
    io.output(describe("picture", "image/png", large), std::move(png));
    OURVIDZ_CHECK(send_thumbnail(large, io));
    return json::object{{"upscaler", to_string(how.used())}};
}

}  // namespace ourvidz::media
