#include "media/worker/still.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "media/worker/file_type.h"
#include "media/worker/test_pictures.h"

namespace ourvidz::media {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using testing::disk;
using ::testing::Each;
using ::testing::HasSubstr;

class StillTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(start_codecs(1).ok()); }
};

struct Refused {
    std::string name;
    std::string bytes;
    std::string words;
};

TEST_F(StillTest, OtherTypesAreRefusedByContentWithASentence) {
    const std::vector<Refused> cases{
        {"svg", "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"},
        {"gif", std::string("GIF89a\x01\x00\x01\x00", 10), "a GIF"},
        {"pdf", "%PDF-1.7\n", "a PDF document"},
        {"html", "<!DOCTYPE html><html></html>", "a web page"},
        {"tiff", std::string("II*\0\x08\0\0\0", 8), "a TIFF picture"},
        {"heif",
         std::string("\0\0\0\x18"
                     "ftypheic",
                     12),
         "a HEIF or AVIF picture"},
        {"video",
         std::string("\0\0\0\x18"
                     "ftypisom",
                     12),
         "a video"},
        {"text", "Dear all,", "text"},
        {"noise", std::string("\x01\x02\x03\x04", 4), "of a type that is not known"},
        {"empty", "", "empty"},
    };
    for (const auto& row : cases) {
        const auto result = decode_untrusted(row.bytes);
        ASSERT_FALSE(result.ok()) << row.name;
        EXPECT_EQ(result.error().code, ErrorCode::invalid_field) << row.name;
        EXPECT_EQ(result.error().field, "file") << row.name;
        EXPECT_THAT(result.error().detail, AllOf(HasSubstr(row.words), HasSubstr("."))) << row.name;
    }
}

TEST_F(StillTest, PngAndWebpAndJpegComeBackAsTheyWere) {
    const Rgb8 picture = disk(97, 61, 40, 30, 20);
    const auto png = decode_untrusted(*encode_png(picture));
    ASSERT_TRUE(png.ok()) << png.error().detail;
    EXPECT_EQ(png->picture.pixels, picture.pixels);
    EXPECT_EQ(png->type, "png");
    const auto webp = decode_untrusted(*encode_webp(picture, 90, 4));
    ASSERT_TRUE(webp.ok()) << webp.error().detail;
    EXPECT_LT(testing::difference(webp->picture, picture), 3);
    const auto jpeg = decode_untrusted(testing::jpeg(picture));
    ASSERT_TRUE(jpeg.ok()) << jpeg.error().detail;
    EXPECT_LT(testing::difference(jpeg->picture, picture), 3);
    EXPECT_FALSE(jpeg->animated);
}

TEST_F(StillTest, ExifTurnsThePictureAndIsThenGone) {
    const Rgb8 picture = disk(96, 64, 20, 16, 12);
    const auto bytes = testing::jpeg_with_exif(picture, 6);  // 6: turn clockwise by a quarter
    ASSERT_THAT(bytes, HasSubstr("Secret Camera 9"));
    const auto upload = decode_untrusted(bytes);
    ASSERT_TRUE(upload.ok()) << upload.error().detail;
    EXPECT_EQ(upload->picture.width, 64);
    EXPECT_EQ(upload->picture.height, 96);
    const auto centre = testing::disk_centre(upload->picture);
    EXPECT_NEAR(centre.x, 63 - 16, 1.5);
    EXPECT_NEAR(centre.y, 20, 1.5);
    const auto png = *encode_png(upload->picture);
    EXPECT_EQ(png.find("Secret"), std::string::npos);
    EXPECT_THAT(testing::png_chunk_names(png), Each(AnyOf("IHDR", "pHYs", "sRGB", "IDAT", "IEND")));
}

TEST_F(StillTest, AFileIsCalledWhatItIs) {
    using namespace std::string_literals;
    struct Row {
        std::string bytes;
        const char* words;
    };
    for (const auto& [bytes, words] :
         {Row{"\xff\xd8", "The file is a JPEG picture, but it is damaged"},
          Row{"\xff\xd8\xff", "a JPEG picture"},
          Row{"f\xc3\xbc"
              "chse\n",
              "The file is text"},
          Row{std::string(1023, 'x') + "\xc3\xbc", "The file is text"}, Row{"\x89PNG"s, "of a type that"}}) {
        const auto result = decode_untrusted(bytes);
        ASSERT_FALSE(result.ok()) << words;
        EXPECT_THAT(result.error().detail, HasSubstr(words));
    }
}

TEST_F(StillTest, TooManyPixelsAreRefusedFromTheHeader) {
    // The pixel data is a few bytes: had it been read, the answer would be "damaged".
    const auto pixels = decode_untrusted(testing::hollow_png(10'000, 10'000, 100));
    ASSERT_FALSE(pixels.ok());
    EXPECT_EQ(pixels.error().code, ErrorCode::too_large);
    EXPECT_THAT(pixels.error().detail, HasSubstr("10000 x 10000"));
    const auto side = decode_untrusted(testing::hollow_png(16'385, 10, 100));
    ASSERT_FALSE(side.ok());
    EXPECT_EQ(side.error().code, ErrorCode::too_large);
    const auto bytes = decode_untrusted(std::string(upload_bytes_max + 1, 'x'));
    ASSERT_FALSE(bytes.ok());
    EXPECT_EQ(bytes.error().code, ErrorCode::too_large);
}

TEST_F(StillTest, CutOrDamagedFilesAreRefused) {
    const Rgb8 picture = disk(200, 160, 90, 80, 50);
    for (const auto& bytes : {*encode_png(picture), testing::jpeg(picture), *encode_webp(picture, 80, 4)}) {
        for (const double part : {0.05, 0.5, 0.9}) {
            const auto cut =
                bytes.substr(0, static_cast<std::size_t>(static_cast<double>(bytes.size()) * part));
            const auto result = decode_untrusted(cut);
            ASSERT_FALSE(result.ok()) << part << " of a file of " << bytes.size();
            EXPECT_THAT(result.error().detail, HasSubstr("damaged or cut short"));
        }
    }
    auto flipped = *encode_png(picture);
    flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 0x55);
    EXPECT_FALSE(decode_untrusted(flipped).ok());
}

TEST_F(StillTest, AnAnimationGivesItsFirstFrame) {
    const Rgb8 first = disk(64, 64, 20, 20, 12);
    const Rgb8 second = disk(64, 64, 44, 44, 12);
    const Rgb8 strip{64, 128, first.pixels + second.pixels};
    const auto upload = decode_untrusted(*encode_animation(strip, 64, 100, 90));
    ASSERT_TRUE(upload.ok()) << upload.error().detail;
    EXPECT_TRUE(upload->animated);
    EXPECT_EQ(upload->picture.height, 64);
    EXPECT_LT(testing::difference(upload->picture, first), 4);
}

TEST_F(StillTest, FittingCoversExactlyAndKeepsTheMiddle) {
    const Rgb8 picture = disk(300, 200, 150, 100, 40);
    struct Size {
        int width, height;
    };
    for (const auto& size :
         {Size{128, 128}, Size{512, 512}, Size{33, 517}, Size{640, 64}, Size{1, 1}, Size{300, 200}}) {
        const Rgb8 fitted = fit_cover(picture, size.width, size.height);
        EXPECT_EQ(fitted.width, size.width);
        EXPECT_EQ(fitted.height, size.height);
        ASSERT_TRUE(fitted.is_valid());
        if (size.width < 100 || size.height < 100) continue;
        const auto centre = testing::disk_centre(fitted);
        EXPECT_NEAR(centre.x, (size.width - 1) / 2.0, 3);
        EXPECT_NEAR(centre.y, (size.height - 1) / 2.0, 3);
    }
}

TEST_F(StillTest, TextChunksAreKeptAndThePngStaysWhole) {
    const Rgb8 picture = disk(40, 30, 20, 15, 8);
    const std::string recipe = R"({"prompt":"Füchse im Schnee"})";
    const auto png = with_text_chunk(*encode_png(picture), "ourvidz", recipe);
    EXPECT_EQ(testing::png_chunk(png, "iTXt"), std::string("ourvidz\0\0\0\0\0", 12) + recipe);
    const auto back = decode_stored(png);
    ASSERT_TRUE(back.ok()) << back.error().detail;
    EXPECT_EQ(back->pixels, picture.pixels);
}

TEST_F(StillTest, MutatedFilesNeverHurtTheDecoder) {
    const Rgb8 picture = disk(48, 40, 24, 20, 14);
    const std::vector<std::string> seeds{*encode_png(picture), testing::jpeg_with_exif(picture, 3),
                                         *encode_webp(picture, 80, 4)};
    std::mt19937 random(20'240'607);
    int decoded = 0;
    for (int round = 0; round < 1500; ++round) {
        std::string bytes = seeds[static_cast<std::size_t>(round) % seeds.size()];
        const auto changes = 1 + random() % 8;
        for (unsigned i = 0; i < changes; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
        if (random() % 4 == 0) bytes.resize(random() % bytes.size());
        const auto result = decode_untrusted(bytes);
        if (result.ok()) {
            ++decoded;
            EXPECT_TRUE(result->picture.is_valid());
        } else {
            EXPECT_THAT(result.error().code, AnyOf(ErrorCode::invalid_field, ErrorCode::too_large));
        }
    }
    // Some changes hit what does not matter; if none did, the seeds would not be read at all.
    EXPECT_GT(decoded, 0);
    EXPECT_LT(decoded, 1500);
}

}  // namespace
}  // namespace ourvidz::media
