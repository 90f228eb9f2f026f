// The word lists behind "__name__": the operator's own, one file each, and a few that come with the studio.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "prompts/prompt.h"

namespace ourvidz::prompts {

constexpr std::uintmax_t list_bytes_max = 256U << 10U;
constexpr std::size_t list_entries_max = 5000;

// Lists are read once and then kept; a new or changed file is seen by a new object. Thread-safe.
class WordListFolder {
  public:
    // Files NAME.txt, one entry a line; empty lines and those that begin with # are left out. An absent
    // folder is fine, and a list of the folder goes before one of ours with its name.
    explicit WordListFolder(std::filesystem::path folder);

    // Null when there is no such list. The pointer lives as long as the object.
    [[nodiscard]] const std::vector<std::string>* find(std::string_view name) const;
    [[nodiscard]] WordLists lists() const;

  private:
    std::filesystem::path folder_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::vector<std::string>, std::less<>> known_;  // empty: there is none
};

}  // namespace ourvidz::prompts
