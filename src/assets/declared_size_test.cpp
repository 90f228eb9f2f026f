#include "assets/declared_size.h"

#include <gtest/gtest.h>

#include <string>

namespace ourvidz::assets {
namespace {

using namespace std::string_literals;

const std::string png = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x1F\x40\0\0\x13\x88\x10\x06\0\0\0"s;
const std::string jpeg = "\xFF\xD8\xFF\xE0\0\x04JF\xFF\xC4\0\x03x\xFF\xFF\xC2\0\x11\x08\0\x40\x01\0\x03"s;
const std::string extended = "RIFF\x1A\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\x3F\x1F\0\x87\x13\0"s;
const std::string lossy = "RIFF\x1A\0\0\0WEBPVP8 \x0A\0\0\0\x30\x01\0\x9D\x01\x2A\x40\0\x80\0"s;
const std::string lossless = "RIFF\x1A\0\0\0WEBPVP8L\x0A\0\0\0\x2F\x3F\xC0\x1F\0\0"s;

TEST(declared_size, is_read_from_the_head_of_each_kind_of_file) {
    EXPECT_EQ(declared_pixels(png), 8000U * 5000U);
    EXPECT_EQ(declared_pixels(jpeg), 64U * 256U);
    EXPECT_EQ(declared_pixels(extended), 8000U * 5000U);
    EXPECT_EQ(declared_pixels(lossy), 64U * 128U);
    EXPECT_EQ(declared_pixels(lossless), 64U * 128U);
}

TEST(declared_size, is_unknown_where_nothing_says_it) {
    for (const auto& file :
         {""s, "text"s, "\xFF\xD8"s, "\xFF\xD8\xFF"s, "\xFF\xD8\xFF\xE0\0\0"s, "RIFFxxxxWEBP"s,
          "RIFFxxxxWEBPVP9 "s, png.substr(0, 12), "\xFF\xD8"s + std::string(4096, '\xFF')})
        EXPECT_FALSE(declared_pixels(file)) << file.size();
}

// Cut anywhere, or with any byte changed, it is a number or unknown, and read within the file.
TEST(declared_size, survives_every_cut_and_change) {
    for (const auto& whole : {png, jpeg, extended, lossy, lossless}) {
        for (std::size_t at = 0; at < whole.size(); ++at) {
            (void)declared_pixels(std::string(whole, 0, at));
            for (const char byte : {'\0', '\x7F', '\xFF'}) {
                auto changed = whole;
                changed[at] = byte;
                (void)declared_pixels(changed);
            }
        }
    }
}

}  // namespace
}  // namespace ourvidz::assets
