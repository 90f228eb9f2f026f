#include "catalog/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/live_catalog.h"
#include "catalog/test_files.h"

namespace ourvidz::catalog {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

const fs::path shipped = fs::path(OURVIDZ_SOURCE_DIR) / "models/catalog";

Catalog load(const Places& places) {
    auto catalog = Catalog::load(places);
    EXPECT_TRUE(catalog) << catalog.error().detail;
    return std::move(*catalog);
}

// Files of the sizes that the manifest names; only the sizes are looked at where they are known.
// As long as the real files; what is in them does not matter here.
void write_nano(const TemporaryFolder& folder) {
    for (const auto* name : {"nano/dit.gguf", "nano/te.gguf", "nano/tae.gguf"})
        fs::resize_file(folder.write(name, ""), fs::file_size(shipped.parent_path() / name));
}

std::string manifest(const std::string& name, const std::string& extra = "") {
    return R"({"schema":1,"name":")" + name +
           R"(","title":"T","family":"llama","engine":"llama","licence":"MIT",
        "memory_mb":100,"files":[{"role":"model","names":["*.gguf"]}],)" +
           extra + R"("kinds":{"chat_enhance":{"chat":{"tokens":{"min":1,"max":10,"default":5}}}}})";
}

TEST(Catalog, EveryShippedManifestIsRight) {
    const auto catalog = load(Places{shipped, {}, 0});
    EXPECT_THAT(catalog.entries(), SizeIs(15));
    for (const auto& known : kinds::all) {
        if (kinds::among(kinds::on_server, known.work)) continue;
        EXPECT_TRUE(std::any_of(catalog.entries().begin(), catalog.entries().end(), [&](const Entry& entry) {
            return entry.find_kind(known.name) != nullptr;
        })) << known.name;
    }
}

TEST(Catalog, TheDefaultSetServesPicturesUntilSomethingBetterIsInstalled) {
    const TemporaryFolder folder;
    write_nano(folder);
    const Places places{shipped, {folder.path(), "/nowhere"}, 0};
    const auto before = load(places);
    ASSERT_TRUE(before.resolve("sdxl_image_fast"));
    EXPECT_EQ((*before.resolve("sdxl_image_fast"))->name, "nano");
    EXPECT_EQ((*before.resolve("video_high"))->name, "nano");
    EXPECT_EQ(before.resolve("chat_conversation").error().code, ErrorCode::unavailable);
    EXPECT_THAT(before.resolve("chat_conversation").error().detail, HasSubstr("SmolLM2"));

    folder.write("some/myPhotos_v20.safetensors", safetensors(sdxl_checkpoint()));
    const auto after = load(places);
    const auto chosen = after.resolve("sdxl_image_fast");
    ASSERT_TRUE(chosen);
    EXPECT_EQ((*chosen)->name, "sdxl-fine-tune");
    EXPECT_EQ(after.status(**chosen).files.at("model").filename(), "myPhotos_v20.safetensors");
    EXPECT_EQ((*after.resolve("video_high"))->name, "nano");
    EXPECT_THAT(after.serves(**chosen),
                ElementsAre("sdxl_image_fast", "sdxl_image_high", "image_fast", "image_high"));
    EXPECT_THAT(after.serves(*after.find("nano")), ElementsAre("video_fast", "video_high"));
}

TEST(Catalog, AFileOfAnotherEntryIsNotAFineTune) {
    const TemporaryFolder folder;
    folder.write("sd_xl_base_1.0.safetensors", safetensors(sdxl_checkpoint()));
    const auto catalog = load(Places{shipped, {folder.path()}, 0});
    EXPECT_EQ((*catalog.resolve("sdxl_image_fast"))->name, "sdxl-base-1.0");
    EXPECT_FALSE(catalog.status(*catalog.find("sdxl-fine-tune")).installed);
}

TEST(Catalog, ModelsThatDoNotFitIntoMemoryServeNothing) {
    const TemporaryFolder folder;
    write_nano(folder);
    folder.write("sd_xl_base_1.0.safetensors", safetensors(sdxl_checkpoint()));
    EXPECT_EQ((*load(Places{shipped, {folder.path()}, 10'240}).resolve("sdxl_image_fast"))->name,
              "sdxl-base-1.0");
    EXPECT_EQ((*load(Places{shipped, {folder.path()}, 10'239}).resolve("sdxl_image_fast"))->name, "nano");
    EXPECT_THAT(load(Places{shipped, {folder.path()}, 100}).resolve("sdxl_image_fast").error().detail,
                HasSubstr("needs 10240 MB"));
}

TEST(Catalog, SaysWhichFileIsWrongAndWhy) {
    const TemporaryFolder folder;
    write_nano(folder);
    fs::resize_file(folder.path() / "nano/te.gguf", 100);
    folder.write("sd_xl_base_1.0.safetensors", gguf("qwen2", language_model()));
    const auto catalog = load(Places{shipped, {folder.path()}, 0});
    EXPECT_THAT(catalog.status(*catalog.find("nano")).missing,
                ElementsAre("llm: nano/te.gguf has 100 bytes instead of 5470144"));
    EXPECT_THAT(catalog.status(*catalog.find("sdxl-base-1.0")).missing,
                ElementsAre(HasSubstr("holds qwen2/language_model instead of sdxl/checkpoint")));
}

TEST(Catalog, WhatIsPulledIsFoundAgain) {
    const auto catalog = load(Places{shipped, {}, 0});
    for (const auto& entry : catalog.entries()) {
        for (const auto& spec : entry.files) {
            for (const auto& pull : spec.pull) {
                const bool found =
                    std::any_of(spec.names.begin(), spec.names.end(),
                                [&](const auto& pattern) { return matches_pattern(pull.name, pattern); });
                EXPECT_TRUE(found) << entry.name << ": " << pull.name;
                EXPECT_EQ(pull.path.find(':'), std::string::npos) << "a host has no place in the catalogue";
                EXPECT_TRUE(!pull.sha256 || pull.bytes) << entry.name << ": " << pull.name;
            }
        }
    }
}

TEST(Catalog, EveryRealModelIsSetUpForEveryProfile) {
    const auto catalog = load(Places{shipped, {}, 0});
    for (const auto& entry : catalog.entries()) {
        if (entry.configurations.empty()) continue;
        for (const auto& profile : profiles) {
            const auto found = std::find_if(entry.configurations.begin(), entry.configurations.end(),
                                            [&](const auto& one) { return one.profile == profile.name; });
            ASSERT_NE(found, entry.configurations.end()) << entry.name << " " << profile.name;
            if (profile.memory_mb > 0) {
                EXPECT_LE(found->memory_mb, profile.memory_mb) << entry.name << " " << profile.name;
            }
        }
    }
    // All three real models together stay resident in the largest.
    int together_mb = 0;
    for (const auto* name : {"sdxl-base-1.0", "wan2.1-t2v-1.3b", "qwen2.5-7b-instruct"}) {
        together_mb += catalog.find(name)->configurations.front().memory_mb;
    }
    EXPECT_LT(together_mb, 40 * 1024);
}

TEST(Catalog, AProfileSetsModelsUp) {
    Choices choices;
    choices.profile = "8gb";
    const auto catalog = load(Places{shipped, {}, 0, choices});
    const auto& sdxl = *catalog.find("sdxl-base-1.0");
    EXPECT_EQ(sdxl.memory_mb, 6400);
    EXPECT_EQ(sdxl.options.at("weight_type"), "q8_0");
    EXPECT_EQ(sdxl.options.at("vae_tiling"), true);
    EXPECT_EQ(sdxl.options.at("flash_attention"), true) << "what the profile does not name stays";
    EXPECT_EQ(catalog.find("nano")->memory_mb, load(Places{shipped, {}, 0}).find("nano")->memory_mb);
    EXPECT_EQ(profile_for(false, 100'000).name, "cpu");
    EXPECT_EQ(profile_for(true, 47 * 1024).name, "48gb");
    EXPECT_EQ(profile_for(true, 12 * 1024).name, "12gb");
    EXPECT_EQ(profile_for(true, 100).name, "8gb");
}

TEST(Catalog, AChosenModelBeatsRankAsLongAsItIsUsable) {
    const TemporaryFolder folder;
    write_nano(folder);
    folder.write("sd_xl_base_1.0.safetensors", safetensors(sdxl_checkpoint()));
    folder.write("mine.safetensors", safetensors(sdxl_checkpoint()));
    Choices choices;
    choices.defaults["sdxl_image_fast"] = "nano";
    choices.defaults["sdxl_image_high"] = "sdxl-base-1.0";
    choices.defaults["video_fast"] = "wan2.1-t2v-1.3b";
    const auto catalog = load(Places{shipped, {folder.path()}, 0, choices});
    EXPECT_EQ((*catalog.resolve("sdxl_image_fast"))->name, "nano");
    EXPECT_EQ((*catalog.resolve("sdxl_image_high"))->name, "sdxl-base-1.0");
    EXPECT_EQ((*load(Places{shipped, {folder.path()}, 0}).resolve("sdxl_image_high"))->name,
              "sdxl-fine-tune");
    EXPECT_EQ((*catalog.resolve("video_fast"))->name, "nano") << "what is not installed cannot be chosen";
}

TEST(Choices, AreKeptAndDamageIsNamed) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "data/models.json";
    EXPECT_TRUE(read_choices(file)) << "no file, no choices";
    Choices choices;
    choices.profile = "24gb";
    choices.defaults["chat_enhance"] = "qwen2.5-7b";
    ASSERT_TRUE(write_choices(file, choices));
    const auto again = read_choices(file);
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(again->profile, "24gb");
    EXPECT_EQ(again->defaults, choices.defaults);
    for (const auto* damage :
         {"{", R"({"schema":2})", R"({"schema":1,"profile":"96gb"})",
          R"({"schema":1,"defaults":{"sing":"nano"}})", R"({"schema":1,"colour":"red"})"}) {
        folder.write("data/models.json", damage);
        EXPECT_THAT(read_choices(file).error().detail, HasSubstr("models.json")) << damage;
    }
}

std::string sdxl_lora() {
    return safetensors(
        {{"lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight", {4, 2048}}});
}

std::string wan_lora() {
    return safetensors({{"diffusion_model.blocks.0.cross_attn.k.lora_A.weight", {4, 1536}}});
}

TEST(Catalog, LorasOfTheirFolderAreKnownByNameAndFamily) {
    const TemporaryFolder folder;
    folder.write("loras/ink__v1.0 (a).safetensors", sdxl_lora());
    folder.write("loras/fu\xcc\x88.safetensors", sdxl_lora());
    folder.write("loras/sub/walk.safetensors", wan_lora());
    folder.write("loras/sub/two.safetensors", wan_lora());
    folder.write("loras/two.safetensors", sdxl_lora());
    folder.write("elsewhere.safetensors", sdxl_lora());
    const auto catalog = load(Places{shipped, {folder.path()}, 0});
    EXPECT_THAT(catalog.loras(), SizeIs(5));
    EXPECT_NE(catalog.find_lora("ink__v1.0 (a)", "sdxl"), nullptr);
    EXPECT_NE(catalog.find_lora("f\xc3\xbc", "sdxl"), nullptr) << "composed, as people type it";
    EXPECT_NE(catalog.find_lora("walk", "wan"), nullptr);
    EXPECT_EQ(catalog.find_lora("walk", "sdxl"), nullptr);
    EXPECT_EQ(catalog.find_lora("two", "sdxl")->file.parent_path().filename(), "loras");
    EXPECT_EQ(catalog.find_lora("two", "wan")->file.parent_path().filename(), "sub");
    EXPECT_EQ(catalog.find_lora("elsewhere", "sdxl"), nullptr);
}

TEST(Catalog, LorasThatCannotBeUsedSayWhy) {
    const TemporaryFolder folder;
    folder.write("loras/checkpoint.safetensors", safetensors(sdxl_checkpoint()));
    folder.write("loras/cut.safetensors", sdxl_lora().substr(0, 100));
    folder.write("loras/empty.safetensors", "");
    folder.write("loras/bell\x07.safetensors", sdxl_lora());
    const auto catalog = load(Places{shipped, {folder.path()}, 0});
    std::map<std::string, std::string> why;
    for (const auto& lora : catalog.loras()) why[lora.name] = lora.unusable;
    EXPECT_THAT(why, SizeIs(4));
    EXPECT_EQ(why["checkpoint"], "It is no LoRA: it holds sdxl/checkpoint.");
    EXPECT_EQ(why["empty"], "The file is empty.");
    EXPECT_THAT(why["cut"], Not(IsEmpty()));
    EXPECT_THAT(why["bell\x07"], HasSubstr("characters that no prompt can have"));
    EXPECT_EQ(catalog.find_lora("cut", "sdxl"), nullptr);
}

TEST(Catalog, LinkedFoldersAreFollowedButNotInCircles) {
    const TemporaryFolder folder;
    const TemporaryFolder elsewhere;
    elsewhere.write("mine/ink.safetensors", sdxl_lora());
    elsewhere.write("sd_xl_base_1.0.safetensors", safetensors(sdxl_checkpoint()));
    fs::create_directory_symlink(elsewhere.path() / "mine", folder.path() / "loras");
    fs::create_directory_symlink(elsewhere.path(), folder.path() / "big");
    fs::create_directory_symlink(folder.path(), elsewhere.path() / "mine/round");
    fs::create_directory_symlink("self", folder.path() / "self");
    const auto catalog = load(Places{shipped, {folder.path()}, 0});
    EXPECT_NE(catalog.find_lora("ink", "sdxl"), nullptr);
    EXPECT_TRUE(catalog.status(*catalog.find("sdxl-base-1.0")).installed);
    EXPECT_THAT(catalog.sources(), SizeIs(9)) << "six folders, of which two are not entered, and three files";
}

TEST(Catalog, NumberedPartsMustAllBeThere) {
    const TemporaryFolder folder;
    const auto part = gguf("qwen2", language_model());
    folder.write("qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf", part);
    const auto incomplete = load(Places{shipped, {folder.path()}, 0});
    EXPECT_THAT(incomplete.status(*incomplete.find("qwen2.5-7b-instruct")).missing,
                ElementsAre(HasSubstr("lacks its part qwen2.5-7b-instruct-q4_k_m-00002-of-00002.gguf")));
    folder.write("qwen2.5-7b-instruct-q4_k_m-00002-of-00002.gguf", part);
    const auto complete = load(Places{shipped, {folder.path()}, 0});
    EXPECT_EQ((*complete.resolve("chat_conversation"))->name, "qwen2.5-7b-instruct");
    EXPECT_FALSE(complete.status(*complete.find("qwen2.5-7b")).installed) << "instruct is not the base model";
}

TEST(Catalog, EveryWrongManifestIsNamedWithItsField) {
    const TemporaryFolder folder;
    folder.write("good.json", manifest("good"));
    folder.write("colour.json", manifest("colour", R"("colour":"red",)"));
    folder.write("other.json", manifest("another"));
    folder.write("broken.json", "{");
    const auto catalog = Catalog::load(Places{folder.path(), {}, 0});
    ASSERT_FALSE(catalog);
    EXPECT_THAT(catalog.error().detail, HasSubstr("colour.json: colour is not a field"));
    EXPECT_THAT(catalog.error().detail, HasSubstr("other.json: name must be the file's name"));
    EXPECT_THAT(catalog.error().detail, HasSubstr("broken.json: "));
    EXPECT_THAT(catalog.error().detail, ::testing::Not(HasSubstr("good.json")));
    EXPECT_EQ(Catalog::load(Places{folder.path() / "absent", {}, 0}).error().code, ErrorCode::unavailable);
}

struct FieldCase {
    std::string from;
    std::string to;
    std::string field;
};

TEST(Manifest, FaultsNameTheField) {
    const std::vector<FieldCase> cases = {
        {R"("schema":1)", R"("schema":2)", "schema"},
        {R"("licence":"MIT")", R"("licence":null)", "licence"},
        {R"("engine":"llama")", R"("engine":"magic")", "engine"},
        {R"("engine":"llama")", R"("engine":"diffusion","domain":"drawn")", "kinds.chat_enhance"},
        {R"("role":"model")", R"("role":"soul")", "files[0].role"},
        {R"("*.gguf")", R"("../secret")", "files[0].names"},
        {R"("*.gguf"])", R"("*.gguf"],"sha256":"XYZ")", "files[0].sha256"},
        {R"("default":5)", R"("default":50)", "kinds.chat_enhance.chat.tokens.default"},
        {R"("chat_enhance")", R"("chat_sing")", "kinds.chat_sing"},
        {R"("memory_mb":100)", R"("memory_mb":0)", "memory_mb"},
        {R"("*.gguf"])", R"("*.gguf"],"pull":[{"path":"https://example.test/a.gguf"}])",
         "files[0].pull[0].path"},
        {R"("*.gguf"])", R"("*.gguf"],"pull":[{"path":"/a.gguf"}])", "files[0].pull[0].path"},
        {R"("*.gguf"])", R"("*.gguf"],"pull":[{"path":"a/model.pth"}])", "files[0].pull[0].name"},
        {R"("kinds")", R"("unsupported":"no","kinds")", "kinds"},
        {R"("kinds")", R"("configurations":[{"profile":"1tb","memory_mb":1}],"kinds")",
         "configurations[0].profile"},
    };
    for (const auto& test : cases) {
        std::string text = manifest("good");
        const auto at = text.find(test.from);
        ASSERT_NE(at, std::string::npos) << test.from;
        text.replace(at, test.from.size(), test.to);
        const auto entry = parse_manifest(text);
        ASSERT_FALSE(entry) << test.to;
        EXPECT_EQ(entry.error().field, test.field);
    }
    EXPECT_TRUE(parse_manifest(manifest("good")));
}

// A picture model of 24 words whose clips know poses.
std::string posing_manifest(const std::string& from = "", const std::string& to = "") {
    std::string text = R"({"schema":1,"name":"posing","title":"T","family":"z_image","engine":"diffusion",
        "domain":"people_free","licence":"MIT","memory_mb":100,"prompt_weights":false,"style_words":["ya","yb"],
        "vocabulary":{"known":["fox"],"ignored":["a"]},
        "files":[{"role":"diffusion","names":["*.gguf"]}],
        "kinds":{"video_fast":{"sizes":[{"label":"square","width":512,"height":512}],
            "steps":{"min":4,"max":40,"default":8},"guidance":{"min":1,"max":8,"default":2.5},"samplers":["euler"],
            "clip":{"method":"keyframes","seconds":5,"fps":16,"pose_words":{
                "across":["xa","xb","xc","xd","xe","xf","xl","xm","xn"],
                "down":["wa","wb","wc","wd","wf","wg","wh","wk","wl"],
                "tilt":["rb","rc","rd","rf","rg","rh","rk","rl","rm"],
                "size":["za","zb","zd","zf","zg","zh","zk","zm","zn"],"not_with":["two"],"strength":0.3}}}}})";
    if (!from.empty()) text.replace(text.find(from), from.size(), to);
    return text;
}

TEST(Manifest, PoseWordsAreNineOfEachKindAndNoTwoAreTheSame) {
    const auto entry = parse_manifest(posing_manifest());
    ASSERT_TRUE(entry) << entry.error().field << entry.error().detail;
    EXPECT_FALSE(entry->prompt_weights);
    const auto& words = *entry->find_kind("video_fast")->clip->pose_words;
    EXPECT_EQ(words.across[PoseWords::neutral] + words.tilt.back() + words.size.front(), "xermza");
    EXPECT_THAT(words.not_with, ElementsAre("two"));
    EXPECT_EQ(words.strength, 0.3);
    const std::string path = "kinds.video_fast.clip.pose_words";
    EXPECT_EQ(parse_manifest(posing_manifest(R"("wk","wl")", R"("wk")")).error().field, path + ".down");
    EXPECT_EQ(parse_manifest(posing_manifest(R"("za")", R"("Za")")).error().field, path + ".size");
    EXPECT_EQ(parse_manifest(posing_manifest(R"("rm")", R"("xa")")).error().field, path + ".across");
    EXPECT_EQ(parse_manifest(posing_manifest(R"("keyframes")", R"("native","frames":81)")).error().field,
              path);
}

TEST(Manifest, StyleWordsAreWords) {
    EXPECT_THAT(parse_manifest(posing_manifest())->style_words, ElementsAre("ya", "yb"));
    EXPECT_EQ(parse_manifest(posing_manifest(R"("yb")", R"("y b")")).error().field, "style_words");
    EXPECT_EQ(parse_manifest(posing_manifest(R"("yb")", R"("")")).error().field, "style_words");
}

TEST(Vocabulary, WordsOfPosesAndStylesAreNeitherUnknownNorShown) {
    const auto entry = parse_manifest(posing_manifest());
    ASSERT_TRUE(entry);
    EXPECT_THAT(unknown_words(*entry, "a fox yb xe wf rg zn"), IsEmpty());
    EXPECT_THAT(unknown_words(*entry, "a fox xz"), ElementsAre("xz"));
}

TEST(Vocabulary, NamesOnlyTheWordsThatTheModelDoesNotKnow) {
    const auto catalog = load(Places{shipped, {}, 0});
    const auto& nano = *catalog.find("nano");
    EXPECT_THAT(unknown_words(nano, "A Red fox on a LIGHT blue background"), IsEmpty());
    EXPECT_THAT(unknown_words(nano, "seven grey kittens, cars & stars!"), ElementsAre("seven"));
    EXPECT_THAT(unknown_words(nano, "a walrus at the harbor, a walrus"), ElementsAre("walrus", "harbor"));
    EXPECT_THAT(unknown_words(nano, "füchse"), ElementsAre("füchse"));
    EXPECT_THAT(unknown_words(nano, std::string("a b c d e f g h i j k l m n")), SizeIs(8));
    EXPECT_EQ(unknown_words_hint(nano, "a walrus"), "\"walrus\" is not known to this model.");
    EXPECT_EQ(unknown_words_hint(nano, "a walrus at the harbor"),
              "\"walrus\", \"harbor\" are not known to this model.");
    EXPECT_EQ(unknown_words_hint(nano, "a fox"), "");
    EXPECT_THAT(unknown_words(*catalog.find("sdxl-base-1.0"), "a walrus"), IsEmpty());
    for (const auto& prompt : nano.example_prompts)
        EXPECT_THAT(unknown_words(nano, prompt), IsEmpty()) << prompt;
}

TEST(LiveCatalog, ReadsAgainWhenAnythingHasChangedAndKeepsWhatItHasWhenThatFails) {
    const TemporaryFolder folder;
    const auto choices = folder.path() / "models.json";
    int loads = 0;
    bool broken = false;
    const auto load_here = [&]() -> Result<Catalog> {
        ++loads;
        if (broken) return invalid_field("models", "broken");
        return Catalog::load(Places{shipped, {folder.path()}, 0});
    };
    const LiveCatalog live(load(Places{shipped, {folder.path()}, 0}), choices, load_here,
                           std::chrono::hours(1));
    const auto before = live.now();
    EXPECT_EQ(live.now(), before);
    EXPECT_FALSE(before->resolve("sdxl_image_fast"));
    ASSERT_TRUE(write_choices(choices, {}));
    EXPECT_NE(live.now(), before);
    EXPECT_FALSE(before->resolve("sdxl_image_fast")) << "what is held stays";
    ASSERT_TRUE(write_choices(choices, {}));
    EXPECT_EQ(live.now(), live.now());
    EXPECT_EQ(loads, 2) << "the same choices, written anew";
    write_nano(folder);
    EXPECT_TRUE(live.now()->resolve("sdxl_image_fast"));
    EXPECT_EQ(loads, 3);
    broken = true;
    ASSERT_TRUE(write_choices(choices, {}));
    EXPECT_TRUE(live.now()->resolve("sdxl_image_fast"));
    EXPECT_TRUE(live.now()->resolve("sdxl_image_fast"));
    EXPECT_EQ(loads, 4) << "not again and again";
}

TEST(LiveCatalog, SeesFilesThatAreMadeReplacedAndDeletedByHand) {
    const TemporaryFolder folder;
    const Places places{shipped, {folder.path(), folder.path() / "not-yet"}, 0};
    const LiveCatalog live(load(places), {}, [&] { return Catalog::load(places); });
    EXPECT_EQ(live.now()->find_lora("ink", "sdxl"), nullptr);
    const auto file = folder.write("loras/ink.safetensors", sdxl_lora());
    EXPECT_NE(live.now()->find_lora("ink", "sdxl"), nullptr);
    folder.write("loras/pen.safetensors", sdxl_lora());
    EXPECT_NE(live.now()->find_lora("pen", "sdxl"), nullptr);
    fs::rename(folder.write("new", wan_lora()), file);
    EXPECT_NE(live.now()->find_lora("ink", "wan"), nullptr);
    EXPECT_EQ(live.now()->find_lora("ink", "sdxl"), nullptr);
    fs::remove(file);
    EXPECT_EQ(live.now()->find_lora("ink", "wan"), nullptr);
    folder.write("not-yet/loras/late.safetensors", sdxl_lora());
    EXPECT_NE(live.now()->find_lora("late", "sdxl"), nullptr);
}

TEST(Inspections, LookIntoAFileOnceAsLongAsItStaysAsItIs) {
    const TemporaryFolder folder;
    Inspections inspections;
    const auto file = folder.write("a.safetensors", sdxl_lora());
    EXPECT_EQ(inspections.content_of(file).value(), "sdxl/lora");
    folder.write("a.safetensors", wan_lora());
    EXPECT_EQ(inspections.content_of(file).value(), "wan/lora");
    fs::remove(file);
    EXPECT_FALSE(inspections.content_of(file));
}

TEST(LiveCatalog, NoticesFilesThatComeGoAndShrinkWithoutBeingTold) {
    const TemporaryFolder folder;
    int loads = 0;
    const auto load_here = [&]() -> Result<Catalog> {
        ++loads;
        return Catalog::load(Places{shipped, {folder.path()}, 0});
    };
    const LiveCatalog live(load(Places{shipped, {folder.path()}, 0}), folder.path() / "models.json",
                           load_here, std::chrono::milliseconds(0));
    const auto why_not = [&] {
        const auto entry = live.now()->resolve("sdxl_image_fast");
        return entry ? "" : entry.error().detail;
    };
    EXPECT_THAT(why_not(), HasSubstr("is not installed"));
    write_nano(folder);
    EXPECT_EQ(why_not(), "");
    const auto file = live.now()->status(*live.now()->find("nano")).files.at("diffusion");
    const auto bytes = std::filesystem::file_size(file);
    std::filesystem::resize_file(file, bytes / 2);
    EXPECT_THAT(why_not(), HasSubstr("is incomplete"));
    std::filesystem::resize_file(file, bytes);
    EXPECT_EQ(why_not(), "");
    std::filesystem::remove(file);
    EXPECT_THAT(why_not(), HasSubstr("is incomplete"));
    (void)live.now();
    const int before = loads;
    (void)live.now();
    EXPECT_EQ(loads, before) << "nothing has changed";
}

TEST(Patterns, StarsStandForAnything) {
    EXPECT_TRUE(matches_pattern("Wan2.1_T2V_1.3B_fp16.safetensors", "*wan*2.1*t2v*1.3b*.safetensors"));
    EXPECT_TRUE(matches_pattern("abc", "abc"));
    EXPECT_TRUE(matches_pattern("", "*"));
    EXPECT_FALSE(matches_pattern("abcd", "abc"));
    EXPECT_FALSE(matches_pattern("abc", "*d"));
    // Many stars on a name that almost fits must not take exponential time.
    EXPECT_FALSE(matches_pattern(std::string(2000, 'a'), "*a*a*a*a*a*a*a*a*a*a*a*a*b"));
}

}  // namespace
}  // namespace ourvidz::catalog
