// What the operator has decided about models: which serves a kind, and for which memory they are set up. Kept
// in one small JSON file of the data folder, so that the server, a node and the command line agree.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ourvidz::catalog {

// A memory size that the catalogue has recommended configurations for.
struct Profile {
    std::string_view name;
    int memory_mb;  // of the accelerator; 0: no accelerator, the processor does the work
    std::string_view title;
};
inline constexpr std::array<Profile, 5> profiles{{
    {"48gb", 46 * 1024, "one card of 48 GB: all models resident, tiled VAE"},
    {"24gb", 22 * 1024, "one card of 24 GB: one model at a time, everything on the card"},
    {"12gb", 11 * 1024, "one card of 12 GB: text encoders on the processor"},
    {"8gb", 7 * 1024, "one card of 8 GB: eight-bit weights, text encoders on the processor"},
    {"cpu", 0, "no card: the processor and main memory"},
}};
[[nodiscard]] const Profile* find_profile(std::string_view name);

// The largest profile that `memory_mb` of an accelerator carries (the smallest if none does), or "cpu".
[[nodiscard]] const Profile& profile_for(bool accelerator, int memory_mb);

struct Choices {
    std::string profile;                          // empty: by the machine's memory
    std::map<std::string, std::string> defaults;  // kind -> catalogue name; absent kinds go by rank
};

// A file that is not there holds no choices. Errors: invalid_field naming the file when it is damaged.
[[nodiscard]] Result<Choices> read_choices(const std::filesystem::path& file);
// Replaces the file whole or not at all. Errors: unavailable.
[[nodiscard]] Result<void> write_choices(const std::filesystem::path& file, const Choices& choices);

}  // namespace ourvidz::catalog
