#include "media/worker/clip_run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "media/worker/clip_frames.h"
#include "media/worker/pixels.h"
#include "media/worker/still.h"
#include "media/worker/video_encoder.h"

namespace ourvidz::media {
namespace {

constexpr int samples = 8;          // frames for the safety check, evenly spread, first and last included
constexpr int cut_samples_max = 8;  // and the first frame after each cut
constexpr double cut_levels = 25;   // mean difference of neighbours, of 255, that is taken for a cut
constexpr int hover_side = 320;
constexpr int hover_frames_max = 40;
constexpr int poster_quality = 80;

using Steady = std::chrono::steady_clock;

int milliseconds_since(Steady::time_point start) {
    return static_cast<int>(
        std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - start).count());
}

json::object describe(std::string_view kind, std::string_view content_type, const Rgb8& picture) {
    return {
        {"kind", kind}, {"content_type", content_type}, {"width", picture.width}, {"height", picture.height}};
}

// Looks at every frame of the clip on its way into the encoder: keeps the poster and the small frames of the
// hover preview, and sends the samples.
class Onlooker {
  public:
    Onlooker(const ClipRequest& request, engine::RunIo& io)
        : io_(io),
          frames_(request.frames_out()),
          hover_stride_(
              std::max(request.fps_out >= 12 ? 2 : 1, (frames_ + hover_frames_max - 1) / hover_frames_max)),
          hover_frame_ms_(hover_stride_ * 1000 / request.fps_out) {}

    void see(int index, const Rgb8& frame) {
        if (index == 0) poster_ = shrink_to(frame, thumbnail_side);
        if (index % hover_stride_ == 0) keep_for_hover(frame);
        const bool is_cut = cut_before(frame);
        if (is_cut) ++cuts_;
        if (is_sample(index) || (is_cut && cuts_ <= cut_samples_max)) send_sample(index, frame);
    }

    Result<void> send_poster() {
        OURVIDZ_TRY(webp, encode_webp(poster_, poster_quality, 4));
        io_.output(describe("poster", "image/webp", poster_), std::move(webp));
        return {};
    }

    // Lower quality, and at last fewer frames, until the file is small enough to be fetched on a mere touch.
    Result<void> send_hover() {
        for (const int quality : {60, 40, 20, 5}) {
            OURVIDZ_TRY(webp, encode_animation(hover_, hover_height_, hover_frame_ms_, quality));
            if (webp.size() > hover_bytes_max && quality > 5) continue;
            if (webp.size() > hover_bytes_max) return {};
            auto body = describe("hover", "image/webp", Rgb8{hover_.width, hover_height_, {}});
            body["frames"] = hover_.height / hover_height_;
            io_.output(std::move(body), std::move(webp));
            return {};
        }
        return {};
    }

    [[nodiscard]] int cuts() const { return cuts_; }

  private:
    void keep_for_hover(const Rgb8& frame) {
        const Rgb8 small = shrink_to(frame, hover_side);
        hover_.width = small.width;
        hover_height_ = small.height;
        hover_.height += small.height;
        hover_.pixels += small.pixels;
    }

    bool cut_before(const Rgb8& frame) {
        cv::Mat small;
        cv::resize(mat_of(frame), small, {32, 32}, 0, 0, cv::INTER_AREA);
        const bool is_cut =
            !last_small_.empty() && cv::norm(small, last_small_, cv::NORM_L1) / (32.0 * 32 * 3) > cut_levels;
        last_small_ = small;
        return is_cut;
    }

    [[nodiscard]] bool is_sample(int index) const {
        const int wanted = std::min(samples, frames_);
        for (int i = 0; i < wanted; ++i) {
            if (index == static_cast<int>(std::lround(i * (frames_ - 1.0) / std::max(1, wanted - 1))))
                return true;
        }
        return false;
    }

    void send_sample(int index, const Rgb8& frame) {
        Rgb8 sample = shrink_to(frame, sample_side);
        auto body = describe("sample", "image/x-rgb8", sample);
        body["index"] = index;
        io_.output(std::move(body), std::move(sample.pixels));
    }

    engine::RunIo& io_;
    int frames_;
    int hover_stride_;
    int hover_frame_ms_;
    Rgb8 poster_;
    Rgb8 hover_;
    int hover_height_ = 0;
    int cuts_ = 0;
    cv::Mat last_small_;
};

// nullopt: the end marker.
Result<std::optional<Rgb8>> next_frame(const ClipRequest& request, engine::RunIo& io) {
    auto piece = io.next_input();
    if (!piece) return Error{ErrorCode::canceled, "Stopped while a clip was made.", ""};
    FieldReader reader(piece->body);
    const bool is_end = reader.boolean("end").value_or(false);
    OURVIDZ_CHECK(reader.finish());
    if (is_end) return std::optional<Rgb8>();
    Rgb8 frame{request.width_in, request.height_in, std::move(piece->binary)};
    if (!frame.is_valid())
        return invalid_field("input", "A frame does not have the bytes that its size needs.");
    return std::optional<Rgb8>(std::move(frame));
}

}  // namespace

Result<json::object> run_clip(const ClipRequest& request, SrvggUpscaler* network, int threads,
                              engine::RunIo& io) {
    const auto start = Steady::now();
    OURVIDZ_TRY(encoder, VideoEncoder::open(request.width, request.height, request.fps_out, threads));
    Onlooker onlooker(request, io);
    const auto take = [&](int index, const Rgb8& frame) -> Result<void> {
        onlooker.see(index, frame);
        OURVIDZ_CHECK(encoder->add(frame));
        io.progress("encode", index + 1, request.frames_out());
        return {};
    };
    ClipFrames frames(request, network, take, [&io] { return io.canceled(); });
    int file_ms = 0;
    std::size_t file_bytes = 0;
    for (int count = 0;; ++count) {
        OURVIDZ_TRY(frame, next_frame(request, io));
        const auto received = Steady::now();
        if (!frame) break;
        if (count == request.frames_in)
            return invalid_field("frames_in", "More frames came than were announced.");
        const bool was_complete = frames.complete();
        OURVIDZ_CHECK(frames.add(*frame));
        if (was_complete || !frames.complete()) continue;
        OURVIDZ_TRY(file, encoder->finish());
        file_bytes = file.size();
        auto body = describe("clip", "video/mp4", Rgb8{request.width, request.height, {}});
        body["frames"] = request.frames_out();
        body["fps"] = request.fps_out;
        io.output(std::move(body), std::move(file));
        file_ms = milliseconds_since(received);
    }
    if (!frames.complete()) return invalid_field("frames_in", "Fewer frames came than were announced.");
    OURVIDZ_CHECK(onlooker.send_poster());
    OURVIDZ_CHECK(onlooker.send_hover());
    return json::object{
        {"frames", request.frames_out()},
        {"file_bytes", file_bytes},
        {"last_frame_to_file_ms", file_ms},
        {"total_ms", milliseconds_since(start)},
        {"cuts", onlooker.cuts()},
        {"upscaler", to_string(Enlarging{request.upscale, request.upscaler, network}.used())}};
}

}  // namespace ourvidz::media
