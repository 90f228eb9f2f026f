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

TEST(Media, ATypeBelongsToOneMedium) {
    std::set<std::string_view> seen;
    for (const auto& type : media_types)
        EXPECT_TRUE(seen.insert(type.content_type).second) << type.content_type;
    EXPECT_EQ(extension_of("image/webp"), ".webp");
    EXPECT_EQ(extension_of("text/html"), "");
}

}  // namespace
}  // namespace ourvidz::assets
