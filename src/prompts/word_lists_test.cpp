#include "prompts/word_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/id.h"
#include "base/testing/as_user.h"

namespace ourvidz::prompts {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class WordListsTest : public ::testing::Test {
  protected:
    WordListsTest() { fs::create_directories(folder_); }
    ~WordListsTest() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::string& bytes) const {
        fs::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
    }
    // All entries with commas between them; what is wrong; or "none".
    [[nodiscard]] std::string entries(std::string_view name) const {
        const auto list = lists_.find(name);
        if (!list) return list.error().detail;
        if (*list == nullptr) return "none";
        std::string all;
        for (const auto& entry : **list) all += (all.empty() ? "" : ",") + entry;
        return all;
    }

    const fs::path folder_ = fs::temp_directory_path() / ("ourvidz-words-" + random_hex(8));
    const WordListFolder lists_{folder_};
};

TEST_F(WordListsTest, OwnFilesGoBeforeOurs) {
    write("animal.txt", "# mine\n\nhedgehog\r\nbadger \n");
    EXPECT_EQ(entries("animal"), "hedgehog,badger");
    EXPECT_EQ(entries("season"), "spring,summer,autumn,winter");
    EXPECT_EQ(entries("no-such-list"), "none");
    EXPECT_TRUE(resolve("a __animal__ in __season__", 3, lists_.lists(), "prompt"));
}

TEST_F(WordListsTest, ChangesAreSeenByTheNextUse) {
    EXPECT_EQ(entries("beast"), "none");
    write("beast.txt", "fox\n");
    EXPECT_EQ(entries("beast"), "fox");
    write("beast.txt", "owl\n");
    EXPECT_EQ(entries("beast"), "owl") << "as long as before, and at nearly the same time";
    const auto held = lists_.lists();
    EXPECT_EQ(held("beast").value()->front(), "owl");
    write("beast.txt", "owl\npig\n");
    EXPECT_EQ(held("beast").value()->size(), 1U) << "one request sees one state";
    EXPECT_EQ(entries("beast"), "owl,pig");
    fs::remove(folder_ / "beast.txt");
    EXPECT_EQ(entries("beast"), "none");
    write("season.txt", "dry\nwet\n");
    EXPECT_EQ(entries("season"), "dry,wet");
    fs::remove(folder_ / "season.txt");
    EXPECT_EQ(entries("season"), "spring,summer,autumn,winter");
}

TEST_F(WordListsTest, AFolderThatMayNotBeLookedIntoIsTheReason) {
    write("beast.txt", "fox\n");
    write("season.txt", "dry\nwet\n");
    const auto locked = [this](bool is_locked) {
        fs::permissions(folder_, is_locked ? fs::perms::none : fs::perms::owner_all);
    };
    locked(true);
    {
        const ourvidz::testing::AsNobody nobody;
        EXPECT_THAT(entries("beast"), HasSubstr("may not look into the folder"));
        EXPECT_THAT(entries("season"), HasSubstr("may not look into the folder"))
            << "ours would be another list than the one meant";
        EXPECT_THAT(entries("none-such"), HasSubstr("may not look into the folder"));
    }
    locked(false);
    EXPECT_EQ(entries("beast"), "fox");
    EXPECT_EQ(entries("none-such"), "none");
}

TEST_F(WordListsTest, NamesMayBePathsLinksAndInAnyScriptButNeverLeadOut) {
    write("animals/cats.txt", "tabby\n");
    write(
        "f\xc3\xbc"
        "chse.txt",
        "F\xc3\xbc"
        "chsin\n");
    write(
        "ka\xcc\x88"
        "fer.txt",
        "Hirschk\xc3\xa4"
        "fer\n");
    write("animals/more/.hidden.txt", "no\n");
    fs::create_directory_symlink(folder_ / "animals", folder_ / "linked");
    fs::create_directory_symlink("..", folder_ / "animals/round");
    fs::create_symlink("self.txt", folder_ / "self.txt");
    EXPECT_EQ(entries("animals/cats"), "tabby");
    EXPECT_EQ(entries("f\xc3\xbc"
                      "chse"),
              "F\xc3\xbc"
              "chsin");
    EXPECT_EQ(entries("k\xc3\xa4"
                      "fer"),
              "Hirschk\xc3\xa4"
              "fer")
        << "the file's name is decomposed";
    EXPECT_EQ(entries("linked/cats"), "tabby");
    EXPECT_EQ(entries("animals/round/animals/cats"), "tabby");
    for (const auto* name : {"self", "", "/", "animals/", "/animals/cats", "../animal",
                             "animals/../animals/cats", "animals/more/.hidden", ".", "a\tb", "\xff"}) {
        EXPECT_EQ(entries(name), "none") << name;
    }
}

TEST_F(WordListsTest, WhatCannotBeUsedSaysWhy) {
    fs::create_directories(folder_ / "folder.txt");
    write("empty.txt", "# nothing\n\n");
    write("large.txt", std::string(list_bytes_max + 1, 'x'));
    EXPECT_EQ(entries("folder"), "it is not a file");
    EXPECT_EQ(entries("empty"), "it has no entries");
    EXPECT_EQ(entries("large"), "it is larger than 512 KiB");
    write("animal.txt",
          "f\xfc"
          "chslein\n");
    EXPECT_THAT(entries("animal"), HasSubstr("line 1 is not UTF-8")) << "ours do not stand in for it";
}

TEST(WordListBytes, AreReadInEveryEncodingThatSaysItself) {
    struct Row {
        std::string bytes;
        std::string first;
    };
    const std::string fuchs =
        "F\xc3\xbc"
        "chsin";
    for (const auto& [bytes, first] : {
             Row{"\xef\xbb\xbf"
                 "fox\r\n",
                 "fox"},
             Row{"\xef\xbb\xbf# my animals\r\nfox\r\n", "fox"},
             Row{"\xff\xfe"
                 "f\0o\0x\0\r\0\n\0"s,
                 "fox"},
             Row{"\xfe\xff\0f\0o\0x\0\n"s, "fox"},
             Row{"\xff\xfe"
                 "F\0\xfc\0c\0h\0s\0i\0n\0"s,
                 fuchs},
             Row{fuchs, fuchs},
             Row{"  # a note\n\t fox \t\n", "fox"},
             Row{"fox\rowl\r", "fox"},
         }) {
        const auto list = read_word_list(bytes);
        ASSERT_TRUE(list) << list.error().detail;
        EXPECT_EQ(list->front(), first);
    }
    EXPECT_THAT(read_word_list("fox\rowl\r\nred pig\n").value(), ElementsAre("fox", "owl", "red pig"));
}

TEST(WordListBytes, ThatAreNoListAreRefusedWithTheLine) {
    struct Row {
        std::string bytes;
        const char* why;
    };
    for (const auto& [bytes, why] : {
             Row{"fox\nf\xfc"
                 "chslein\n",
                 "line 2 is not UTF-8"},
             Row{"f\0o\0x\0"s, "it looks like UTF-16 or UTF-32 without the mark"},
             Row{"\n# x\nfox\x1b[1m\n", "line 3 has the control character U+001B"},
             Row{"\xff\xfe"
                 "f\0o"s,
                 "it begins like UTF-16 but is damaged"},
             Row{"\xff\xfe\x3e\xd8"s, "it begins like UTF-16 but is damaged"},
             Row{"\0\0\0f\0\0\0o"s, "it looks like UTF-16 or UTF-32 without the mark"},
             Row{"\xff\xfe\0\0f\0\0\0"s, "it is UTF-32"},
             Row{"\0\0\xfe\xff\0\0\0f"s, "it is UTF-32"},
             Row{std::string(entry_bytes_max + 1, 'x'), "line 1 is longer than 1024 bytes"},
             Row{"", "it has no entries"},
         }) {
        const auto list = read_word_list(bytes);
        ASSERT_FALSE(list) << why;
        EXPECT_THAT(list.error().detail, HasSubstr(why));
    }
    std::string many;
    for (std::size_t i = 0; i <= list_entries_max; ++i) many += "fox\n";
    EXPECT_THAT(read_word_list(many).error().detail, HasSubstr("more than 20000 entries"));
}

}  // namespace
}  // namespace ourvidz::prompts
