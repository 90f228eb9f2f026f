// Where things are when nobody says: beside the executable, in an installation, or in the source tree.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

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

}  // namespace ourvidz::config
