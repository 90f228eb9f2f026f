#include "media/worker/video_encoder.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

namespace ourvidz::media {
namespace {

constexpr int group_of_pictures = 16;
constexpr int io_buffer_bytes = 64 << 10;
constexpr std::size_t file_bytes_max = 250U << 20U;  // it has to fit into one message
constexpr int ticks_per_frame = 1000;                // of the file's clock

// A file in memory that the muxer writes, and reads again while it moves the index to the front.
struct MemoryFile {
    std::string bytes;
};

struct Cursor {
    MemoryFile* file;
    std::size_t at = 0;
};

int write_bytes(void* opaque, std::uint8_t* data, int count) {
    auto& cursor = *static_cast<Cursor*>(opaque);
    const auto end = cursor.at + static_cast<std::size_t>(count);
    if (end > file_bytes_max) return AVERROR(EFBIG);
    if (cursor.file->bytes.size() < end) cursor.file->bytes.resize(end);
    std::memcpy(cursor.file->bytes.data() + cursor.at, data, static_cast<std::size_t>(count));
    cursor.at = end;
    return count;
}

int read_bytes(void* opaque, std::uint8_t* data, int count) {
    auto& cursor = *static_cast<Cursor*>(opaque);
    if (cursor.at >= cursor.file->bytes.size()) return AVERROR_EOF;
    const auto taken = std::min(static_cast<std::size_t>(count), cursor.file->bytes.size() - cursor.at);
    std::copy_n(cursor.file->bytes.data() + cursor.at, taken, data);
    cursor.at += taken;
    return static_cast<int>(taken);
}

std::int64_t seek_bytes(void* opaque, std::int64_t offset, int whence) {
    auto& cursor = *static_cast<Cursor*>(opaque);
    if (whence == AVSEEK_SIZE) return static_cast<std::int64_t>(cursor.file->bytes.size());
    if (whence == SEEK_CUR) offset += static_cast<std::int64_t>(cursor.at);
    if (whence == SEEK_END) offset += static_cast<std::int64_t>(cursor.file->bytes.size());
    if (offset < 0 || offset > static_cast<std::int64_t>(file_bytes_max)) return AVERROR(EINVAL);
    cursor.at = static_cast<std::size_t>(offset);
    return offset;
}

void free_io(AVIOContext* io) {
    if (io == nullptr) return;
    delete static_cast<Cursor*>(io->opaque);
    av_freep(static_cast<void*>(&io->buffer));
    avio_context_free(&io);
}

AVIOContext* open_io(MemoryFile& file, bool writes) {
    auto* buffer = static_cast<unsigned char*>(av_malloc(io_buffer_bytes));
    return avio_alloc_context(buffer, io_buffer_bytes, writes ? 1 : 0, new Cursor{&file},
                              writes ? nullptr : read_bytes, writes ? write_bytes : nullptr, seek_bytes);
}

// The muxer opens its own output for reading when it moves the index.
int open_for_reading(AVFormatContext* format, AVIOContext** io, const char* /*url*/, int flags,
                     AVDictionary**) {
    if ((flags & AVIO_FLAG_WRITE) != 0) return AVERROR(EPERM);
    *io = open_io(*static_cast<MemoryFile*>(format->opaque), false);
    return 0;
}

int close_reading(AVFormatContext* /*format*/, AVIOContext* io) {
    free_io(io);
    return 0;
}

Error failed(std::string_view what, int code) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(code, text.data(), text.size());
    return Error{ErrorCode::engine_failed,
                 "Video encoding failed (" + std::string(what) + "): " + text.data(), ""};
}

template <auto Free>
struct FreeBy {
    template <class T>
    void operator()(T* thing) const {
        Free(&thing);
    }
};
struct FreeFormat {
    void operator()(AVFormatContext* format) const {
        free_io(format->pb);
        avformat_free_context(format);
    }
};
struct FreeScaler {
    void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};

}  // namespace

struct VideoEncoder::State {
    MemoryFile file;
    std::unique_ptr<AVCodecContext, FreeBy<avcodec_free_context>> codec;
    std::unique_ptr<AVFormatContext, FreeFormat> format;
    std::unique_ptr<SwsContext, FreeScaler> scaler;
    std::unique_ptr<AVFrame, FreeBy<av_frame_free>> frame;
    std::unique_ptr<AVPacket, FreeBy<av_packet_free>> packet;
    std::int64_t frames = 0;

    Result<void> open_codec(int width, int height, int fps, int threads);
    Result<void> open_file(int fps);
    Result<void> open_frames(int width, int height);
    Result<void> encode(const AVFrame* picture);
};

// Short look-ahead and few B-frames: what x264 still holds back when the last frame arrives has to be encoded
// before anyone can watch, and clips should be playable at once.
Result<void> VideoEncoder::State::open_codec(int width, int height, int fps, int threads) {
    const auto* encoder = avcodec_find_encoder_by_name("libx264");
    if (encoder == nullptr) return Error{ErrorCode::unavailable, "libavcodec has no libx264 encoder.", ""};
    codec.reset(avcodec_alloc_context3(encoder));
    codec->width = width;
    codec->height = height;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->time_base = {1, fps};
    codec->framerate = {fps, 1};
    codec->gop_size = group_of_pictures;
    codec->keyint_min = group_of_pictures;
    codec->max_b_frames = 2;
    codec->thread_count = threads;
    codec->color_range = AVCOL_RANGE_MPEG;
    codec->colorspace = AVCOL_SPC_BT709;
    codec->color_primaries = AVCOL_PRI_BT709;
    codec->color_trc = AVCOL_TRC_BT709;
    codec->flags |= AV_CODEC_FLAG_CLOSED_GOP | AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "preset", "veryfast", 0);
    av_dict_set(&options, "crf", "18", 0);
    av_dict_set(&options, "profile", "high", 0);
    av_dict_set(&options, "x264-params", "scenecut=0:open-gop=0:rc-lookahead=4:sliced-threads=1", 0);
    const int status = avcodec_open2(codec.get(), encoder, &options);
    av_dict_free(&options);
    if (status < 0) return failed("opening the encoder", status);
    return {};
}

Result<void> VideoEncoder::State::open_file(int fps) {
    AVFormatContext* made = nullptr;
    int status = avformat_alloc_output_context2(&made, nullptr, "mp4", nullptr);
    if (status < 0) return failed("opening the container", status);
    format.reset(made);
    format->pb = open_io(file, true);
    format->opaque = &file;
    format->io_open = open_for_reading;
    format->io_close2 = close_reading;
    format->flags |= AVFMT_FLAG_BITEXACT;
    AVStream* stream = avformat_new_stream(made, nullptr);
    if (stream == nullptr) return failed("adding the stream", AVERROR(ENOMEM));
    stream->time_base = {1, fps * ticks_per_frame};
    stream->avg_frame_rate = {fps, 1};
    avcodec_parameters_from_context(stream->codecpar, codec.get());
    AVDictionary* options = nullptr;
    av_dict_set(&options, "movflags", "+faststart", 0);
    av_dict_set_int(&options, "video_track_timescale", static_cast<std::int64_t>(fps) * ticks_per_frame, 0);
    status = avformat_write_header(made, &options);
    av_dict_free(&options);
    if (status < 0) return failed("writing the header", status);
    return {};
}

Result<void> VideoEncoder::State::open_frames(int width, int height) {
    frame.reset(av_frame_alloc());
    packet.reset(av_packet_alloc());
    frame->width = width;
    frame->height = height;
    frame->format = AV_PIX_FMT_YUV420P;
    const int status = av_frame_get_buffer(frame.get(), 0);
    if (status < 0) return failed("allocating a frame", status);
    scaler.reset(sws_getContext(width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUV420P,
                                SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP, nullptr, nullptr,
                                nullptr));
    if (!scaler) return failed("converting colours", AVERROR(ENOMEM));
    const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
    sws_setColorspaceDetails(scaler.get(), bt709, 1, bt709, 0, 0, 1 << 16, 1 << 16);
    return {};
}

// `picture` null: no more frames, hand out what is held back.
Result<void> VideoEncoder::State::encode(const AVFrame* picture) {
    int status = avcodec_send_frame(codec.get(), picture);
    if (status < 0) return failed("sending a frame", status);
    while (true) {
        status = avcodec_receive_packet(codec.get(), packet.get());
        if (status == AVERROR(EAGAIN) || status == AVERROR_EOF) return {};
        if (status < 0) return failed("encoding a frame", status);
        packet->duration = 1;
        packet->stream_index = 0;
        av_packet_rescale_ts(packet.get(), codec->time_base, format->streams[0]->time_base);
        status = av_interleaved_write_frame(format.get(), packet.get());
        if (status < 0) return failed("writing a frame", status);
    }
}

VideoEncoder::VideoEncoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoEncoder::~VideoEncoder() = default;

Result<std::unique_ptr<VideoEncoder>> VideoEncoder::open(int width, int height, int fps, int threads) {
    assert(width % 2 == 0 && height % 2 == 0);
    av_log_set_level(AV_LOG_QUIET);
    auto state = std::make_unique<State>();
    OURVIDZ_CHECK(state->open_codec(width, height, fps, threads));
    OURVIDZ_CHECK(state->open_file(fps));
    OURVIDZ_CHECK(state->open_frames(width, height));
    return std::unique_ptr<VideoEncoder>(new VideoEncoder(std::move(state)));
}

Result<void> VideoEncoder::add(const Rgb8& frame) {
    assert(frame.width == state_->codec->width && frame.height == state_->codec->height);
    auto* target = state_->frame.get();
    const int status = av_frame_make_writable(target);
    if (status < 0) return failed("reusing a frame", status);
    const std::array<const std::uint8_t*, 1> planes{
        reinterpret_cast<const std::uint8_t*>(frame.pixels.data())};
    const std::array<int, 1> strides{frame.width * 3};
    sws_scale(state_->scaler.get(), planes.data(), strides.data(), 0, frame.height, target->data,
              target->linesize);
    target->pts = state_->frames++;
    return state_->encode(target);
}

Result<std::string> VideoEncoder::finish() {
    OURVIDZ_CHECK(state_->encode(nullptr));
    const int status = av_write_trailer(state_->format.get());
    if (status < 0) return failed("writing the index", status);
    return std::move(state_->file.bytes);
}

}  // namespace ourvidz::media
