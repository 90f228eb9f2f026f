// Every setting there is: its name and help, how its text is read, how its value is shown.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace ourvidz::config {

// Takes back what a file or the environment gives.
inline constexpr std::string_view no_value = "none";

struct Setting {
    SettingInfo info;
    // Answers what is wrong with the text, or nothing.
    std::function<std::string(Settings&, const std::string&)> read;
    std::function<std::string(const Settings&)> show;
};

// In the order in which they are shown.
[[nodiscard]] std::vector<Setting> setting_table();

}  // namespace ourvidz::config
