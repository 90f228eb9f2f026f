#include "media/worker/still.h"

#include <vips/vips.h>
#include <zlib.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "media/worker/bytes.h"
#include "media/worker/colours.h"
#include "media/worker/essence.h"
#include "media/worker/file_type.h"
#include "media/worker/pixels.h"
#include "media/worker/refusals.h"
#include "media/worker/work_limit.h"

namespace ourvidz::media {
namespace {

struct GFree {
    void operator()(void* memory) const { g_free(memory); }
};
struct CFree {
    void operator()(void* memory) const { std::free(memory); }
};

// More than the worst file of each type that is none needed when it was measured (docs/media-worker.md).
constexpr std::size_t decode_bytes_per_pixel = 16;
constexpr std::chrono::milliseconds decode_time_at_least{1000};
constexpr std::chrono::nanoseconds decode_time_per_pixel{250};

Error unreadable(FileType type) {
    vips_error_clear();
    return damaged(type);
}

Result<ImagePtr> open_picture(std::string_view bytes, FileType type) {
    auto* data = const_cast<char*>(bytes.data());
    VipsImage* image = nullptr;
    const auto access = VIPS_ACCESS_SEQUENTIAL;
    const auto fail_on = VIPS_FAIL_ON_ERROR;
    int status = -1;
    if (type == FileType::png) {
        status =
            vips_pngload_buffer(data, bytes.size(), &image, "access", access, "fail_on", fail_on, nullptr);
    } else if (type == FileType::jpeg) {
        status =
            vips_jpegload_buffer(data, bytes.size(), &image, "access", access, "fail_on", fail_on, nullptr);
    } else {
        status =
            vips_webpload_buffer(data, bytes.size(), &image, "access", access, "fail_on", fail_on, nullptr);
    }
    ImagePtr owned(image);
    if (status != 0) return unreadable(type);
    return owned;
}

std::chrono::milliseconds work_allowed(long long pixels) {
    return decode_time_at_least +
           std::chrono::duration_cast<std::chrono::milliseconds>(pixels * decode_time_per_pixel);
}

// Asked for and given back: what could not be had now would end the decoder half way, with words of its own.
bool memory_suffices_for(long long pixels) {
    const std::unique_ptr<void, CFree> memory(
        std::malloc(static_cast<std::size_t>(pixels) * decode_bytes_per_pixel));
    return memory != nullptr;
}

Result<Rgb8> decode(const Essence& file, FileType type, const GiveUp& give_up) {
    const auto pixels = static_cast<long long>(file.width) * file.height;
    if (!memory_suffices_for(pixels)) return too_little_memory();
    std::function<void()> beyond;
    if (give_up) beyond = [&give_up] { give_up(too_much_work()); };
    const WorkLimit limit(work_allowed(pixels), std::move(beyond));
    OURVIDZ_TRY(image, open_picture(file.bytes, type));
    // The decoder reads headers by itself: what it makes is what was allowed, or nothing.
    if (vips_image_get_width(image.get()) != file.width || vips_image_get_height(image.get()) != file.height)
        return damaged(type);
    auto picture = srgb_on_white(image);
    if (!picture) return unreadable(type);
    image.reset();
    return upright(std::move(*picture), file.orientation);
}

ImagePtr view_of(const Rgb8& picture) {
    assert(picture.pixels.size() == static_cast<std::size_t>(picture.width) * picture.height * 3);
    ImagePtr image(vips_image_new_from_memory(picture.pixels.data(), picture.pixels.size(), picture.width,
                                              picture.height, 3, VIPS_FORMAT_UCHAR));
    if (image) image->Type = VIPS_INTERPRETATION_sRGB;
    return image;
}

Result<std::string> take_encoded(int status, void* data, std::size_t bytes, std::string_view what) {
    const std::unique_ptr<void, GFree> memory(data);
    if (status != 0) {
        std::string reason = vips_error_buffer();
        vips_error_clear();
        return Error{ErrorCode::engine_failed,
                     "The " + std::string(what) + " could not be written: " + reason, ""};
    }
    return std::string(static_cast<const char*>(data), bytes);
}

}  // namespace

Result<void> start_codecs(int threads) {
    // libvips decodes what is larger than this into a file, which the worker may not make.
    setenv("VIPS_DISC_THRESHOLD", "1024g", 1);
    if (VIPS_INIT("media_worker") != 0) {
        return Error{ErrorCode::unavailable, std::string("libvips does not start: ") + vips_error_buffer(),
                     ""};
    }
    // Warnings quote what damaged files contain; the error that follows says what matters.
    g_log_set_handler(
        "VIPS", G_LOG_LEVEL_WARNING, [](const char*, GLogLevelFlags, const char*, void*) {}, nullptr);
    vips_cache_set_max(0);
    vips_concurrency_set(threads);
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (const auto* loader : {"VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadWebp"}) {
        vips_operation_block_set(loader, FALSE);
    }
    return {};
}

Result<DecodedUpload> decode_untrusted(std::string_view bytes, const GiveUp& give_up) {
    if (bytes.empty()) return empty_file();
    if (bytes.size() > upload_bytes_max) return file_too_large();
    const auto type = file_type_of(bytes);
    OURVIDZ_TRY(file, essence_of(bytes, type));
    OURVIDZ_TRY(picture, decode(file, type, give_up));
    const std::string_view name = type == FileType::png ? "png" : type == FileType::jpeg ? "jpeg" : "webp";
    return DecodedUpload{std::move(picture), name, file.animated};
}

Result<Rgb8> decode_stored(std::string_view bytes, const GiveUp& give_up) {
    const auto type = file_type_of(bytes);
    if (type != FileType::png && type != FileType::webp)
        return invalid_field("file", "The stored file is not a PNG or WebP picture.");
    OURVIDZ_TRY(file, essence_of(bytes, type));
    return decode(file, type, give_up);
}

Rgb8 resize(const Rgb8& picture, int width, int height) {
    if (picture.width == width && picture.height == height) return picture;
    Rgb8 out = blank(width, height);
    auto target = mat_of(out);
    const bool shrinks = width < picture.width || height < picture.height;
    cv::resize(mat_of(picture), target, target.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LANCZOS4);
    return out;
}

Rgb8 fit_cover(const Rgb8& picture, int width, int height) {
    if (picture.width == width && picture.height == height) return picture;
    const double scale =
        std::max(static_cast<double>(width) / picture.width, static_cast<double>(height) / picture.height);
    const int scaled_width = std::max(width, static_cast<int>(std::lround(picture.width * scale)));
    const int scaled_height = std::max(height, static_cast<int>(std::lround(picture.height * scale)));
    // The surplus goes before the scaling where it can, so that a very long picture never becomes a huge one.
    const int keep_width = std::min(picture.width, static_cast<int>(std::lround(width / scale)));
    const int keep_height = std::min(picture.height, static_cast<int>(std::lround(height / scale)));
    if (scaled_width == width && scaled_height == height) return resize(picture, width, height);
    const cv::Rect middle((picture.width - keep_width) / 2, (picture.height - keep_height) / 2,
                          std::max(1, keep_width), std::max(1, keep_height));
    Rgb8 cut = blank(middle.width, middle.height);
    auto target = mat_of(cut);
    mat_of(picture)(middle).copyTo(target);
    return resize(cut, width, height);
}

Rgb8 shrink_to(const Rgb8& picture, int side_max) {
    const int side = std::max(picture.width, picture.height);
    if (side <= side_max) return picture;
    const double scale = static_cast<double>(side_max) / side;
    return resize(picture, std::max(1, static_cast<int>(std::lround(picture.width * scale))),
                  std::max(1, static_cast<int>(std::lround(picture.height * scale))));
}

Result<std::string> encode_png(const Rgb8& picture) {
    const auto image = view_of(picture);
    void* data = nullptr;
    std::size_t bytes = 0;
    const int status =
        vips_pngsave_buffer(image.get(), &data, &bytes, "compression", 6, "strip", TRUE, nullptr);
    return take_encoded(status, data, bytes, "PNG");
}

Result<std::string> encode_webp(const Rgb8& picture, int quality, int effort) {
    const auto image = view_of(picture);
    void* data = nullptr;
    std::size_t bytes = 0;
    const int status = vips_webpsave_buffer(image.get(), &data, &bytes, "Q", quality, "effort", effort,
                                            "strip", TRUE, nullptr);
    return take_encoded(status, data, bytes, "WebP");
}

Result<std::string> encode_animation(const Rgb8& strip, int frame_height, int frame_ms, int quality) {
    const auto image = view_of(strip);
    std::vector<int> delays(static_cast<std::size_t>(strip.height / frame_height), frame_ms);
    vips_image_set_int(image.get(), VIPS_META_PAGE_HEIGHT, frame_height);
    vips_image_set_array_int(image.get(), "delay", delays.data(), static_cast<int>(delays.size()));
    vips_image_set_int(image.get(), "loop", 0);
    void* data = nullptr;
    std::size_t bytes = 0;
    const int status = vips_webpsave_buffer(image.get(), &data, &bytes, "Q", quality, "effort", 0, nullptr);
    return take_encoded(status, data, bytes, "animated WebP");
}

std::string with_text_chunk(std::string_view png, std::string_view keyword, std::string_view text) {
    constexpr std::size_t header_end = 8 + 25;  // signature and IHDR
    assert(png.size() > header_end && !keyword.empty() && keyword.size() < 80);
    std::string chunk = "iTXt";
    // Zero bytes: end of the keyword, not compressed, compression method, empty language, empty translation.
    chunk.append(keyword).append(5, '\0').append(text);
    std::string out(png.substr(0, header_end));
    append_number(out, static_cast<std::uint32_t>(chunk.size() - 4), ByteOrder::big);
    out += chunk;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(chunk.data()), static_cast<uInt>(chunk.size()));
    append_number(out, static_cast<std::uint32_t>(sum), ByteOrder::big);
    out += png.substr(header_end);
    return out;
}

}  // namespace ourvidz::media
