// Every depth, alpha, profile, orientation and damage that was ever got wrong: what each file becomes, or
// with which words it is refused. The pictures have four quarters; their corners are what is compared.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "media/worker/still.h"
#include "media/worker/test_pictures.h"

namespace ourvidz::media {
namespace {

using ::testing::HasSubstr;

using Colour = std::array<int, 3>;
using Corners = std::array<Colour, 4>;  // top left, top right, bottom left, bottom right

constexpr Colour red{255, 0, 0};
constexpr Colour green{0, 255, 0};
constexpr Colour blue{0, 0, 255};
constexpr Colour yellow{255, 255, 0};
constexpr Colour white{255, 255, 255};
constexpr Colour black{0, 0, 0};
constexpr Colour gray{128, 128, 128};
constexpr Colour half_red{255, 127, 127};
constexpr Colour half_gray{127, 127, 127};

constexpr Corners quarters{red, green, blue, yellow};
// Red at 100 %, 50 %, 1 % and 0.4 %.
constexpr Corners fading_red{red, half_red, Colour{255, 252, 252}, Colour{255, 254, 254}};

constexpr Corners p3_quarters{Colour{214, 116, 107}, Colour{0, 164, 152}, Colour{90, 90, 188},
                              Colour{184, 171, 75}};

Corners all(const Colour& colour) {
    return {colour, colour, colour, colour};
}

Corners corners_of(const Rgb8& picture) {
    const auto at = [&](int x, int y) {
        const auto start = (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                            static_cast<std::size_t>(x)) *
                           3;
        Colour colour{};
        for (std::size_t c = 0; c < 3; ++c)
            colour.at(c) = static_cast<unsigned char>(picture.pixels[start + c]);
        return colour;
    };
    const int right = picture.width - 1;
    const int bottom = picture.height - 1;
    return {at(0, 0), at(right, 0), at(0, bottom), at(right, bottom)};
}

void expect_near(const Corners& found, const Corners& expected, int tolerance, const std::string& name) {
    for (std::size_t corner = 0; corner < 4; ++corner) {
        for (std::size_t c = 0; c < 3; ++c) {
            EXPECT_NEAR(found.at(corner).at(c), expected.at(corner).at(c), tolerance)
                << name << ", corner " << corner << ", channel " << c;
        }
    }
}

const std::string folder = OURVIDZ_SOURCE_DIR "/src/media/worker/testdata/pictures/";

class PicturesTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(start_codecs(1).ok()); }
};

struct Taken {
    std::string file;
    int width, height;
    Corners corners;
    int tolerance = 0;  // of 255: JPEG and profiles round
    bool animated = false;
};

const std::vector<Taken>& taken() {
    // What a JPEG makes of the quarters.
    constexpr int jpeg = 2;
    static const std::vector<Taken> rows{
        // Depths.
        {"one.png", 1, 1, all({10, 200, 30})},
        {"bit1.png", 32, 32, {black, white, black, white}},
        {"rgb16.png", 32, 32, {red, green, blue, gray}},
        {"rgb16_icc.png", 32, 32, {red, green, blue, gray}, 1},
        // Alpha as a channel and as one transparent colour, on white.
        {"la8.png", 32, 32, {black, half_gray, white, gray}},
        {"la16.png", 32, 32, {black, half_gray, white, gray}},
        {"rgba8.png", 32, 32, {red, half_red, white, gray}},
        {"rgba8_icc.png", 32, 32, {red, half_red, white, gray}, 1},
        {"rgba16.png", 32, 32, {red, half_red, white, gray}},
        {"rgba16_icc.png", 32, 32, {red, half_red, white, gray}, 1},
        {"rgba16_alpha.png", 32, 32, fading_red},
        {"rgba16_icc_alpha.png", 32, 32, fading_red, 1},
        {"pal_trns.png", 32, 32, {red, half_red, white, gray}},
        {"g16_trns.png", 32, 32, {black, white, white, gray}},
        {"rgb8_trns.png", 32, 32, {red, white, blue, gray}},
        {"rgb16_trns.png", 32, 32, {red, white, blue, gray}},
        {"rgb16_trns_icc.png", 32, 32, {red, white, blue, gray}, 1},
        // Profiles and colour models.
        {"p3.png", 32, 32, p3_quarters, 1},
        {"p3.jpg", 32, 32, p3_quarters, jpeg},
        {"cmyk.jpg", 32, 32, {white, Colour{0, 157, 228}, Colour{230, 30, 42}, Colour{41, 35, 43}}, 4},
        // Orientations.
        {"exif1.png", 48, 32, quarters},
        {"exif6.png", 48, 32, quarters},
        {"exif1.webp", 48, 32, quarters},
        {"exif6.webp", 48, 32, quarters},
        {"exif1.jpg", 48, 32, quarters, jpeg},
        {"exif2.jpg", 48, 32, quarters, jpeg},
        {"exif3.jpg", 48, 32, quarters, jpeg},
        {"exif4.jpg", 48, 32, quarters, jpeg},
        {"exif5.jpg", 48, 32, quarters, jpeg},
        {"exif6.jpg", 48, 32, quarters, jpeg},
        {"exif7.jpg", 48, 32, quarters, jpeg},
        {"exif8.jpg", 48, 32, quarters, jpeg},
        // More than a picture: texts, whatever follows, further pictures.
        {"text60.png", 48, 32, quarters},
        {"text300.png", 48, 32, quarters},
        {"badcrc_text.png", 48, 32, quarters},
        {"trailing.png", 48, 32, quarters},
        {"apng.png", 40, 30, all(red), 0, true},
        {"anim.webp", 40, 30, all(red), 1, true},
        {"motion.jpg", 480, 320, quarters, jpeg},
        {"gainmap.jpg", 480, 320, quarters, jpeg},
        {"fill.jpg", 480, 320, quarters, jpeg},
        {"progressive.jpg", 480, 320, quarters, jpeg},
        // Long and large.
        {"strip_16384x1.png", 16384, 1, all({10, 90, 200})},
        {"strip_1x16384.png", 1, 16384, all({10, 90, 200})},
        {"tall.png", 1, 16384, all({10, 200, 30})},
        {"strip_40x2000.png", 40, 2000, all({10, 90, 200})},
        {"strip_54x600.png", 54, 600, all({10, 90, 200})},
        {"valid_8000x5000.webp", 8000, 5000, all({200, 30, 60}), 2},
    };
    return rows;
}

struct Refused {
    std::string file;
    ErrorCode code;
    std::string words;
};

const std::vector<Refused>& refused() {
    static const std::vector<Refused> rows{
        {"side16385.png", ErrorCode::too_large, "16385 x 2"},
        {"cut20.jpg", ErrorCode::invalid_field, "damaged or cut short"},
        // Its pixels may be all there, but nothing says so.
        {"noeoi.jpg", ErrorCode::invalid_field, "damaged or cut short"},
    };
    return rows;
}

TEST_F(PicturesTest, EachFileBecomesWhatItShows) {
    for (const auto& row : taken()) {
        const auto upload = decode_untrusted(testing::content_of(folder + row.file));
        ASSERT_TRUE(upload.ok()) << row.file << ": " << upload.error().detail;
        EXPECT_EQ(upload->picture.width, row.width) << row.file;
        EXPECT_EQ(upload->picture.height, row.height) << row.file;
        EXPECT_EQ(upload->animated, row.animated) << row.file;
        expect_near(corners_of(upload->picture), row.corners, row.tolerance, row.file);
    }
}

TEST_F(PicturesTest, WhatIsRefusedSaysWhy) {
    for (const auto& row : refused()) {
        const auto upload = decode_untrusted(testing::content_of(folder + row.file));
        ASSERT_FALSE(upload.ok()) << row.file;
        EXPECT_EQ(upload.error().code, row.code) << row.file;
        EXPECT_EQ(upload.error().field, "file") << row.file;
        EXPECT_THAT(upload.error().detail, HasSubstr(row.words)) << row.file;
    }
}

TEST_F(PicturesTest, NoFileIsForgotten) {
    std::set<std::string> named;
    for (const auto& row : taken()) named.insert(row.file);
    for (const auto& row : refused()) named.insert(row.file);
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        EXPECT_EQ(named.erase(entry.path().filename()), 1U) << entry.path();
    EXPECT_EQ(named, std::set<std::string>());
}

// A profile must not change what alpha means, and one that says sRGB changes nothing at all.
TEST_F(PicturesTest, AProfileOfTheSameColoursChangesNothing) {
    const auto srgb = testing::srgb_profile();
    const auto gray_like_srgb = testing::gray_profile();
    struct Row {
        std::string file;
        std::string profile;
        int tolerance;
    };
    const std::vector<Row> rows{
        {"bit1.png", gray_like_srgb, 0},
        {"la8.png", gray_like_srgb, 3},
        {"la16.png", gray_like_srgb, 3},
        {"g16_trns.png", gray_like_srgb, 3},
        {"rgb16.png", srgb, 1},
        {"rgba8.png", srgb, 1},
        {"rgba16.png", srgb, 1},
        {"rgba16_alpha.png", srgb, 1},
        {"pal_trns.png", srgb, 1},
        {"rgb8_trns.png", srgb, 1},
        {"rgb16_trns.png", srgb, 1},
        // One for other colours than the picture has is left aside.
        {"la16.png", srgb, 0},
        {"rgba16_alpha.png", gray_like_srgb, 0},
    };
    for (const auto& row : rows) {
        const auto plain = testing::content_of(folder + row.file);
        const auto without = decode_untrusted(plain);
        const auto with = decode_untrusted(testing::with_profile(plain, row.profile));
        ASSERT_TRUE(without.ok() && with.ok()) << row.file;
        expect_near(corners_of(with->picture), corners_of(without->picture), row.tolerance, row.file);
    }
}

}  // namespace
}  // namespace ourvidz::media
