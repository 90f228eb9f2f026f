#include "kinds/kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace ourvidz::kinds {
namespace {

using testing::HasSubstr;

TEST(Kinds, EachHasItsNameItsPriceAndWordsAboutIt) {
    std::set<std::string_view> names;
    for (const auto& kind : all) {
        EXPECT_TRUE(names.insert(kind.name).second) << kind.name << " is there twice";
        ASSERT_NE(find(kind.name), nullptr) << kind.name;
        EXPECT_EQ(find(kind.name)->name, kind.name);
        EXPECT_FALSE(kind.about.empty()) << kind.name;
        EXPECT_EQ(kind.credits > 0, kind.medium() != Medium::chat) << kind.name;
    }
}

TEST(Kinds, WhatIsNotInTheListIsAnError) {
    for (const auto* name : {"", "oil_painting", "image", "IMAGE_FAST", "image_fast "}) {
        EXPECT_EQ(find(name), nullptr) << name;
        const auto kind = require(name);
        ASSERT_FALSE(kind.ok()) << name;
        EXPECT_EQ(kind.error().field, "kind");
        EXPECT_THAT(kind.error().detail, HasSubstr("image_fast"));
    }
}

TEST(Kinds, MediaHaveNamesOfTheirOwnAndWhatIsNoneIsNot) {
    for (const auto medium : mediums) EXPECT_EQ(medium_named(to_string(medium)), medium);
    EXPECT_FALSE(medium_named("audio"));
    EXPECT_FALSE(medium_named(""));
}

TEST(Kinds, AreNamedByTheirWork) {
    EXPECT_EQ(names_of(any_of({Work::talk})), "chat_conversation, chat_unrestricted");
    EXPECT_EQ(names_of(0), "");
}

}  // namespace
}  // namespace ourvidz::kinds
