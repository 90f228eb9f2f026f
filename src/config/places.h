// Where things are when nobody says: beside the executable, in an installation, or in the source tree.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ourvidz::config {

using Environment = std::function<std::optional<std::string>(const std::string&)>;

// ${variable:-$HOME/fallback}/ourvidz as the XDG base directory specification has it.
[[nodiscard]] std::filesystem::path xdg_folder(const Environment& environment, const std::string& variable,
                                               const std::string& fallback);

// `in_share` under share/ourvidz of an installation, or `in_source` in the source tree that the executable
// was built in; the installation's path if neither exists.
[[nodiscard]] std::filesystem::path shipped_folder(const std::filesystem::path& executable,
                                                   const std::filesystem::path& in_share,
                                                   const std::filesystem::path& in_source);

// The network that models/upscaler/fetch.sh puts into a folder of the cache that carries its hash; empty if
// it is in none of `places`.
[[nodiscard]] std::filesystem::path find_upscaler(const std::vector<std::filesystem::path>& places);

}  // namespace ourvidz::config
