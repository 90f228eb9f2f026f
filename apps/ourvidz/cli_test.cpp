// Runs the real program. Nothing here needs a server; tests/api does what does.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/json.h"
#include "catalog/test_files.h"
#include "exit_status.h"

namespace ourvidz::cli {
namespace {

using catalog::testing::gguf;
using catalog::testing::language_model;
using catalog::testing::safetensors;
using catalog::testing::sdxl_checkpoint;
using catalog::testing::TemporaryFolder;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

struct Ended {
    int status = -1;
    std::string out;
    std::string err;
};

class Program : public ::testing::Test {
  protected:
    // Starts the program on a data folder of its own, without the settings of whoever runs the tests.
    [[nodiscard]] pid_t start(const std::vector<std::string>& arguments) const {
        std::vector<std::string> words = {OURVIDZ_PROGRAM};
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::vector<std::string> environment = {
            "HOME=" + folder_.path().string(),
            "PATH=/usr/bin:/bin",
            "OURVIDZ_DATA_DIR=" + data().string(),
            "OURVIDZ_MODELS_FOLDER=" + (folder_.path() / "none").string(),
            "OURVIDZ_CATALOG_FOLDER=" + std::string(OURVIDZ_SOURCE_DIR) + "/models/catalog",
            "OURVIDZ_MEMORY_BUDGET_MB=12000"};
        // The first of several with the same name wins.
        environment.insert(environment.begin(), more_environment_.begin(), more_environment_.end());
        const auto pointers = [](std::vector<std::string>& lines) {
            std::vector<char*> list;
            for (auto& line : lines) list.push_back(line.data());
            list.push_back(nullptr);
            return list;
        };
        auto word_list = pointers(words);
        auto environment_list = pointers(environment);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, 1, out().c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_addopen(&actions, 2, err().c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        pid_t process = -1;
        EXPECT_EQ(posix_spawn(&process, words[0].c_str(), &actions, nullptr, word_list.data(),
                              environment_list.data()),
                  0);
        posix_spawn_file_actions_destroy(&actions);
        return process;
    }

    [[nodiscard]] Ended wait(pid_t process) const {
        int status = 0;
        EXPECT_EQ(waitpid(process, &status, 0), process);
        const auto text = [](const fs::path& path) {
            std::ifstream file(path, std::ios::binary);
            return std::string{std::istreambuf_iterator<char>(file), {}};
        };
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), text(out()), text(err())};
    }

    [[nodiscard]] Ended run(const std::vector<std::string>& arguments) const {
        return wait(start(arguments));
    }

    [[nodiscard]] fs::path data() const { return folder_.path() / "data"; }
    [[nodiscard]] fs::path out() const { return folder_.path() / "out.txt"; }
    [[nodiscard]] fs::path err() const { return folder_.path() / "err.txt"; }

    TemporaryFolder folder_;
    std::vector<std::string> more_environment_;
};

TEST_F(Program, TellsItsVersionAndItsExitStatuses) {
    EXPECT_THAT(run({"version"}).out, ContainsRegex("^ourvidz [0-9]+\\.[0-9]+\\.[0-9]+\n$"));
    EXPECT_EQ(run({"--version"}).out, run({"version"}).out);
    const auto help = run({"--help"});
    EXPECT_EQ(help.status, exit_ok);
    EXPECT_THAT(help.out, HasSubstr("Exit status: 0 done, 1 failed, 2 wrong input, 3 canceled"));
    EXPECT_THAT(help.out, HasSubstr("[OURVIDZ_DATA_DIR]"));
}

TEST_F(Program, AnswersWrongCommandLinesWithTwo) {
    const std::vector<std::vector<std::string>> wrong = {
        {},
        {"sing"},
        {"generate"},
        {"generate", "a fox", "--kind", "sculpture"},
        {"generate", "a fox", "--batch", "2"},
        {"generate", "a fox", "--size", "big"},
        {"generate", "a fox", "--steps", "0"},
        {"generate", "a fox", "--seed", "-1"},
        {"generate", "a fox", "--strength", "2"},
        {"generate", ""},
        {"generate", "a fox", "--colour", "red"},
        {"generate", "a fox", "--out", "/no/such/folder/fox.png"},
        {"generate", "a fox", "--out", "fox.mp4"},
        {"generate", "a fox", "--out", "-", "--batch", "3"},
        {"generate", "a fox", "--source", "fox.png"},
        {"fetch"},
        {"fetch", "fox"},
        {"models"},
        {"models", "add"},
        {"models", "verify", "no-such-model"},
        {"models", "list", "--listen", "0.0.0.0:80"},
    };
    for (const auto& arguments : wrong) {
        const auto ended = run(arguments);
        EXPECT_EQ(ended.status, exit_usage) << ::testing::PrintToString(arguments) << ended.err;
        EXPECT_NE(ended.err, "");
    }
}

TEST_F(Program, TellsAllWrongSettingsAtOnce) {
    more_environment_ = {"OURVIDZ_LOG_LEVEL=loud"};
    const auto ended = run({"config", "--listen", "elsewhere:80"});
    EXPECT_EQ(ended.status, exit_usage);
    EXPECT_THAT(ended.err, HasSubstr("OURVIDZ_LOG_LEVEL must be"));
    EXPECT_THAT(ended.err, HasSubstr("--listen must be an address of this machine alone"));
}

TEST_F(Program, ShowsSettingsWithTheirOriginAndHidesSecrets) {
    more_environment_ = {"OURVIDZ_TOKEN=canary-4711"};
    const auto ended = run({"--lease-ms", "5000", "config"});
    EXPECT_EQ(ended.status, exit_ok) << ended.err;
    EXPECT_THAT(ended.out, ContainsRegex("lease_ms +5000 +--lease-ms\n"));
    EXPECT_THAT(ended.out, ContainsRegex("attempts_max +3 +default\n"));
    EXPECT_THAT(ended.out, ContainsRegex("token +\\*+ +OURVIDZ_TOKEN\n"));
    EXPECT_THAT(ended.out, Not(HasSubstr("canary")));
}

TEST_F(Program, AServerThatIsNotThereIsFour) {
    EXPECT_EQ(run({"generate", "a fox", "--server", "http://127.0.0.1:1"}).status, exit_unavailable);
    EXPECT_EQ(run({"node"}).status, exit_unavailable);
}

TEST_F(Program, TakesEachNumberWithinItsLimitsAndNoOther) {
    struct Row {
        const char* flag;
        std::vector<const char*> good;
        std::vector<const char*> bad;
    };
    const std::vector<const char*> never = {"",         "x",     "nan", "NaN",  "inf",
                                            "infinity", "1e400", "-1",  "0x10", "1x",
                                            " 1",       "1 ",    "--1", "1,5",  "99999999999999999999"};
    for (const auto& [flag, good, bad] : {
             Row{"--seed",
                 {"0", "112358132141", "4294967296", "9007199254740993", "9223372036854775807"},
                 {"9223372036854775808", "18446744073709551615", "1.5", "1e3"}},
             Row{"--steps", {"1", "150"}, {"0", "151", "8.5", "1e2"}},
             Row{"--guidance", {"0", "2.5", "50", "1e1"}, {"50.1", "51"}},
             Row{"--strength", {"0", "0.5", "1"}, {"1.01", "2"}},
             Row{"--batch", {"1", "3", "6"}, {"0", "2", "7", "1.0", "03"}},
             Row{"--size",
                 {"1x1", "1024x768", "99999x1"},
                 {"0x1", "1x0", "1024", "x", "1024x", "1.5x1", "1x1x1"}},
         }) {
        const auto status_with = [&, name = std::string(flag)](const char* value) {
            return run({"generate", "a fox", "--server", "http://127.0.0.1:1", name + "=" + value});
        };
        for (const auto* value : good) {
            const auto ended = status_with(value);
            EXPECT_EQ(ended.status, exit_unavailable) << flag << " " << value << ": " << ended.err;
        }
        auto refused = bad;
        refused.insert(refused.end(), never.begin(), never.end());
        for (const auto* value : refused) {
            const auto ended = status_with(value);
            EXPECT_EQ(ended.status, exit_usage) << flag << " " << value;
            EXPECT_THAT(ended.err, HasSubstr(flag)) << value;
        }
    }
}

TEST_F(Program, WritesOverNothingUnlessForced) {
    const auto picture = folder_.write("fox.png", "keep me");
    const auto ended = run({"generate", "a fox", "--out", picture, "--server", "http://127.0.0.1:1"});
    EXPECT_EQ(ended.status, exit_usage);
    EXPECT_THAT(ended.err, HasSubstr("exists"));
    EXPECT_EQ(run({"generate", "a fox", "-f", "--out", picture, "--server", "http://127.0.0.1:1"}).status,
              exit_unavailable);
    EXPECT_EQ(fs::file_size(picture), 7U);
}

TEST_F(Program, CtrlCEndsTheWaitingWithThree) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(listen(listener, 1), 0);
    ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
    const auto url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    const auto process = start({"generate", "a fox", "--server", url});
    // Once it has connected and asked, it waits for an answer that never comes.
    const int connection = accept(listener, nullptr, nullptr);
    char byte = 0;
    ASSERT_EQ(read(connection, &byte, 1), 1);
    kill(process, SIGINT);
    EXPECT_EQ(wait(process).status, exit_canceled);
    close(connection);
    close(listener);
}

TEST_F(Program, AddsAModelByItsContentsAndSaysWhatItServes) {
    const auto file = folder_.write("downloads/whatever.safetensors", safetensors(sdxl_checkpoint()));
    const auto added = run({"models", "add", file});
    ASSERT_EQ(added.status, exit_ok) << added.err;
    EXPECT_THAT(added.out, HasSubstr("SDXL checkpoint"));
    EXPECT_THAT(added.out, HasSubstr("Serves:     sdxl_image_fast, sdxl_image_high"));
    EXPECT_THAT(added.out, HasSubstr("it fits"));
    EXPECT_EQ(fs::hard_link_count(file), 2U);

    const auto again = run({"models", "add", file});
    EXPECT_EQ(again.status, exit_usage);
    EXPECT_THAT(again.err, HasSubstr("is there already"));

    const auto list = run({"models", "list", "--json"});
    ASSERT_EQ(list.status, exit_ok);
    const auto parsed = parse_json_object(list.out);
    ASSERT_TRUE(parsed);
    bool seen = false;
    for (const auto& item : parsed->at("items").as_array()) {
        if (item.at("name") != "sdxl-fine-tune") continue;
        seen = true;
        EXPECT_EQ(item.at("installed"), true);
        EXPECT_EQ(item.at("files").at("model").as_string(),
                  (data() / "models/whatever.safetensors").string());
    }
    EXPECT_TRUE(seen);
    EXPECT_THAT(run({"models", "list"}).out, ContainsRegex("sdxl-fine-tune +yes"));
}

TEST_F(Program, AsksWhereContentsFitSeveralModels) {
    const auto file = folder_.write("model.gguf", gguf("qwen2", language_model()));
    const auto unclear = run({"models", "add", file});
    EXPECT_EQ(unclear.status, exit_usage);
    EXPECT_THAT(unclear.err, HasSubstr("qwen2.5-7b-instruct, qwen2.5-7b"));
    more_environment_ = {"OURVIDZ_MEMORY_BUDGET_MB=4000"};
    const auto named = run({"models", "add", file, "--as", "qwen2.5-7b-instruct"});
    EXPECT_EQ(named.status, exit_ok) << named.err;
    EXPECT_TRUE(fs::exists(data() / "models/qwen2.5-7b-instruct/model.gguf"));
    EXPECT_THAT(named.out, HasSubstr("IT DOES NOT FIT"));
    EXPECT_THAT(run({"models", "default", "chat_enhance", "qwen2.5-7b-instruct"}).err,
                HasSubstr("does not fit"));
}

TEST_F(Program, RefusesFilesThatAreNoModels) {
    const auto pickle =
        run({"models", "add", folder_.write("model.ckpt", "PK\x03\x04" + std::string(64, ' '))});
    EXPECT_EQ(pickle.status, exit_usage);
    EXPECT_THAT(pickle.err, HasSubstr("Pickles can run programs"));
    const auto stranger =
        run({"models", "add",
             folder_.write("vae.safetensors", safetensors({{"decoder.conv_in.weight", {8, 16, 3, 3}}}))});
    EXPECT_EQ(stranger.status, exit_usage);
    EXPECT_THAT(stranger.err, HasSubstr("No model of the catalogue needs such a file"));
    EXPECT_FALSE(fs::exists(data() / "models"));
    EXPECT_EQ(run({"models", "add", "/no/such/file"}).status, exit_usage);
}

// One file of each family, named so that the name says nothing.
TEST_F(Program, RecognizesEachFamilyAndPutsItInItsPlace) {
    using catalog::testing::TestTensor;
    struct Case {
        std::string bytes;
        std::string as;  // where several models could use it
        std::string where;
    };
    const std::vector<TestTensor> wan = {{"blocks.0.cross_attn.norm_k.weight", {1536}},
                                         {"blocks.0.self_attn.q.weight", {1536, 1}},
                                         {"patch_embedding.weight", {1536, 16, 1, 2, 2}}};
    auto vace = wan;
    vace.push_back({"vace_blocks.0.after_proj.weight", {4}});
    const std::vector<TestTensor> lora = {
        {"lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight", {4, 2048}}};
    const std::vector<Case> cases = {
        {safetensors(sdxl_checkpoint()), "sdxl-base-1.0", "sdxl-base-1.0/model.safetensors"},
        {gguf("sdxl", sdxl_checkpoint()), "sdxl-fine-tune", "file.gguf"},
        {safetensors(lora), "sdxl-lcm", "sdxl-lcm/lora.safetensors"},
        {safetensors(lora), "", "loras/file.safetensors"},
        {gguf("wan", wan), "wan2.1-t2v-1.3b", "wan2.1-t2v-1.3b/diffusion.gguf"},
        {safetensors(vace), "", "wan2.1-vace-1.3b/diffusion.safetensors"},
        {gguf("t5encoder", {{"token_embd.weight", {256'384, 2}}}), "wan2.1-t2v-1.3b",
         "wan2.1-t2v-1.3b/t5xxl.gguf"},
        {safetensors({{"decoder.middle.0.residual.0.gamma", {8}}}), "wan2.1-vace-1.3b",
         "wan2.1-vace-1.3b/vae.safetensors"},
        {safetensors({{"encoder.0.weight", {1}}, {"decoder.1.weight", {1, 16}}}), "wan2.1-t2v-1.3b",
         "wan2.1-t2v-1.3b/taesd.safetensors"},
        {safetensors({{"decoder.layers.0.weight", {64, 4, 3, 3}}}), "sdxl-base-1.0",
         "sdxl-base-1.0/taesd.safetensors"},
        {safetensors({{"body.0.rdb1.conv1.weight", {1}}}), "", "realesrgan-x4plus/upscaler.safetensors"},
        {safetensors({{"ip_adapter.1.to_k_ip.weight", {1, 2048}}}), "",
         "ip-adapter-plus-sdxl/ip_adapter.safetensors"},
        {gguf("qwen2", language_model()), "qwen2.5-7b", "qwen2.5-7b/model.gguf"},
    };
    for (const auto& test : cases) {
        const bool is_gguf = test.bytes.starts_with("GGUF");
        const auto file = folder_.write(is_gguf ? "file.gguf" : "file.safetensors", test.bytes);
        std::vector<std::string> words = {"models", "add", file};
        if (!test.as.empty()) words.insert(words.end(), {"--as", test.as});
        const auto added = run(words);
        EXPECT_EQ(added.status, exit_ok) << test.where << added.err;
        EXPECT_TRUE(fs::exists(data() / "models" / test.where)) << test.where << added.out;
        fs::remove(file);
    }
    EXPECT_THAT(run({"models", "list"}).out, HasSubstr("LoRA for sdxl: <lora:file:0.8>"));
}

// Bytes that this process and the children that it has waited for have read so far, from files and elsewhere.
std::uint64_t bytes_read() {
    std::ifstream file("/proc/self/io");
    std::string name;
    std::uint64_t bytes = 0;
    file >> name >> bytes;
    EXPECT_EQ(name, "rchar:");
    return bytes;
}
// The catalogue, the loader's look at each library, and headers.
constexpr std::uint64_t bytes_read_max = 4U << 20U;

TEST_F(Program, ReadsNoMoreOfALargeModelThanItsHeader) {
    constexpr std::uint64_t large = 64U << 20U;
    auto checkpoint = sdxl_checkpoint();
    checkpoint.push_back({"padding.weight", {large}});
    for (const auto& [name, bytes] : {std::pair{"large.safetensors", safetensors(checkpoint)},
                                      {"large.gguf", gguf("sdxl", checkpoint)}}) {
        const auto file = folder_.write(name, bytes);
        ASSERT_GT(fs::file_size(file), large);
        const auto before = bytes_read();
        const auto added = run({"models", "add", file});
        EXPECT_LT(bytes_read() - before, bytes_read_max) << name;
        EXPECT_EQ(added.status, exit_ok) << added.err;
    }
}

TEST_F(Program, ReadsLittleOfAHugeFileOfHolesToRefuseIt) {
    const auto whole = safetensors(sdxl_checkpoint());
    const auto holes = folder_.write("holes.safetensors", whole);
    fs::resize_file(holes, 200'000'000'000);
    const auto renamed = folder_.write("renamed.safetensors", "\x80\x02" + std::string(64, ' '));
    const auto page =
        folder_.write("page.safetensors", "<!DOCTYPE html><html></html>" + std::string(64, ' '));
    const auto cut = folder_.write("cut.safetensors", whole.substr(0, whole.size() - 1));
    for (const auto& [file, words] : {std::pair{holes, "mostly holes"},
                                      {renamed, "Pickles can run programs"},
                                      {page, "This is a web page"},
                                      {cut, "cut off"}}) {
        const auto before = bytes_read();
        const auto refused = run({"models", "add", file});
        EXPECT_LT(bytes_read() - before, bytes_read_max) << file;
        EXPECT_EQ(refused.status, exit_usage);
        EXPECT_THAT(refused.err, HasSubstr(words));
    }
    EXPECT_FALSE(fs::exists(data() / "models"));
}

TEST_F(Program, AChosenModelServesUntilTheChoiceIsTakenBack) {
    ASSERT_EQ(
        run({"models", "add", folder_.write("mine.safetensors", safetensors(sdxl_checkpoint()))}).status,
        exit_ok);
    ASSERT_EQ(
        run({"models", "add", folder_.write("sd_xl_base_1.0.safetensors", safetensors(sdxl_checkpoint()))})
            .status,
        exit_ok);
    EXPECT_THAT(run({"models", "default"}).out,
                ContainsRegex("sdxl_image_fast +sdxl-fine-tune +highest rank +sdxl-base"));
    const auto chosen = run({"models", "default", "sdxl_image_fast", "sdxl-base-1.0"});
    ASSERT_EQ(chosen.status, exit_ok) << chosen.err;
    EXPECT_THAT(run({"models", "default"}).out,
                ContainsRegex("sdxl_image_fast +sdxl-base-1.0 +you chose it"));
    EXPECT_THAT(run({"models", "default"}).out,
                ContainsRegex("sdxl_image_high +sdxl-fine-tune +highest rank"));
    ASSERT_EQ(run({"models", "default", "sdxl_image_fast", "auto"}).status, exit_ok);
    EXPECT_THAT(run({"models", "default"}).out,
                ContainsRegex("sdxl_image_fast +sdxl-fine-tune +highest rank"));
    for (const auto& wrong : std::vector<std::vector<std::string>>{{"sing", "nano"},
                                                                   {"sdxl_image_fast"},
                                                                   {"sdxl_image_fast", "no-such-model"},
                                                                   {"video_fast", "sdxl-base-1.0"},
                                                                   {"sdxl_image_fast", "sdxl-lcm"}}) {
        std::vector<std::string> words = {"models", "default"};
        words.insert(words.end(), wrong.begin(), wrong.end());
        EXPECT_EQ(run(words).status, exit_usage) << ::testing::PrintToString(wrong);
    }
}

TEST_F(Program, RemovesAModelUnlessNothingElseServes) {
    const auto file = folder_.write("mine.safetensors", safetensors(sdxl_checkpoint()));
    ASSERT_EQ(run({"models", "add", file}).status, exit_ok);
    const auto refused = run({"models", "remove", "sdxl-fine-tune"});
    EXPECT_EQ(refused.status, exit_usage);
    EXPECT_THAT(refused.err, HasSubstr("alone serves sdxl_image_fast, sdxl_image_high"));
    const auto linked = run({"models", "remove", "sdxl-fine-tune", "--anyway"});
    EXPECT_EQ(linked.status, exit_ok) << linked.err;
    EXPECT_THAT(linked.out, HasSubstr("Freed:   0 B")) << "the file has another name still";
    EXPECT_TRUE(fs::exists(file));
    EXPECT_FALSE(fs::exists(data() / "models/mine.safetensors"));

    ASSERT_EQ(run({"models", "add", file}).status, exit_ok);
    fs::remove(file);
    const auto base = folder_.write("sd_xl_base_1.0.safetensors", safetensors(sdxl_checkpoint()));
    ASSERT_EQ(run({"models", "add", base}).status, exit_ok);
    const auto removed = run({"models", "remove", "sdxl-fine-tune"});
    EXPECT_EQ(removed.status, exit_ok) << removed.err;
    EXPECT_THAT(removed.out, ContainsRegex("Freed:   [1-9]"));
    EXPECT_EQ(run({"models", "remove", "no-such-model"}).status, exit_usage);
    EXPECT_THAT(run({"models", "remove", "sdxl-lcm"}).out,
                HasSubstr("stays: Stable Diffusion XL base 1.0 uses it"));
    EXPECT_TRUE(fs::exists(data() / "models/sd_xl_base_1.0.safetensors"));
}

TEST_F(Program, AProfileIsShownChosenAndTakenBack) {
    EXPECT_THAT(run({"models", "profile"}).out, HasSubstr("cpu: by this machine's memory"));
    const auto chosen = run({"models", "profile", "24gb"});
    ASSERT_EQ(chosen.status, exit_ok) << chosen.err;
    EXPECT_THAT(chosen.out, ContainsRegex("\\* +24gb"));
    EXPECT_THAT(chosen.out, HasSubstr("memory_budget_mb = 22528"));
    EXPECT_THAT(run({"models", "list"}).out, ContainsRegex("wan2.1-t2v-1.3b +no +12288 MB"));
    EXPECT_EQ(run({"models", "profile", "96gb"}).status, exit_usage);
    EXPECT_THAT(run({"models", "profile", "auto"}).out, HasSubstr("by this machine's memory"));
}

TEST_F(Program, PullNeedsAnAddress) {
    const auto refused = run({"models", "pull", "sdxl-base-1.0"});
    EXPECT_EQ(refused.status, exit_usage);
    EXPECT_THAT(refused.err, HasSubstr("--model-source"));
    EXPECT_EQ(run({"models", "pull", "sdxl-base-1.0", "--model-source", "ftp://127.0.0.1"}).status,
              exit_usage);
    EXPECT_EQ(run({"models", "pull", "no-such-model", "--model-source", "http://127.0.0.1:1"}).status,
              exit_usage);
    const auto silent =
        run({"models", "pull", "qwen2.5-7b", "--anyway", "--model-source", "http://127.0.0.1:1"});
    EXPECT_EQ(silent.status, exit_unavailable) << silent.err;
}

TEST_F(Program, VerifiesHashes) {
    EXPECT_EQ(run({"models", "verify"}).status, exit_ok);
    EXPECT_EQ(run({"models", "verify", "nano"}).status, exit_failed);
    const auto models = fs::path(OURVIDZ_SOURCE_DIR) / "models";
    for (const auto* name : {"nano/dit.gguf", "nano/te.gguf", "nano/tae.gguf"}) {
        const auto file = folder_.write(std::string("data/models/") + name, "");
        fs::resize_file(file, fs::file_size(models / name));
    }
    const auto damaged = run({"models", "verify"});
    EXPECT_EQ(damaged.status, exit_failed);
    EXPECT_THAT(damaged.out, HasSubstr("DAMAGED  nano"));
}

TEST_F(Program, TheDoctorNamesWhatIsWrongAndHowToMendIt) {
    more_environment_ = {"OURVIDZ_WORKER_FOLDER=" + (folder_.path() / "empty").string(),
                         "OURVIDZ_LISTEN=127.0.0.1:0"};
    const auto plain = run({"doctor"});
    EXPECT_EQ(plain.status, exit_failed);
    EXPECT_THAT(plain.out, ContainsRegex("FAIL +diffusion_worker"));
    EXPECT_THAT(plain.out, HasSubstr("-> Build it, or set --worker-folder"));
    EXPECT_THAT(plain.out, ContainsRegex("ok +data folder"));
    EXPECT_FALSE(fs::exists(data())) << "the doctor changes nothing";
    const auto as_json = run({"doctor", "--json"});
    EXPECT_EQ(as_json.status, exit_failed);
    const auto parsed = parse_json_object(as_json.out);
    ASSERT_TRUE(parsed) << as_json.out;
    EXPECT_EQ(parsed->at("ok"), false);
    EXPECT_GT(parsed->at("items").as_array().size(), 10U);
}

}  // namespace
}  // namespace ourvidz::cli
