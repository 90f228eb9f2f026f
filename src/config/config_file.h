// The configuration file: TOML, one key for each setting.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "config/settings.h"

namespace ourvidz::config {

struct ConfigFile {
    std::filesystem::path path;                 // empty: there is none
    std::map<std::string, std::string> values;  // by setting name; keys of a section are section_key
    std::string fault;                          // why it could not be read
};

// The file that was asked for must be there; the usual one may be.
[[nodiscard]] ConfigFile find_config_file(const Sources& sources);

}  // namespace ourvidz::config
