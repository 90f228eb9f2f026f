#include "config/settings.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "config/config_file.h"
#include "config/names.h"
#include "config/places.h"
#include "config/setting_table.h"

namespace ourvidz::config {
namespace {

namespace fs = std::filesystem;

Settings defaults(const Sources& sources) {
    Settings settings;
    settings.data_dir = xdg_folder(sources.environment, "XDG_DATA_HOME", ".local/share");
    settings.models_cache = xdg_folder(sources.environment, "XDG_CACHE_HOME", ".cache") / "models";
    settings.models_folder = shipped_folder(sources.executable, "models", "models");
    settings.catalog_folder = shipped_folder(sources.executable, "models/catalog", "models/catalog");
    settings.web_folder = shipped_folder(sources.executable, "web", "web/dist");
    settings.migrations_folder = shipped_folder(sources.executable, "migrations", "migrations");
    settings.worker_folder = sources.executable.parent_path();
    settings.upscaler = find_upscaler({settings.models_folder, settings.models_cache});
    settings.log_level = "info";
    settings.base_path = "/";
    // One card of 48 GB. The kinds together need more, so the node arbitrates.
    settings.image = WorkerSettings{2, 10 * 1024, true, 0};
    settings.video = WorkerSettings{4, 30 * 1024, false, 0};
    settings.chat = WorkerSettings{8, 15 * 1024, false, 0};
    settings.media_memory_mb = 2048;
    settings.request_memory_mb = 256;
    settings.s3_region = "us-east-1";
    settings.lease_ms = 30'000;
    settings.attempts_max = 3;
    settings.queue_max = 50'000;
    settings.queue_workspace_max = 10'000;
    settings.queue_kind_max = 10'000;
    settings.starting_credits = 1'000'000'000;
    settings.trash_days = 30;
    return settings;
}

// Settings that are fine alone and wrong together.
std::vector<std::pair<std::string, std::string>> misfits(const Settings& settings) {
    std::vector<std::pair<std::string, std::string>> found;
    if (settings.accelerator && settings.memory_budget_mb == 0)
        found.emplace_back("memory_budget_mb", "must be given when accelerator is true");
    if (settings.database_url.empty() != settings.database_server_url.empty())
        found.emplace_back("database_url", "and database_server_url must be given together");
    if (!settings.s3_url.empty() && (settings.s3_access_key.empty() || settings.s3_secret_key.empty()))
        found.emplace_back("s3_url", "needs s3_access_key and s3_secret_key");
    if (!settings.redis_url.empty() && settings.database_url.empty())
        found.emplace_back("redis_url", "is for several servers, which need database_url");
    return found;
}

std::string suggestion(const std::string& name) {
    return name.empty() ? "" : "; did you mean " + name + "?";
}

struct Misspelled {
    std::string given;
    std::string meant;
};

// Variables with our prefix that are a slip away from a setting's. Others with it are other programs'
// business.
std::vector<Misspelled> misspelled(const std::vector<std::string>& environment) {
    std::vector<std::string> known = {"OURVIDZ_CONFIG"};
    for (const auto& setting : setting_table()) known.push_back(setting.info.environment());
    std::vector<Misspelled> found;
    for (const auto& name : environment) {
        if (!name.starts_with("OURVIDZ_") || std::find(known.begin(), known.end(), name) != known.end())
            continue;
        if (auto meant = closest(name, known); !meant.empty()) found.push_back({name, std::move(meant)});
    }
    return found;
}

}  // namespace

std::string to_string(const Address& address) {
    const bool brackets = address.host.find(':') != std::string::npos;
    return (brackets ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

std::string SettingInfo::flag() const {
    std::string text = "--" + name;
    std::replace(text.begin(), text.end(), '_', '-');
    return text;
}

std::string SettingInfo::environment() const {
    std::string text = "OURVIDZ_" + name;
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

std::vector<SettingInfo> all_settings() {
    std::vector<SettingInfo> list;
    for (auto& setting : setting_table()) list.push_back(std::move(setting.info));
    return list;
}

Sources process_sources() {
    Sources sources;
    sources.environment = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        if (value == nullptr || *value == '\0') return std::nullopt;
        return value;
    };
    for (char** line = environ; *line != nullptr; ++line) {
        const std::string_view text = *line;
        sources.environment_names.emplace_back(text.substr(0, text.find('=')));
    }
    std::error_code ignored;
    sources.executable = fs::read_symlink("/proc/self/exe", ignored);
    return sources;
}

Result<Loaded> load(const Sources& sources) {
    auto file = find_config_file(sources);
    Loaded loaded{defaults(sources), {}};
    std::string faults;
    const auto fault = [&](const std::string& where, const std::string& what) {
        faults += (faults.empty() ? "" : "\n") + where + " " + what;
    };
    if (!file.fault.empty()) faults = file.fault;
    std::vector<std::string> names;
    for (const auto& setting : setting_table()) {
        const auto& info = setting.info;
        names.push_back(info.name);
        std::string origin = "default";
        std::optional<std::string> text;
        if (const auto found = file.values.find(info.name); found != file.values.end()) {
            origin = file.path.string();
            text = found->second;
            file.values.erase(found);
        }
        if (auto value = sources.environment(info.environment())) {
            origin = info.environment();
            text = std::move(value);
        }
        if (const auto found = sources.flags.find(info.name); found != sources.flags.end()) {
            origin = info.flag();
            text = found->second;
        }
        if (text) {
            const auto what = setting.read(loaded.settings, *text);
            if (!what.empty()) fault(origin == file.path.string() ? origin + ": " + info.name : origin, what);
        }
        loaded.origins[info.name] = std::move(origin);
    }
    for (const auto& [name, value] : file.values)
        fault(file.path.string() + ": " + name, "is not a setting" + suggestion(closest(name, names)));
    for (const auto& name : misspelled(sources.environment_names))
        fault(name.given, "is not a setting" + suggestion(name.meant));
    for (const auto& [setting, what] : misfits(loaded.settings)) fault(setting, what);
    if (!faults.empty()) return invalid_field("settings", std::move(faults));
    return loaded;
}

std::string value_text(const Settings& settings, std::string_view name) {
    for (const auto& setting : setting_table()) {
        if (setting.info.name == name) return setting.show(settings);
    }
    return "";
}

std::vector<std::string> as_environment(const Settings& settings) {
    std::vector<std::string> lines;
    for (const auto& setting : setting_table()) {
        const auto value = setting.info.server_only ? std::string(no_value) : setting.show(settings);
        lines.push_back(setting.info.environment() + "=" + value);
    }
    return lines;
}

std::vector<fs::path> model_places(const Settings& settings) {
    auto places = settings.model_folders;
    places.push_back(settings.data_dir / "models");
    places.push_back(settings.models_folder);
    places.push_back(settings.models_cache);
    return places;
}

fs::path worker_path(const Settings& settings, std::string_view name) {
    return settings.worker_folder / name;
}

}  // namespace ourvidz::config
