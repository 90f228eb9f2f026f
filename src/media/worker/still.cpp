#include "media/worker/still.h"

#include <vips/vips.h>
#include <zlib.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "media/worker/file_type.h"
#include "media/worker/pixels.h"

namespace ourvidz::media {
namespace {

struct Unref {
    void operator()(VipsImage* image) const { g_object_unref(image); }
};
using ImagePtr = std::unique_ptr<VipsImage, Unref>;

struct GFree {
    void operator()(void* memory) const { g_free(memory); }
};

Error bad_file(std::string detail) {
    return invalid_field("file", std::move(detail));
}

Error damaged(FileType type) {
    vips_error_clear();
    return bad_file("The file is " + std::string(describe(type)) + ", but it is damaged or cut short.");
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
    if (status != 0) return damaged(type);
    return owned;
}

Result<void> check_size(const VipsImage* image) {
    const int width = vips_image_get_width(image);
    const int height = vips_image_get_height(image);
    if (width > side_max || height > side_max || static_cast<long long>(width) * height > upload_pixels_max) {
        return Error{ErrorCode::too_large,
                     "The picture has " + std::to_string(width) + " x " + std::to_string(height) +
                         " pixels; at most 40 million in all and 16384 a side are allowed.",
                     "file"};
    }
    return {};
}

// Each step consumes the image before it; null after an error.
ImagePtr to_srgb(const ImagePtr& image) {
    VipsImage* out = nullptr;
    const bool has_profile = vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) != 0;
    const bool is_cmyk = vips_image_get_interpretation(image.get()) == VIPS_INTERPRETATION_CMYK;
    if (has_profile || is_cmyk) {
        if (vips_icc_transform(image.get(), &out, "srgb", "embedded", TRUE, "input_profile",
                               is_cmyk ? "cmyk" : "srgb", nullptr) == 0) {
            return ImagePtr(out);
        }
        // A profile that does not fit its picture is common and harmless: go by the colour model instead.
        vips_error_clear();
    }
    if (vips_colourspace(image.get(), &out, VIPS_INTERPRETATION_sRGB, nullptr) != 0) return nullptr;
    return ImagePtr(out);
}

ImagePtr without_alpha(const ImagePtr& image) {
    if (!image || !vips_image_hasalpha(image.get()))
        return image ? ImagePtr(VIPS_IMAGE(g_object_ref(image.get()))) : nullptr;
    const std::array<double, 1> white{255};
    VipsImage* out = nullptr;
    auto* background = vips_array_double_new(white.data(), static_cast<int>(white.size()));
    const int status = vips_flatten(image.get(), &out, "background", background, nullptr);
    vips_area_unref(VIPS_AREA(background));
    return ImagePtr(status == 0 ? out : nullptr);
}

ImagePtr to_bytes(const ImagePtr& image) {
    VipsImage* out = nullptr;
    if (!image || vips_cast_uchar(image.get(), &out, nullptr) != 0) return nullptr;
    return ImagePtr(out);
}

// Decodes all pixels, then turns the picture upright: turning wants random access, decoding is sequential.
ImagePtr upright(const ImagePtr& image) {
    if (!image) return nullptr;
    const ImagePtr decoded(vips_image_copy_memory(image.get()));
    VipsImage* out = nullptr;
    if (!decoded || vips_autorot(decoded.get(), &out, nullptr) != 0) return nullptr;
    return ImagePtr(out);
}

Result<Rgb8> decode_pixels(const ImagePtr& source, FileType type) {
    const auto image = upright(to_bytes(without_alpha(to_srgb(source))));
    if (!image || vips_image_get_bands(image.get()) != 3) return damaged(type);
    std::size_t bytes = 0;
    const std::unique_ptr<void, GFree> memory(vips_image_write_to_memory(image.get(), &bytes));
    if (!memory) return damaged(type);
    Rgb8 picture{vips_image_get_width(image.get()), vips_image_get_height(image.get()), {}};
    picture.pixels.assign(static_cast<const char*>(memory.get()), bytes);
    return picture;
}

bool is_animated(const VipsImage* image, std::string_view bytes, FileType type) {
    int pages = 1;
    if (vips_image_get_typeof(image, VIPS_META_N_PAGES) != 0) {
        vips_image_get_int(image, VIPS_META_N_PAGES, &pages);
    }
    return pages > 1 ||
           (type == FileType::png && bytes.substr(0, 4096).find("acTL") != std::string_view::npos);
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

void append_big_endian(std::string& out, std::uint32_t value) {
    for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>(value >> shift & 0xFF));
}

}  // namespace

Result<void> start_codecs(int threads) {
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

Result<DecodedUpload> decode_untrusted(std::string_view bytes) {
    if (bytes.empty()) return bad_file("The file is empty.");
    if (bytes.size() > upload_bytes_max) {
        return Error{ErrorCode::too_large, "The file is larger than 32 MiB.", "file"};
    }
    const auto type = file_type_of(bytes);
    DecodedUpload upload;
    switch (type) {
        case FileType::png:
            upload.type = "png";
            break;
        case FileType::jpeg:
            upload.type = "jpeg";
            break;
        case FileType::webp:
            upload.type = "webp";
            break;
        default:
            return bad_file("The file is " + std::string(describe(type)) +
                            "; only PNG, JPEG and WebP pictures can be uploaded.");
    }
    OURVIDZ_TRY(image, open_picture(bytes, type));
    OURVIDZ_CHECK(check_size(image.get()));
    upload.animated = is_animated(image.get(), bytes, type);
    OURVIDZ_TRY(picture, decode_pixels(image, type));
    upload.picture = std::move(picture);
    return upload;
}

Result<Rgb8> decode_stored(std::string_view bytes) {
    const auto type = file_type_of(bytes);
    if (type != FileType::png && type != FileType::webp)
        return bad_file("The stored file is not a PNG or WebP picture.");
    OURVIDZ_TRY(image, open_picture(bytes, type));
    OURVIDZ_CHECK(check_size(image.get()));
    return decode_pixels(image, type);
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
    append_big_endian(out, static_cast<std::uint32_t>(chunk.size() - 4));
    out += chunk;
    append_big_endian(out, static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(chunk.data()),
                                                            static_cast<uInt>(chunk.size()))));
    out += png.substr(header_end);
    return out;
}

}  // namespace ourvidz::media
