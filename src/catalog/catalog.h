// The model catalogue: all manifests, and which of their files are here. Immutable after load(), so any
// thread may read it; after files have changed, load another one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/choices.h"
#include "catalog/manifest.h"
#include "catalog/model_files.h"

namespace ourvidz::catalog {

struct Places {
    std::filesystem::path manifests;  // folder with *.json
    std::vector<std::filesystem::path>
        model_folders;      // searched in this order, three levels deep; absent ones are skipped
    int memory_mb_max = 0;  // entries that need more serve nothing; 0: no limit
    // The profile whose configurations apply; without one every entry is taken as its manifest has it.
    Choices choices = {};
    // Kept between two readings of the same folders; without one, every file is looked into.
    std::shared_ptr<Inspections> inspections = {};
};

// Whether an entry's files are here.
struct Status {
    bool installed = false;
    std::map<std::string, std::filesystem::path> files;  // role -> file, absolute
    std::vector<std::string> missing;                    // sentences that name the file and what is wrong
    std::uint64_t bytes = 0;                             // of the files that are here
};

class Catalog {
  public:
    // Errors: invalid_field naming the manifest file and the field, for every manifest that is wrong;
    // unavailable when the folder cannot be read or is empty.
    static Result<Catalog> load(const Places& places);

    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    [[nodiscard]] const Entry* find(std::string_view name) const;
    [[nodiscard]] const Status& status(const Entry& entry) const;

    // The installed entry that serves the kind and fits into memory: the chosen one, else that of the highest
    // rank. The pointer lives as long as the catalogue. Errors: unavailable with the reason, invalid_field
    // for a kind that does not exist.
    [[nodiscard]] Result<const Entry*> resolve(std::string_view kind) const;
    // Of the entry's kinds, those that resolve() answers with it.
    [[nodiscard]] std::vector<std::string> serves(const Entry& entry) const;
    // By name, those that cannot be used included.
    [[nodiscard]] const std::vector<Lora>& loras() const { return loras_; }
    // Null where there is none of this name that the family can use.
    [[nodiscard]] const Lora* find_lora(std::string_view name, std::string_view family) const;
    // The folders and files that say what is installed.
    [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }
    // Sentences for the operator about what could not be looked at.
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
    // Installed, and not too large for the memory.
    [[nodiscard]] bool usable(const Entry& entry) const { return why_not(entry).empty(); }
    [[nodiscard]] const Choices& choices() const { return choices_; }

  private:
    [[nodiscard]] std::string why_not(const Entry& entry) const;

    std::vector<Entry> entries_;  // by name
    std::map<std::string, Status, std::less<>> status_;
    std::vector<Lora> loras_;
    std::vector<Source> sources_;
    std::vector<std::string> notes_;
    int memory_mb_max_ = 0;
    Choices choices_;
};

// The words of a prompt that the entry's model does not know, in lower case, each once, at most eight; empty
// for entries without a vocabulary.
[[nodiscard]] std::vector<std::string> unknown_words(const Entry& entry, std::string_view prompt);

// A sentence about them for people, or empty.
[[nodiscard]] std::string unknown_words_hint(const Entry& entry, std::string_view prompt);

// Case-insensitive match of a whole name against a pattern in which `*` stands for any characters.
[[nodiscard]] bool matches_pattern(std::string_view name, std::string_view pattern);

}  // namespace ourvidz::catalog
