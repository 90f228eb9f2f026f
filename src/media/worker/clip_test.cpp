// Clips made by a real media worker, read back with libavformat.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <random>

#include "media/media_client.h"
#include "media/worker/pixels.h"
#include "media/worker/still.h"
#include "media/worker/test_pictures.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace ourvidz::media {
namespace {

using testing::disk;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Gt;
using ::testing::Le;
using ::testing::SizeIs;

// What is in an MP4 file.
struct Film {
    int codec = 0;
    int pixel_format = 0;
    double fps = 0;
    double seconds = 0;
    std::string settings;          // SPS and PPS
    std::vector<int> key_packets;  // numbers of packets (in presentation order) that are keyframes
    int instant_refreshes = 0;     // keyframes that are IDR pictures: nothing before them is referred to
    std::vector<Rgb8> frames;
};

bool has_instant_refresh(const AVPacket& packet) {
    for (int at = 0; at + 5 <= packet.size;) {
        if ((packet.data[at + 4] & 0x1F) == 5) return true;
        at += 4 + (packet.data[at] << 24 | packet.data[at + 1] << 16 | packet.data[at + 2] << 8 |
                   packet.data[at + 3]);
    }
    return false;
}

void decode_all(AVCodecContext* codec, const AVPacket* packet, std::vector<Rgb8>& frames) {
    avcodec_send_packet(codec, packet);
    auto* frame = av_frame_alloc();
    while (avcodec_receive_frame(codec, frame) == 0) {
        Rgb8 picture = blank(frame->width, frame->height);
        auto* scaler =
            sws_getContext(frame->width, frame->height, AV_PIX_FMT_YUV420P, frame->width, frame->height,
                           AV_PIX_FMT_RGB24, SWS_BICUBIC, nullptr, nullptr, nullptr);
        const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
        sws_setColorspaceDetails(scaler, bt709, 0, bt709, 1, 0, 1 << 16, 1 << 16);
        auto* data = reinterpret_cast<std::uint8_t*>(picture.pixels.data());
        const int stride = picture.width * 3;
        sws_scale(scaler, frame->data, frame->linesize, 0, frame->height, &data, &stride);
        sws_freeContext(scaler);
        frames.push_back(std::move(picture));
    }
    av_frame_free(&frame);
}

Film read_film(const std::string& mp4) {
    const std::string path = ::testing::TempDir() + "/clip-" + std::to_string(::getpid()) + ".mp4";
    std::ofstream(path, std::ios::binary) << mp4;
    Film film;
    AVFormatContext* format = nullptr;
    EXPECT_EQ(avformat_open_input(&format, path.c_str(), nullptr, nullptr), 0);
    if (format == nullptr || avformat_find_stream_info(format, nullptr) < 0) return film;
    EXPECT_EQ(format->nb_streams, 1U);
    const auto* stream = format->streams[0];
    film.codec = stream->codecpar->codec_id;
    film.pixel_format = stream->codecpar->format;
    film.fps = av_q2d(stream->avg_frame_rate);
    film.seconds = static_cast<double>(stream->duration) * av_q2d(stream->time_base);
    film.settings.assign(reinterpret_cast<const char*>(stream->codecpar->extradata),
                         static_cast<std::size_t>(stream->codecpar->extradata_size));
    auto* codec = avcodec_alloc_context3(avcodec_find_decoder(stream->codecpar->codec_id));
    avcodec_parameters_to_context(codec, stream->codecpar);
    avcodec_open2(codec, nullptr, nullptr);
    auto* packet = av_packet_alloc();
    while (av_read_frame(format, packet) == 0) {
        if ((packet->flags & AV_PKT_FLAG_KEY) != 0) {
            film.key_packets.push_back(static_cast<int>(
                std::lround(static_cast<double>(packet->pts) * av_q2d(stream->time_base) * film.fps)));
            if (has_instant_refresh(*packet)) ++film.instant_refreshes;
        }
        decode_all(codec, packet, film.frames);
        av_packet_unref(packet);
    }
    decode_all(codec, nullptr, film.frames);
    av_packet_free(&packet);
    avcodec_free_context(&codec);
    avformat_close_input(&format);
    std::remove(path.c_str());
    return film;
}

class ClipTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(start_codecs(1).ok()); }
    void SetUp() override {
        MediaOptions options;
        options.executable = testing::worker_path();
        options.upscaler_path = testing::upscaler_path();
        options.threads = 2;
        auto started = MediaClient::start(options, clock_);
        ASSERT_TRUE(started.ok()) << started.error().detail;
        client_ = std::move(*started);
    }
    static ClipRequest full_rate(int width, int height) {
        ClipRequest request;
        request.method = ClipMethod::frames;
        request.frames_in = 81;
        request.width_in = request.width = width;
        request.height_in = request.height = height;
        return request;
    }
    static Rgb8 moving(int width, int height, double t) {
        return disk(width, height, width * (0.3 + 0.4 * t), height * (0.5 + 0.15 * std::sin(t * 6)),
                    height * 0.2);
    }
    Result<FinishedClip> make(const ClipRequest& request) {
        auto session = client_->start_clip(request);
        if (!session.ok()) return session.error();
        for (int i = 0; i < request.frames_in; ++i) {
            const double t = i / std::max(1.0, request.frames_in - 1.0);
            if (auto added = (*session)->add(moving(request.width_in, request.height_in, t)); !added.ok()) {
                return added.error();
            }
        }
        return (*session)->finish();
    }
    SystemClock clock_;
    std::unique_ptr<MediaClient> client_;
};

TEST_F(ClipTest, FullRateFramesBecomeAnMp4ThatCanBeJoined) {
    const auto clip = make(full_rate(320, 192));
    ASSERT_TRUE(clip.ok()) << clip.error().detail;
    const Film film = read_film(clip->clip.bytes);
    EXPECT_EQ(film.codec, AV_CODEC_ID_H264);
    EXPECT_EQ(film.pixel_format, AV_PIX_FMT_YUV420P);
    EXPECT_DOUBLE_EQ(film.fps, 16);
    EXPECT_DOUBLE_EQ(film.seconds, 5);
    ASSERT_THAT(film.frames, SizeIs(80));
    EXPECT_THAT(film.key_packets, ElementsAre(0, 16, 32, 48, 64));
    EXPECT_EQ(film.instant_refreshes, 5);
    EXPECT_LT(clip->clip.bytes.find("moov"), clip->clip.bytes.find("mdat"));
    for (int i = 0; i < 80; i += 13) {
        EXPECT_LT(testing::difference(film.frames[static_cast<std::size_t>(i)], moving(320, 192, i / 80.0)),
                  3)
            << i;
    }
    EXPECT_EQ(clip->frames, 80);
    EXPECT_THAT(clip->samples, SizeIs(8));
    EXPECT_LT(testing::difference(clip->samples[0], moving(320, 192, 0)), 1);
    EXPECT_EQ(clip->poster.content_type, "image/webp");
    EXPECT_EQ(clip->poster.width, 320);
    ASSERT_TRUE(clip->hover.has_value());
    EXPECT_LE(clip->hover->bytes.size(), 200'000U);
    const auto hover = decode_untrusted(clip->hover->bytes);
    ASSERT_TRUE(hover.ok());
    EXPECT_TRUE(hover->animated);
}

TEST_F(ClipTest, ClipsOfOneSizeHaveTheSameSettingsWhateverTheyShow) {
    auto keyframes = full_rate(256, 256);
    keyframes.method = ClipMethod::keyframes;
    keyframes.frames_in = 3;
    keyframes.width_in = keyframes.height_in = 128;
    const auto one = make(full_rate(256, 256));
    const auto other = make(keyframes);
    ASSERT_TRUE(one.ok() && other.ok());
    const auto settings = read_film(one->clip.bytes).settings;
    EXPECT_THAT(settings, SizeIs(Gt(20U)));
    EXPECT_EQ(settings, read_film(other->clip.bytes).settings);
    EXPECT_EQ(make(full_rate(256, 256))->clip.bytes, one->clip.bytes);
}

TEST_F(ClipTest, KeyframesBecomeASmoothClip) {
    ClipRequest request;
    request.method = ClipMethod::keyframes;
    request.frames_in = 8;
    request.width_in = request.height_in = 128;
    request.width = request.height = 512;
    request.upscale = 4;
    request.camera = {1.0, 1.1, 0.5, 0};
    const auto clip = make(request);
    ASSERT_TRUE(clip.ok()) << clip.error().detail;
    EXPECT_EQ(clip->upscaler, "srvgg");
    const Film film = read_film(clip->clip.bytes);
    ASSERT_THAT(film.frames, SizeIs(80));
    EXPECT_DOUBLE_EQ(film.seconds, 5);
    // The disk goes 40 % of the width in 79 steps: no step may be three times the mean one.
    double step_max = 0;
    double jump_max = 0;
    for (std::size_t i = 1; i < film.frames.size(); ++i) {
        const auto from = testing::disk_centre(film.frames[i - 1]);
        const auto to = testing::disk_centre(film.frames[i]);
        step_max = std::max(step_max, std::hypot(to.x - from.x, to.y - from.y));
        jump_max = std::max(jump_max, testing::difference(film.frames[i - 1], film.frames[i]));
    }
    const double keyframe_jump = testing::difference(moving(512, 512, 0), moving(512, 512, 1 / 7.0));
    EXPECT_LT(step_max, 512 * 0.55 / 79 * 3);
    EXPECT_LT(jump_max, keyframe_jump / 3);
    EXPECT_GT(testing::difference(film.frames.front(), film.frames.back()), 5);
}

TEST_F(ClipTest, KeyframesInPosesMoveAlongThePathAndComeBack) {
    ClipRequest request;
    request.method = ClipMethod::keyframes;
    request.frames_in = 3;
    request.width_in = request.height_in = 128;
    request.width = request.height = 256;
    request.seconds = 1;
    // The middle one was drawn further to the right; all show the same thing.
    request.drawn = {{}, {0.2, 0, 0, 1, 1}, {}};
    for (int i = 0; i < request.frames_out(); ++i)
        request.path.push_back({0.2 * std::sin(i * 2 * 3.14159265 / request.frames_out()), 0.1, 0, 1, 1});
    auto session = client_->start_clip(request);
    ASSERT_TRUE(session.ok());
    for (const auto& pose : request.drawn)
        ASSERT_TRUE((*session)->add(disk(128, 128, 63.5 + pose.shift_x * 128, 63.5, 24)).ok());
    const auto clip = (*session)->finish();
    ASSERT_TRUE(clip.ok()) << clip.error().detail;
    const Film film = read_film(clip->clip.bytes);
    ASSERT_THAT(film.frames, SizeIs(16));
    for (std::size_t i = 0; i < film.frames.size(); ++i) {
        const auto centre = testing::disk_centre(film.frames[i]);
        EXPECT_NEAR(centre.x, 127.5 + request.path[i].shift_x * 256, 1.5) << i;
        EXPECT_NEAR(centre.y, 127.5 + 0.1 * 256, 1.5) << i;
    }
    request.path.pop_back();
    EXPECT_EQ(client_->start_clip(request).error().field, "path");
    request.path.push_back({0, 0, 0, 100, 1});
    EXPECT_EQ(client_->start_clip(request).error().field, "path");
}

TEST_F(ClipTest, AHoverPreviewThatCannotBeSmallIsLeftOut) {
    auto request = full_rate(320, 320);
    auto session = client_->start_clip(request);
    ASSERT_TRUE(session.ok());
    std::mt19937 random(3);
    for (int i = 0; i < request.frames_in; ++i) {
        Rgb8 noise = blank(320, 320);
        for (auto& byte : noise.pixels) byte = static_cast<char>(random());
        ASSERT_TRUE((*session)->add(std::move(noise)).ok());
    }
    const auto clip = (*session)->finish();
    ASSERT_TRUE(clip.ok()) << clip.error().detail;
    EXPECT_FALSE(clip->hover.has_value());
    EXPECT_FALSE(clip->poster.bytes.empty());
}

TEST_F(ClipTest, ACutIsSampledToo) {
    auto request = full_rate(128, 128);
    auto session = client_->start_clip(request);
    ASSERT_TRUE(session.ok());
    for (int i = 0; i < request.frames_in; ++i) {
        Rgb8 frame = moving(128, 128, 0);
        // One frame in the middle of two evenly spread samples (34 and 45) is another picture.
        if (i == 40) frame.pixels.assign(frame.pixels.size(), '\x10');
        ASSERT_TRUE((*session)->add(std::move(frame)).ok());
    }
    const auto clip = (*session)->finish();
    ASSERT_TRUE(clip.ok()) << clip.error().detail;
    ASSERT_THAT(clip->samples, SizeIs(10));
    EXPECT_EQ(clip->samples[4].pixels, std::string(128 * 128 * 3, '\x10'));
}

TEST_F(ClipTest, OneKeyframeAndACameraMakeALivingStill) {
    ClipRequest request;
    request.method = ClipMethod::keyframes;
    request.frames_in = 1;
    request.width_in = request.height_in = 256;
    request.width = 320;
    request.height = 192;
    request.seconds = 1;
    request.camera = {1.0, 1.2, 0, 0};
    const auto clip = make(request);
    ASSERT_TRUE(clip.ok()) << clip.error().detail;
    const Film film = read_film(clip->clip.bytes);
    ASSERT_THAT(film.frames, SizeIs(16));
    EXPECT_DOUBLE_EQ(film.seconds, 1);
    EXPECT_GT(testing::difference(film.frames.front(), film.frames.back()), 1);
}

TEST_F(ClipTest, BadRequestsAndWrongCountsAreToldApart) {
    auto odd = full_rate(321, 192);
    EXPECT_EQ(client_->start_clip(odd).error().field, "width");
    auto few = full_rate(320, 192);
    few.frames_in = 79;
    EXPECT_EQ(client_->start_clip(few).error().field, "frames_in");
    auto session = client_->start_clip(full_rate(128, 128));
    ASSERT_TRUE(session.ok());
    EXPECT_EQ((*session)->add(disk(64, 64, 30, 30, 10)).error().code, ErrorCode::invalid_field);
    ASSERT_TRUE((*session)->add(disk(128, 128, 30, 30, 10)).ok());
    const auto clip = (*session)->finish();
    ASSERT_FALSE(clip.ok());
    EXPECT_EQ(clip.error().field, "frames_in");
}

TEST_F(ClipTest, AWorkerKilledInTheMiddleFailsTheClipAndTheNextOneWorks) {
    auto session = client_->start_clip(full_rate(128, 128));
    ASSERT_TRUE(session.ok());
    ASSERT_TRUE((*session)->add(moving(128, 128, 0)).ok());
    ASSERT_THAT(client_->worker_pids(), SizeIs(1));
    ASSERT_EQ(::kill(client_->worker_pids()[0], SIGKILL), 0);
    const auto clip = (*session)->finish();
    ASSERT_FALSE(clip.ok());
    EXPECT_EQ(clip.error().code, ErrorCode::engine_failed);
    session->reset();
    EXPECT_TRUE(make(full_rate(128, 128)).ok());
}

TEST_F(ClipTest, ACanceledClipFreesItsWorker) {
    const auto pids = client_->worker_pids();
    auto session = client_->start_clip(full_rate(128, 128));
    ASSERT_TRUE(session.ok());
    ASSERT_TRUE((*session)->add(moving(128, 128, 0)).ok());
    (*session)->cancel();
    const auto clip = (*session)->finish();
    ASSERT_FALSE(clip.ok());
    EXPECT_EQ(clip.error().code, ErrorCode::canceled);
    session->reset();
    EXPECT_TRUE(client_->preview(moving(64, 64, 0)).ok());
    EXPECT_EQ(client_->worker_pids(), pids);
}

TEST_F(ClipTest, PreviewsGoOnWhileAClipIsMade) {
    auto session = client_->start_clip(full_rate(128, 128));
    ASSERT_TRUE(session.ok());
    ASSERT_TRUE((*session)->add(moving(128, 128, 0)).ok());
    EXPECT_TRUE(client_->preview(moving(64, 64, 0)).ok());
}

}  // namespace
}  // namespace ourvidz::media
