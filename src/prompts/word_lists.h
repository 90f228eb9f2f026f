// The word lists behind "__name__": the operator's own, one file each, and a few that come with the studio.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_mark.h"
#include "prompts/prompt.h"

namespace ourvidz::prompts {

constexpr std::uintmax_t list_bytes_max = 512U << 10U;
constexpr std::size_t list_entries_max = 20'000;
constexpr std::size_t entry_bytes_max = 1024;

// What a list's file says: one entry a line, in UTF-8 or, with a byte-order mark, UTF-16. Spaces around
// entries, empty lines and lines that begin with # are left out. Errors: unavailable; the detail says what is
// wrong and in which line.
[[nodiscard]] Result<std::vector<std::string>> read_word_list(std::string_view bytes);

// Thread-safe. A file that has been made, changed or deleted is seen by the next use; that costs one look at
// it (stat) where nothing has changed.
class WordListFolder {
  public:
    // "name" means NAME.txt and "animals/cats" the file cats.txt of the folder animals; links to files and
    // folders are followed. An absent folder is fine, and a list of the folder goes before one of ours with
    // its name.
    explicit WordListFolder(std::filesystem::path folder);

    // As WordLists says. Where the folder may not be looked into, one of ours is not taken instead.
    [[nodiscard]] Result<WordList> find(std::string_view name) const;
    // For one request: every use of a name sees the same entries.
    [[nodiscard]] WordLists lists() const;

  private:
    struct Known {
        FileMark mark;
        Result<WordList> list;
    };
    [[nodiscard]] Result<WordList> read(const std::filesystem::path& file) const;

    std::filesystem::path folder_;
    mutable std::mutex mutex_;
    mutable std::map<std::filesystem::path, Known> known_;  // by file
};

}  // namespace ourvidz::prompts
