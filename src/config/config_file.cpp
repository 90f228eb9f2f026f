#include "config/config_file.h"

#include <CLI/CLI.hpp>
#include <fstream>

#include "config/places.h"

namespace ourvidz::config {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t file_bytes_max = 1U << 20U;

// What is wrong with the file itself becomes its only fault.
ConfigFile unreadable(const fs::path& path, const std::string& why) {
    return ConfigFile{path, {}, path.string() + ": " + why};
}

ConfigFile read_file(const fs::path& path) {
    ConfigFile result{path, {}, {}};
    std::error_code failure;
    const auto bytes = fs::file_size(path, failure);
    if (failure) return unreadable(path, failure.message());
    if (bytes > file_bytes_max) return unreadable(path, "is larger than 1 MiB");
    std::ifstream file(path);
    if (!file) return unreadable(path, "cannot be read");
    std::vector<CLI::ConfigItem> items;
    try {
        items = CLI::ConfigTOML().from_config(file);
    } catch (const CLI::Error& error) {
        return unreadable(path, error.what());
    }
    for (const auto& item : items) {
        if (item.name == "++" || item.name == "--")
            continue;  // CLI11's marks for the start and end of a section
        std::string name;
        for (const auto& parent : item.parents) {
            if (parent != "default") name += parent + "_";
        }
        name += item.name;
        std::string text;
        for (const auto& input : item.inputs) text.append(text.empty() ? "" : ":").append(input);
        result.values[name] = text;
    }
    return result;
}

}  // namespace

ConfigFile find_config_file(const Sources& sources) {
    if (sources.file) return read_file(*sources.file);
    if (const auto named = sources.environment("OURVIDZ_CONFIG")) return read_file(*named);
    const auto usual = xdg_folder(sources.environment, "XDG_CONFIG_HOME", ".config") / "config.toml";
    std::error_code ignored;
    if (fs::exists(usual, ignored)) return read_file(usual);
    return ConfigFile{};
}

}  // namespace ourvidz::config
