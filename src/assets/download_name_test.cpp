#include "assets/download_name.h"

#include <gtest/gtest.h>

namespace ourvidz::assets {
namespace {

constexpr std::string_view id = "ast_01KDH2ZC4W4Q5R6S7T8V9WXYZ0";

std::string named(std::string_view prompt) {
    return download_name(prompt, id, "image/png");
}

TEST(DownloadName, SaysWhatItShowsInWordsThatEveryFileSystemTakes) {
    EXPECT_EQ(named("a red fox, in the snow"), "ourvidz-a-red-fox-in-the-snow-8V9WXYZ0.png");
    EXPECT_EQ(named("../..\\CON: \"a\" <b>|*?\n\t\x7f"), "ourvidz-CON-a-b-8V9WXYZ0.png");
    EXPECT_EQ(named("ein Füchschen № 2 лиса 狐 हिंदी"), "ourvidz-ein-Füchschen-2-лиса-狐-हिंदी-8V9WXYZ0.png");
    EXPECT_EQ(named("fox\xE2\x80\xAEgpj.exe"), "ourvidz-fox-gpj-exe-8V9WXYZ0.png")
        << "no mark that turns the direction of writing";
    EXPECT_EQ(named("(a red:1.20) fox:3"), "ourvidz-a-red-fox-8V9WXYZ0.png");
    EXPECT_EQ(named(""), "ourvidz-8V9WXYZ0.png");
    EXPECT_EQ(named("\xFF\xFE ..."), "ourvidz-8V9WXYZ0.png");
    EXPECT_EQ(download_name("a fox", id, "video/mp4"), "ourvidz-a-fox-8V9WXYZ0.mp4");
}

TEST(DownloadName, IsCutBetweenWordsOrElseBetweenCharacters) {
    std::string many;
    for (int i = 0; i < 100; ++i) many += "lighthouse ";
    EXPECT_EQ(named(many), "ourvidz-lighthouse-lighthouse-lighthouse-lighthouse-lighthouse-8V9WXYZ0.png");
    std::string one;
    for (int i = 0; i < 100; ++i) one += "狐";
    EXPECT_EQ(named(one).size(), std::string("ourvidz--8V9WXYZ0.png").size() + 60);
}

TEST(DownloadName, TheWordsAreThoseThatTheEngineGot) {
    EXPECT_EQ(prompt_of({{"settings", {{"prompt", "a {fox|cat}"}, {"resolved_prompt", "a cat"}}}}), "a cat");
    EXPECT_EQ(prompt_of({{"settings", {{"prompt", "a fox"}}}}), "a fox");
    EXPECT_EQ(prompt_of({{"method", "upload"}}), "");
}

TEST(DownloadName, IsSentInBothWays) {
    EXPECT_EQ(attachment("ourvidz-a-fox-1.png"), R"(attachment; filename="ourvidz-a-fox-1.png")");
    EXPECT_EQ(attachment("ourvidz-狐-1.png"),
              R"(attachment; filename="ourvidz-1.png"; filename*=UTF-8''ourvidz-%E7%8B%90-1.png)");
}

}  // namespace
}  // namespace ourvidz::assets
