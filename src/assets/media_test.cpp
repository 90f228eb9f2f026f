#include "assets/media.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace ourvidz::assets {
namespace {

TEST(Media, AFileHasOneOfTheTypesOfItsVariantAndMedium) {
    for (const auto& type : media_types) {
        EXPECT_TRUE(is_medium(type.medium)) << type.medium;
        EXPECT_THAT(content_types_of(variants[0], type.medium), testing::Contains(type.content_type));
        EXPECT_EQ(extension_of(type.content_type), type.extension);
    }
    EXPECT_THAT(content_types_of(variants[0], "image"), testing::Not(testing::Contains("video/mp4")));
    EXPECT_THAT(content_types_of(variants[1], "video"), testing::ElementsAre("image/webp"));
    EXPECT_TRUE(content_types_of(variants[0], "hologram").empty());
    EXPECT_FALSE(is_medium("hologram"));
}

TEST(Media, AFileBeginsAsItsTypeAndNoOther) {
    using namespace std::string_view_literals;
    const std::vector<std::pair<std::string_view, std::string_view>> heads = {
        {"image/png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv},
        {"image/webp", "RIFF\x24\0\0\0WEBPVP8 "sv},
        {"video/mp4",
         "\0\0\0\x20"
         "ftypisom"sv},
        {"audio/ogg", "OggS\0\x02"sv},
        {"audio/wav", "RIFF\x24\0\0\0WAVEfmt "sv},
    };
    for (const auto& [type, head] : heads) {
        for (const auto& [other, ignored] : heads) EXPECT_EQ(begins_as(other, head), other == type) << other;
        EXPECT_FALSE(begins_as(type, "<html><script>"));
        EXPECT_FALSE(begins_as(type, head.substr(0, 3)));
        EXPECT_FALSE(begins_as(type, ""));
    }
    for (const auto& type : media_types)
        EXPECT_TRUE(std::any_of(heads.begin(), heads.end(),
                                [&](const auto& one) { return one.first == type.content_type; }))
            << type.content_type << " has no signature";
    EXPECT_FALSE(begins_as("text/html", "<html>"));
}

TEST(Media, ATypeBelongsToOneMedium) {
    std::set<std::string_view> seen;
    for (const auto& type : media_types)
        EXPECT_TRUE(seen.insert(type.content_type).second) << type.content_type;
    EXPECT_EQ(extension_of("image/webp"), ".webp");
    EXPECT_EQ(extension_of("text/html"), "");
}

}  // namespace
}  // namespace ourvidz::assets
