// What the contract promises of uploads: 40 million pixels and 16384 a side, of every type and in its most
// expensive kind, by a real worker with the memory that it has by default.
#include <gtest/gtest.h>
#include <vips/vips.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "media/media_client.h"
#include "media/worker/still.h"
#include "media/worker/test_pictures.h"

namespace ourvidz::media {
namespace {

struct Side {
    int width, height;
};
constexpr Side most_pixels{8000, 5000};
constexpr Side longest{16384, 2441};
constexpr Side longest_webp{16383, 2441};  // the format knows no longer ones

// A picture of one colour, as the file type holds it.
struct Kind {
    std::string name;
    Side side;
    int bands;
    VipsBandFormat format;
    VipsInterpretation interpretation;
    bool has_profile;
    std::function<int(VipsImage*, void**, std::size_t*)> save;
    int orientation = 1;
};

int save_png(VipsImage* image, void** data, std::size_t* bytes) {
    return vips_pngsave_buffer(image, data, bytes, "compression", 1, nullptr);
}
int save_interlaced_png(VipsImage* image, void** data, std::size_t* bytes) {
    return vips_pngsave_buffer(image, data, bytes, "compression", 1, "interlace", TRUE, nullptr);
}
int save_jpeg(VipsImage* image, void** data, std::size_t* bytes) {
    return vips_jpegsave_buffer(image, data, bytes, "Q", 50, nullptr);
}
int save_progressive_jpeg(VipsImage* image, void** data, std::size_t* bytes) {
    return vips_jpegsave_buffer(image, data, bytes, "Q", 95, "interlace", TRUE, "subsample_mode",
                                VIPS_FOREIGN_SUBSAMPLE_OFF, nullptr);
}
int save_webp(VipsImage* image, void** data, std::size_t* bytes) {
    return vips_webpsave_buffer(image, data, bytes, "effort", 0, nullptr);
}
int save_lossless_webp(VipsImage* image, void** data, std::size_t* bytes) {
    return vips_webpsave_buffer(image, data, bytes, "effort", 0, "lossless", TRUE, nullptr);
}

std::vector<Kind> kinds() {
    const auto rgb = VIPS_INTERPRETATION_sRGB;
    const auto rgb16 = VIPS_INTERPRETATION_RGB16;
    const auto cmyk = VIPS_INTERPRETATION_CMYK;
    const auto small = VIPS_FORMAT_UCHAR;
    const auto large = VIPS_FORMAT_USHORT;
    return {
        {"png", longest, 3, small, rgb, false, save_png},
        {"png 16 bit alpha profile interlaced", most_pixels, 4, large, rgb16, true, save_interlaced_png, 6},
        {"jpeg", longest, 3, small, rgb, false, save_jpeg},
        {"jpeg progressive turned", most_pixels, 3, small, rgb, true, save_progressive_jpeg, 6},
        {"jpeg cmyk progressive", most_pixels, 4, small, cmyk, false, save_progressive_jpeg},
        {"webp", longest_webp, 3, small, rgb, false, save_webp},
        {"webp alpha turned", most_pixels, 4, small, rgb, true, save_webp, 8},
        {"webp lossless alpha", most_pixels, 4, small, rgb, true, save_lossless_webp},
    };
}

std::string file_of(const Kind& kind) {
    VipsImage* black = nullptr;
    VipsImage* image = nullptr;
    if (vips_black(&black, kind.side.width, kind.side.height, "bands", kind.bands, nullptr) != 0) return {};
    // A quarter of the darkest to the brightest, so that alpha and profile have something to do.
    const double level = kind.format == VIPS_FORMAT_USHORT ? 16'000 : 64;
    VipsImage* level_image = nullptr;
    vips_linear1(black, &level_image, 1, level, nullptr);
    vips_cast(level_image, &image, kind.format, nullptr);
    image->Type = kind.interpretation;
    if (kind.has_profile) {
        const auto profile = testing::srgb_profile();
        vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile.data(), profile.size());
    }
    if (kind.orientation != 1) vips_image_set_int(image, VIPS_META_ORIENTATION, kind.orientation);
    void* data = nullptr;
    std::size_t bytes = 0;
    std::string file;
    if (kind.save(image, &data, &bytes) == 0) file.assign(static_cast<const char*>(data), bytes);
    g_free(data);
    for (auto* each : {image, level_image, black}) g_object_unref(each);
    return file;
}

class UploadLimitsTest : public ::testing::TestWithParam<Kind> {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(start_codecs(1).ok()); }
};

TEST_P(UploadLimitsTest, IsTaken) {
    const auto& kind = GetParam();
    const auto file = file_of(kind);
    ASSERT_FALSE(file.empty()) << vips_error_buffer();
    MediaOptions options;
    options.executable = testing::worker_path();
    options.upscaler_path = testing::upscaler_path();
    const SystemClock clock;
    const auto client = MediaClient::start(options, clock);
    ASSERT_TRUE(client.ok()) << client.error().detail;
    const auto upload = (*client)->decode_upload(file);
    ASSERT_TRUE(upload.ok()) << upload.error().detail;
    const bool is_turned = kind.orientation >= 5 && upload->type != "png";
    EXPECT_EQ(upload->picture.width, is_turned ? kind.side.height : kind.side.width);
    EXPECT_EQ(upload->picture.height, is_turned ? kind.side.width : kind.side.height);
    std::ifstream status("/proc/" + std::to_string((*client)->worker_pids().at(0)) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmPeak") || line.starts_with("VmHWM")) RecordProperty(line.substr(0, 5), line);
    }
}

INSTANTIATE_TEST_SUITE_P(EachType, UploadLimitsTest, ::testing::ValuesIn(kinds()), [](const auto& row) {
    std::string name = row.param.name;
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
});

}  // namespace
}  // namespace ourvidz::media
