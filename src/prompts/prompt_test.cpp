#include "prompts/prompt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "prompts/lora_tag.h"
#include "prompts/motion.h"
#include "prompts/tokens.h"

namespace ourvidz::prompts {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Result<WordList> test_list(std::string_view name) {
    const auto list = [](std::vector<std::string> entries) {
        return WordList(std::make_shared<const std::vector<std::string>>(std::move(entries)));
    };
    if (name == "fox") return list({"fox", "vixen"});
    if (name == "my foxes") return list({"red fox"});
    if (name == "endless") return list({"__endless__ again"});
    if (name == "inks") return list({"<lora:ink__fox__v1:0.5>"});
    if (name == "damaged") return Error{ErrorCode::unavailable, "line 3 is not UTF-8", ""};
    return WordList();
}

Resolved read(std::string_view prompt, std::int64_t seed = 1) {
    auto resolved = resolve(prompt, seed, test_list, "prompt");
    EXPECT_TRUE(resolved) << prompt << ": " << resolved.error().detail;
    return resolved ? *resolved : Resolved{};
}

std::string to_engine(std::string_view prompt) {
    return engine_text(read(prompt));
}

std::string fault(std::string_view prompt) {
    const auto resolved = resolve(prompt, 1, test_list, "prompt");
    if (resolved) return "no fault: " + engine_text(*resolved);
    EXPECT_EQ(resolved.error().code, ErrorCode::invalid_field);
    EXPECT_EQ(resolved.error().field, "prompt");
    return resolved.error().detail;
}

TEST(Prompt, WithoutSyntaxComesOutAsItWentIn) {
    for (const auto* prompt :
         {"a red fox in the snow", "", "fuchs, schnee; 50 % \"quoted\"\nnew line", "ratio 16:9",
          "snake_case and a\\b", "smile :)", "a _ b __ c", "50 < 60 > 40", "{alone}"}) {
        EXPECT_EQ(to_engine(prompt), prompt);
        EXPECT_EQ(plain_text(read(prompt)), prompt);
        EXPECT_THAT(read(prompt).loras, IsEmpty());
    }
}

TEST(Prompt, WeightsMultiply) {
    EXPECT_EQ(to_engine("a (red) fox"), "a (red:1.10) fox");
    EXPECT_EQ(to_engine("a ((red)) fox"), "a (red:1.21) fox");
    EXPECT_EQ(to_engine("a [red] fox"), "a (red:0.91) fox");
    EXPECT_EQ(to_engine("a (red:1.3) fox"), "a (red:1.30) fox");
    EXPECT_EQ(to_engine("(a (red: 1.5 ):0.5) fox"), "(a :0.50)(red:0.75) fox");
    EXPECT_EQ(to_engine("(a [red])"), "(a :1.10)red");
    EXPECT_EQ(to_engine("(a)(b)"), "(ab:1.10)") << "neighbours of one weight are one";
    EXPECT_EQ(to_engine("(no:weight) (or:1.2.3)"), "(no:weight:1.10) (or:1.2.3:1.10)");
    EXPECT_EQ(to_engine("()(:1.2)"), "");
    EXPECT_EQ(plain_text(read("(a (red: 1.5 ):0.5) [fox]")), "a red fox");
}

TEST(Prompt, BracketsWithoutPartnersAreCharactersAndANoteSaysSo) {
    const auto smile = read("a (happy fox :) jumps (high");
    EXPECT_EQ(plain_text(smile), "a happy fox : jumps (high");
    EXPECT_THAT(smile.notes, SizeIs(1));
    EXPECT_EQ(smile.notes.at(0).at, 23U);
    const auto crossed = read("(a [b) c]");
    EXPECT_EQ(plain_text(crossed), "a [b c]");
    EXPECT_THAT(crossed.notes, SizeIs(2));
    EXPECT_EQ(read("ä)").notes.at(0).at, 2U) << "characters, not bytes";
    EXPECT_THAT(read("{a|b").notes.at(0).text, HasSubstr("has no \"}\""));
}

TEST(Prompt, TheEngineNeverSeesAWeightThatIsNotOurs) {
    // In its own reading ":5)" would be swallowed and ":.)" would end the process.
    EXPECT_EQ(to_engine("at 12:5) it rains"), "at 12:5 ) it rains");
    EXPECT_EQ(to_engine("dots :.)"), "dots :. )");
    EXPECT_EQ(to_engine("(a:5\\) b:1.2)"), "(a:5:1.20))( b:1.20)");
    EXPECT_EQ(to_engine("\\(literal\\) \\[square\\]"), "\\(literal) \\(square)");
    EXPECT_EQ(to_engine("back\\\\(slash)"), "back\\ (slash:1.10)");
}

TEST(Prompt, EscapesStandForTheCharacter) {
    EXPECT_EQ(plain_text(read("\\(a\\) \\{b\\|c\\} \\<lora:x:1> \\_\\_fox\\_\\_ \\\\ \\q")),
              "(a) {b|c} <lora:x:1> __fox__ \\ \\q");
}

TEST(Prompt, LorasAreTakenOut) {
    const auto one = read("a fox <lora:paper-cut:0.8> in snow");
    ASSERT_THAT(one.loras, SizeIs(1));
    EXPECT_EQ(one.loras[0].name, "paper-cut");
    EXPECT_DOUBLE_EQ(one.loras[0].weight, 0.8);
    EXPECT_EQ(one.loras[0].at, 7U);
    EXPECT_EQ(plain_text(one), "a fox in snow");
    EXPECT_DOUBLE_EQ(read("<lora:ink>a fox").loras[0].weight, 1);
    EXPECT_DOUBLE_EQ(read("<lora:ink:-0.5>").loras[0].weight, -0.5);
    EXPECT_THAT(fault("a fox <lora:ink"), HasSubstr("at character 7: a LoRA is written"));
    EXPECT_THAT(fault("<lora:>"), HasSubstr("a LoRA is written"));
    EXPECT_THAT(fault("<lora:a:b>"), HasSubstr("a LoRA is written"));
    EXPECT_THAT(fault("<lora:a:1:2>"), HasSubstr("a LoRA is written"));
    EXPECT_THAT(fault("<lora:a:99>"), HasSubstr("must be from -4 to 4"));
}

TEST(Prompt, ALoraTagIsOneWordWhateverItsName) {
    struct Row {
        const char* tag;
        const char* name;
    };
    for (const auto& [tag, name] :
         {Row{"<lora:paper__cut__v1:0.5>", "paper__cut__v1"}, Row{"<lora:a__fox__:0.5>", "a__fox__"},
          Row{"<lora:{ink|pen}:0.5>", "{ink|pen}"}, Row{"<lora:ink (v1.0) [x]:0.5>", "ink (v1.0) [x]"},
          Row{"<lora:f\xc3\xbc_\xe7\x8b\x90:0.5>", "f\xc3\xbc_\xe7\x8b\x90"},
          Row{"<lora:fu\xcc\x88_nfd:0.5>", "f\xc3\xbc_nfd"}, Row{"<lora:back\\slash:0.5>", "back\\slash"},
          Row{"<lora:a\\:b\\>c\\\\:0.5>", "a:b>c\\"}, Row{"<lora: spaced out :0.5>", " spaced out "}}) {
        const std::string fox = std::string("fox ") + tag + " snow";
        for (const auto& prompt : {fox, "{" + fox + "|" + fox + "}", std::string("fox (") + tag + ") snow"}) {
            const auto read_prompt = read(prompt);
            ASSERT_THAT(read_prompt.loras, SizeIs(1)) << prompt;
            EXPECT_EQ(read_prompt.loras[0].name, name) << prompt;
            EXPECT_DOUBLE_EQ(read_prompt.loras[0].weight, 0.5) << prompt;
            EXPECT_THAT(plain_text(read_prompt), ::testing::AnyOf("fox snow", "fox  snow")) << prompt;
            EXPECT_THAT(read_prompt.notes, IsEmpty()) << prompt;
        }
        EXPECT_EQ(read(lora_tag(name, "2")).loras.at(0).name, name) << "as it is written";
    }
    EXPECT_EQ(read("{<lora:a|b:1>|<lora:a|b:1>}").loras.at(0).name, "a|b");
    EXPECT_EQ(read("__inks__").loras.at(0).name, "ink__fox__v1");
    EXPECT_EQ(read("{a|b} x <lora:p__q__r:0.5>").loras.at(0).at, 9U);
    EXPECT_THAT(fault("<lora:a <lora:b:1>"), HasSubstr("at character 1: a LoRA is written"));
    EXPECT_THAT(fault("<lora:a\n:1>"), HasSubstr("a LoRA is written"));
    EXPECT_THAT(fault("<lora:" + std::string(lora_name_bytes_max + 1, 'n') + ">"), HasSubstr("is written"));
    EXPECT_EQ(read("<lora:" + std::string(lora_name_bytes_max, 'n') + ">").loras.size(), 1U);
}

TEST(Prompt, NamesOfWordListsMayBePathsAndInAnyScript) {
    EXPECT_THAT(fault("__animals/cats__"), HasSubstr("there is no word list \"animals/cats\""));
    EXPECT_THAT(fault("a __f\xc3\xbc"
                      "chse__"),
                HasSubstr("at character 3: there is no word list"));
    EXPECT_THAT(fault("a __damaged__ fox"),
                HasSubstr("at character 3: the word list \"damaged\" cannot be used: line 3 is not UTF-8"));
    EXPECT_EQ(plain_text(read("a __my foxes__")), "a red fox");
    const auto words = read("a __bold move__ fox");
    EXPECT_EQ(plain_text(words), "a __bold move__ fox");
    ASSERT_THAT(words.notes, SizeIs(1));
    EXPECT_EQ(words.notes[0].at, 3U);
    EXPECT_THAT(words.notes[0].text, HasSubstr("no word list \"bold move\""));
    EXPECT_THAT(read("__a.b__").notes, SizeIs(1));
    // What can be no list is a note, however it leads out of the folder.
    for (const char* path : {"__../x__", "__a/../../b__", "__/etc/passwd__", "__a//b__", "__a/__"}) {
        EXPECT_EQ(plain_text(read(path)), path);
        EXPECT_THAT(read(path).notes, SizeIs(1)) << path;
    }
    EXPECT_THAT(read("a __ b __ c").notes, IsEmpty());
}

TEST(Prompt, TheSeedChooses) {
    std::set<std::string> seen;
    for (std::int64_t seed = 0; seed < 40; ++seed) {
        const auto text = plain_text(read("a {red|green|{dark|light} blue} __fox__", seed));
        EXPECT_EQ(text, plain_text(read("a {red|green|{dark|light} blue} __fox__", seed))) << "the same seed";
        seen.insert(text);
    }
    EXPECT_THAT(seen, SizeIs(8)) << "every combination comes";
    EXPECT_THAT(seen, ::testing::Contains("a dark blue vixen"));
    // Known answers: they must never change, or old seeds would make other pictures.
    std::string answers;
    for (std::int64_t seed = 0; seed < 12; ++seed) answers += plain_text(read("{0|1|2|3|4|5|6|7|8|9}", seed));
    EXPECT_EQ(answers, "555156378308");
    EXPECT_EQ(plain_text(read("{|}")), "");
    EXPECT_EQ(plain_text(read("{a\\|b|a\\|b}")), "a|b");
    EXPECT_EQ(to_engine("{(red:1.2)|(red:1.2)} fox"), "(red:1.20) fox") << "options may have weights";
}

TEST(Prompt, MistakesAreErrorsThatNameThePlace) {
    EXPECT_THAT(fault("a fox, __colours__"), HasSubstr("at character 8: there is no word list \"colours\""));
    EXPECT_THAT(fault("a (fox:4.1)"), HasSubstr("at character 7: a weight must be from 0 to 4"));
    EXPECT_THAT(fault("(fox:-1)"), HasSubstr("a weight must be from 0 to 4"));
    EXPECT_THAT(fault("((fox:4):4)"), HasSubstr("weights multiply to more than 10"));
    EXPECT_THAT(fault("__endless__"), HasSubstr("nested too deeply"));
    EXPECT_THAT(fault("{{{{{{{{{a|b}|b}|b}|b}|b}|b}|b}|b}|b}"), HasSubstr("no fault"))
        << "most are not taken";
    std::string many;
    for (int i = 0; i <= choices_max; ++i) many += "{a|b}";
    EXPECT_THAT(fault(many), HasSubstr("may have 64 choices"));
    std::string wide = "{a";
    for (std::size_t i = 0; i < options_max; ++i) wide += "|a";
    EXPECT_THAT(fault(wide + "}"), HasSubstr("may have 200 options"));
    EXPECT_THAT(fault(std::string(prompt_bytes_max + 1, 'a')), HasSubstr("longer than 4096"));
    std::string heavy;
    for (int i = 0; i < 500; ++i) heavy += "(a)b";
    EXPECT_THAT(fault(heavy), HasSubstr("with its weights written out"));
}

// Notes are found by counting characters, so their number is what keeps the reading linear.
TEST(Prompt, HasNoMoreNotesThanAnybodyReads) {
    for (const std::string_view piece : {"{", "(", "[)", "{a|", "{<lora:", "__a b", ")", "(:", "}"}) {
        std::string prompt;
        while (prompt.size() + piece.size() <= prompt_bytes_max) prompt += piece;
        std::size_t asked = 0;
        const WordLists lists = [&asked](std::string_view) -> Result<WordList> {
            ++asked;
            return WordList();
        };
        const auto resolved = resolve(prompt, 1, lists, "prompt");
        EXPECT_LE(resolved ? resolved->notes.size() : 0, notes_max) << piece;
        EXPECT_LE(asked, prompt.size() / 2) << piece;
    }
}

TEST(Prompt, PlainTextOfEngineTextIsWhatPeopleRead) {
    EXPECT_EQ(plain_text("a (red:1.20) \\(fox) at 12:5 )"), "a red (fox) at 12:5 )");
    EXPECT_EQ(plain_text("(sp:1.10)(lit:1.20)"), "split");
    EXPECT_EQ(plain_text("<lora:kept:1>"), "<lora:kept:1>");
}

TEST(Tokens, AreEstimatedByTheReader) {
    EXPECT_EQ(estimated_tokens("a red fox in the snow, morning light", "CLIP"), 9);
    EXPECT_EQ(estimated_tokens("", "CLIP"), 0);
    EXPECT_EQ(estimated_tokens("photography", "CLIP"), 2);
    EXPECT_EQ(estimated_tokens("1024", "CLIP"), 4);
    EXPECT_GT(estimated_tokens("\xe7\x8b\x90\xe7\x8b\x90\xe7\x8b\x90\xe7\x8b\x90", "umT5"), 1);
}

TEST(Tokens, WhatIsTooLongIsNotedWhereItBegins) {
    const auto clip = token_limit("sdxl", std::nullopt);
    ASSERT_TRUE(clip);
    std::string words;
    for (int i = 0; i < 75; ++i) words += "fox ";
    EXPECT_FALSE(length_note(words, *clip));
    const auto note = length_note(words + "owl", *clip);
    ASSERT_TRUE(note);
    EXPECT_EQ(note->at, 301U);
    EXPECT_THAT(note->text, HasSubstr("about 76 tokens"));
    EXPECT_THAT(note->text, HasSubstr("pieces of 75"));
    EXPECT_THAT(length_note(words, *token_limit("wan", 20))->text, HasSubstr("learned to follow 20"));
    EXPECT_EQ(token_limit("wan", 9000)->tokens, 512);
    EXPECT_FALSE(token_limit("llama", std::nullopt));
}

TEST(Weights, AreDroppedForModelsThatTakeNone) {
    auto weighted = read("a (red:1.3) [fox] \\(small\\)");
    EXPECT_TRUE(drop_weights(weighted));
    EXPECT_EQ(engine_text(weighted), "a red fox \\(small)");
    EXPECT_EQ(plain_text(weighted), "a red fox (small)");
    auto plain = read("a red fox");
    EXPECT_FALSE(drop_weights(plain));
    EXPECT_EQ(engine_text(plain), "a red fox");
}

TEST(MotionWords, FollowFromWhatIsSaidThenFromTheThingThenFromTheSeed) {
    EXPECT_EQ(motion_for("a star that spins", 0), Motion::spin);
    EXPECT_EQ(motion_for("A Frog JUMPING", 0), Motion::bounce);
    EXPECT_EQ(motion_for("a red car driving", 0), Motion::cross);
    EXPECT_EQ(motion_for("a jumping car", 0), Motion::bounce);
    EXPECT_EQ(motion_for("two rockets", 0), Motion::rise);
    EXPECT_EQ(motion_for("a carrot", 0), motion_for("a turnip", 0));
    EXPECT_NE(motion_for("a red fox", 0), motion_for("a red fox", 1));
}

TEST(MotionWords, TheCameraIsNamed) {
    EXPECT_EQ(camera_for("a fox, Zoom In"), Camera::push_in);
    EXPECT_EQ(camera_for("a fox, the camera pans left"), Camera::pan_left);
    EXPECT_EQ(camera_for("a pan of soup"), std::nullopt);
}

TEST(MotionWords, AreTakenOutOfAPrompt) {
    EXPECT_EQ(without_motion_words("a fox jumping on a red background, zoom in"),
              "a fox  on a red background,  in");
    EXPECT_EQ(without_motion_words("two stars"), "two stars");
}

}  // namespace
}  // namespace ourvidz::prompts
