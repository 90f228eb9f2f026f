#include "config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "base/id.h"
#include "config/config_file.h"
#include "config/examine.h"
#include "config/machine.h"

namespace ourvidz::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class SettingsTest : public ::testing::Test {
  protected:
    SettingsTest() : folder_(fs::temp_directory_path() / ("ourvidz-config-" + random_hex(8))) {
        fs::create_directories(folder_);
        environment_["HOME"] = (folder_ / "home").string();
    }
    ~SettingsTest() override {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    [[nodiscard]] Result<Loaded> load_with(std::map<std::string, std::string> flags,
                                           const std::string& file = "") const {
        Sources sources;
        sources.flags = std::move(flags);
        sources.environment = [this](const std::string& name) -> std::optional<std::string> {
            const auto found = environment_.find(name);
            if (found == environment_.end()) return std::nullopt;
            return found->second;
        };
        for (const auto& [name, value] : environment_) sources.environment_names.push_back(name);
        sources.executable = folder_ / "bin/ourvidz";
        if (!file.empty()) {
            sources.file = folder_ / "config.toml";
            std::ofstream(*sources.file) << file;
        }
        return load(sources);
    }

    fs::path folder_;
    std::map<std::string, std::string> environment_;
};

TEST_F(SettingsTest, DefaultsNeedNothing) {
    const auto loaded = load_with({});
    ASSERT_TRUE(loaded) << loaded.error().detail;
    const auto& settings = loaded->settings;
    EXPECT_EQ(settings.data_dir, folder_ / "home/.local/share/ourvidz");
    EXPECT_EQ(settings.models_cache, folder_ / "home/.cache/ourvidz/models");
    EXPECT_EQ(to_string(settings.listen), "127.0.0.1:8787");
    EXPECT_EQ(settings.worker_folder, folder_ / "bin");
    EXPECT_EQ(settings.catalog_folder, folder_ / "share/ourvidz/models/catalog");
    EXPECT_EQ(settings.attempts_max, 3);
    EXPECT_EQ(loaded->origins.at("listen"), "default");
}

TEST_F(SettingsTest, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
    const std::string file =
        "attempts_max = 7\nlease_ms = 5000\nlisten = \"127.0.0.1:1\"\n[image]\nworkers = 5\n";
    environment_["OURVIDZ_ATTEMPTS_MAX"] = "8";
    environment_["OURVIDZ_LISTEN"] = "127.0.0.1:2";
    const auto loaded = load_with({{"listen", "[::1]:3"}}, file);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(to_string(loaded->settings.listen), "[::1]:3");
    EXPECT_EQ(loaded->origins.at("listen"), "--listen");
    EXPECT_EQ(loaded->settings.attempts_max, 8);
    EXPECT_EQ(loaded->origins.at("attempts_max"), "OURVIDZ_ATTEMPTS_MAX");
    EXPECT_EQ(loaded->settings.lease_ms, 5000);
    EXPECT_EQ(loaded->origins.at("lease_ms"), (folder_ / "config.toml").string());
    EXPECT_EQ(loaded->settings.image.count, 5);
    EXPECT_EQ(loaded->origins.at("queue_max"), "default");
}

TEST_F(SettingsTest, AllFaultsAreToldAtOnceWithTheirPlace) {
    environment_["OURVIDZ_LOG_LEVEL"] = "loud";
    const auto loaded = load_with({{"listen", "8787"}}, "attempts_max = 0\ncolour = \"red\"\n");
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::invalid_field);
    const auto& detail = loaded.error().detail;
    EXPECT_THAT(detail, HasSubstr("--listen must be HOST:PORT"));
    EXPECT_THAT(detail, HasSubstr("OURVIDZ_LOG_LEVEL must be trace"));
    EXPECT_THAT(detail, HasSubstr("config.toml: attempts_max must be a whole number from 1 to 20"));
    EXPECT_THAT(detail, HasSubstr("config.toml: colour is not a setting"));
}

TEST_F(SettingsTest, ListensOnThisMachineOnly) {
    for (const auto* address :
         {"0.0.0.0:80", "192.168.1.5:80", "[::]:80", "example.com:80", ":80", "127.a.b.c:80"}) {
        const auto loaded = load_with({{"listen", address}});
        ASSERT_FALSE(loaded) << address;
        EXPECT_THAT(loaded.error().detail, HasSubstr("no accounts yet"));
    }
    for (const auto* address : {"127.0.0.1:0", "localhost:80", "[::1]:80"})
        EXPECT_TRUE(load_with({{"listen", address}}));
}

TEST_F(SettingsTest, AnAcceleratorNeedsItsMemoryNamed) {
    EXPECT_THAT(load_with({{"accelerator", "true"}}).error().detail,
                HasSubstr("memory_budget_mb must be given"));
    EXPECT_TRUE(load_with({{"accelerator", "true"}, {"memory_budget_mb", "48128"}}));
}

TEST_F(SettingsTest, WhatSeveralServersShareIsCheckedTogether) {
    const auto loaded = load_with(
        {{"database_url", "mysql://db"}, {"redis_url", "localhost:6379"}, {"s3_url", "https://host"}});
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().detail, HasSubstr("--database-url must be a URL such as postgresql://"));
    EXPECT_THAT(loaded.error().detail, HasSubstr("--redis-url must be a URL such as redis://"));
    EXPECT_THAT(loaded.error().detail, HasSubstr("--s3-url must be a URL such as https://host/bucket"));
    const auto half = load_with({{"database_url", "postgresql://db/x"}, {"s3_url", "https://host/bucket"}});
    ASSERT_FALSE(half);
    EXPECT_THAT(half.error().detail, HasSubstr("database_server_url must be given together"));
    EXPECT_THAT(half.error().detail, HasSubstr("s3_url needs s3_access_key and s3_secret_key"));
    EXPECT_THAT(load_with({{"redis_url", "redis://host"}}).error().detail, HasSubstr("need database_url"));
    EXPECT_TRUE(load_with({{"database_url", "postgresql://db/x"},
                           {"database_server_url", "postgres://db/x"},
                           {"redis_url", "redis://host/1"},
                           {"s3_url", "http://127.0.0.1:7070/bucket/folder"},
                           {"s3_access_key", "a"},
                           {"s3_secret_key", "b"}}));
}

TEST_F(SettingsTest, AChildIsNotToldWhatOnlyTheServerMayKnow) {
    const auto parent = load_with({{"database_url", "postgresql://u:canary-1@db/x"},
                                   {"database_server_url", "postgresql://u:canary-2@db/x"},
                                   {"redis_url", "redis://:canary-3@host"},
                                   {"s3_url", "https://host/bucket"},
                                   {"s3_access_key", "canary-4"},
                                   {"s3_secret_key", "canary-5"}});
    ASSERT_TRUE(parent) << parent.error().detail;
    const auto lines = as_environment(parent->settings);
    for (const auto& line : lines) EXPECT_THAT(line, ::testing::Not(HasSubstr("canary"))) << line;
    // A child that reads one half in the file, whose other half the server was given otherwise, still starts.
    environment_.clear();
    for (const auto& line : lines) {
        const auto equals = line.find('=');
        if (equals + 1 < line.size()) environment_[line.substr(0, equals)] = line.substr(equals + 1);
    }
    const auto child = load_with({}, "s3_url = \"https://host/bucket\"\nredis_url = \"redis://host\"\n");
    ASSERT_TRUE(child) << child.error().detail;
    EXPECT_EQ(child->settings.s3_url, "");
    EXPECT_EQ(child->settings.database_url, "");
}

TEST_F(SettingsTest, EverythingThatIsWrongIsSaidAtOnce) {
    environment_["OURVIDZ_DATADIR"] = "/d";         // a slip
    environment_["OURVIDZ_TEST_POSTGRES"] = "h:1";  // another program's
    environment_["OURVIDZ_CONFIG"] = (folder_ / "absent.toml").string();
    environment_["OURVIDZ_LEASE_MS"] = "soon";
    const auto loaded = load_with({{"listen", "0.0.0.0:80"}, {"redis_url", "redis://h"}});
    ASSERT_FALSE(loaded);
    const auto& said = loaded.error().detail;
    EXPECT_THAT(said, HasSubstr("absent.toml: No such file"));
    EXPECT_THAT(said, HasSubstr("OURVIDZ_DATADIR is not a setting; did you mean OURVIDZ_DATA_DIR?"));
    EXPECT_THAT(said, HasSubstr("OURVIDZ_LEASE_MS must be a whole number"));
    EXPECT_THAT(said, HasSubstr("--listen must be an address of this machine alone"));
    EXPECT_THAT(said, HasSubstr("redis_url is for several servers"));
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 4) << said;
    EXPECT_THAT(load_with({}, "lease_sm = 4000\n").error().detail, HasSubstr("did you mean lease_ms?"));
}

TEST_F(SettingsTest, PublicHostsAreNames) {
    EXPECT_THAT(load_with({{"public_hosts", "studio.example,ourvidz.lan"}})->settings.public_hosts,
                ElementsAre("studio.example", "ourvidz.lan"));
    for (const auto* wrong : {"https://studio.example", "studio.example:443", "Studio.example", "a,,b"})
        EXPECT_FALSE(load_with({{"public_hosts", wrong}})) << wrong;
    EXPECT_TRUE(load_with({{"public_hosts", "none"}})->settings.public_hosts.empty());
}

TEST_F(SettingsTest, TheBasePathHasASlashAtBothEnds) {
    EXPECT_EQ(load_with({})->settings.base_path, "/");
    EXPECT_EQ(load_with({{"base_path", "/art/studio/"}})->settings.base_path, "/art/studio/");
    for (const auto* wrong :
         {"", "studio", "/studio", "studio/", "//", "/a//b/", "/a/../b/", "/a b/", "/a\"/"})
        EXPECT_FALSE(load_with({{"base_path", wrong}})) << wrong;
}

TEST_F(SettingsTest, WhatThisMachineLacksIsSaidAtOnce) {
    auto settings =
        load_with({{"model_folders", "/no/such/models"}, {"upscaler", "/no/such/file.onnx"}})->settings;
    std::ofstream(folder_ / "file") << "x";
    settings.data_dir = folder_ / "file" / "data";
    const auto faults = examine(settings);
    const auto text = ::testing::PrintToString(faults);
    for (const auto* name :
         {"catalog_folder: ", "migrations_folder: ", "model_folders: /no/such/models ",
          "data_dir: ", "upscaler: ", "diffusion_worker is not a program", "media_worker is not"})
        EXPECT_THAT(text, HasSubstr(name));
    EXPECT_EQ(faults.size(), 8U) << text;
    settings.start_node = false;
    EXPECT_EQ(examine(settings).size(), 5U);
}

// deploy/config.toml is the documentation: every setting stands in it, set or behind "# ", and nothing else
// does.
TEST_F(SettingsTest, TheSampleDocumentsEverySetting) {
    std::ifstream sample(fs::path(OURVIDZ_SOURCE_DIR) / "deploy/config.toml");
    std::string line;
    std::string all;
    while (std::getline(sample, line)) {
        const auto begin = line.starts_with("# ") ? 2U : 0U;
        const auto equals = line.find(" = ");
        const bool setting = equals != std::string::npos &&
                             line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_", begin) == equals;
        if (setting) all += line.substr(begin) + "\n";
    }
    std::ofstream(folder_ / "all.toml") << all;
    Sources sources;
    sources.environment = [](const std::string&) { return std::nullopt; };
    sources.file = folder_ / "all.toml";
    const auto values = find_config_file(sources).values;
    for (const auto& info : all_settings())
        EXPECT_TRUE(values.contains(info.name)) << info.name << " is missing";
    const auto loaded = load_with({}, all);
    EXPECT_TRUE(loaded) << loaded.error().detail;
}

TEST_F(SettingsTest, BrokenAndAbsentFilesAreFaults) {
    environment_["OURVIDZ_CONFIG"] = (folder_ / "absent.toml").string();
    EXPECT_THAT(load_with({}).error().detail, HasSubstr("absent.toml"));
    environment_.erase("OURVIDZ_CONFIG");
    const fs::path usual = folder_ / "home/.config/ourvidz/config.toml";
    fs::create_directories(usual.parent_path());
    std::ofstream(usual) << "attempts_max = 9\n";
    EXPECT_EQ(load_with({})->settings.attempts_max, 9);
}

TEST_F(SettingsTest, AChildGetsTheSameSettingsByEnvironment) {
    const auto parent = load_with(
        {{"data_dir", "/d"}, {"model_folders", "/a:/b"}, {"token", "secret"}, {"image_workers", "3"}});
    ASSERT_TRUE(parent);
    environment_.clear();
    for (const auto& line : as_environment(parent->settings)) {
        const auto equals = line.find('=');
        if (equals + 1 < line.size()) environment_[line.substr(0, equals)] = line.substr(equals + 1);
    }
    const auto child = load_with({});
    ASSERT_TRUE(child) << child.error().detail;
    EXPECT_EQ(as_environment(child->settings), as_environment(parent->settings));
    EXPECT_THAT(child->settings.model_folders, ElementsAre("/a", "/b"));
}

TEST_F(SettingsTest, EveryValueIsShownAsItIsRead) {
    const auto loaded = load_with({});
    std::set<std::string> names;
    for (const auto& info : all_settings()) {
        EXPECT_TRUE(names.insert(info.name).second) << info.name;
        EXPECT_FALSE(info.help.empty());
        const auto text = value_text(loaded->settings, info.name);
        const auto again = load_with({{info.name, text}});
        if (text.empty()) continue;
        ASSERT_TRUE(again) << info.name << ": " << again.error().detail;
        EXPECT_EQ(value_text(again->settings, info.name), text);
    }
}

TEST_F(SettingsTest, TheUpscalerIsFoundInTheModelsCache) {
    EXPECT_EQ(load_with({})->settings.upscaler, "");
    const auto file = folder_ / "home/.cache/ourvidz/models/upscaler-0123/srvgg-x4.onnx";
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "x";
    EXPECT_EQ(load_with({})->settings.upscaler, file);
    const auto without = load_with({{"upscaler", "none"}})->settings;
    EXPECT_EQ(without.upscaler, "");
    // What our own node is told; nothing would mean to it that it should look for one.
    EXPECT_EQ(value_text(without, "upscaler"), "none");
}

TEST(Machine, HasCoresAndMemory) {
    const auto machine = this_machine();
    EXPECT_GE(machine.cores, 1);
    EXPECT_GT(machine.memory_mb, 64U);
    EXPECT_LE(machine.memory_free_mb, machine.memory_mb);
    Settings settings;
    EXPECT_EQ(memory_budget_mb(settings, Machine{2, "", {}, 8000, 7000}), 6000);
    EXPECT_EQ(memory_budget_mb(settings, Machine{2, "", {}, 8000, 2000}), 1488);
    EXPECT_EQ(memory_budget_mb(settings, Machine{2, "", {}, 8000, 100}), 0);
    settings.memory_budget_mb = 5;
    EXPECT_EQ(memory_budget_mb(settings, machine), 5);
}

}  // namespace
}  // namespace ourvidz::config
