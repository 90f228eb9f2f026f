#include "catalog/catalog.h"

#include <algorithm>
#include <cctype>
#include <fstream>

#include "catalog/vocabulary.h"

namespace ourvidz::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t manifests_max = 256;
constexpr std::uintmax_t manifest_bytes_max = 1U << 20U;
constexpr std::size_t unknown_words_max = 8;

Result<std::string> read_file(const fs::path& path, const std::string& field) {
    std::error_code failure;
    const auto bytes = fs::file_size(path, failure);
    if (failure || bytes > manifest_bytes_max)
        return invalid_field(field, "cannot be read or is larger than 1 MiB");
    std::string text(bytes, ' ');
    if (!std::ifstream(path, std::ios::binary).read(text.data(), static_cast<std::streamsize>(bytes)))
        return invalid_field(field, "cannot be read");
    return text;
}

Result<Entry> read_manifest(const fs::path& path) {
    OURVIDZ_TRY(text, read_file(path, ""));
    OURVIDZ_TRY(entry, parse_manifest(text));
    if (entry.name + ".json" != path.filename())
        return invalid_field("name", "must be the file's name without .json");
    if (!entry.near_words_file.empty()) {
        const auto field = "near_words (" + entry.near_words_file + ")";
        OURVIDZ_TRY(table, read_file(path.parent_path() / entry.near_words_file, field));
        auto near = parse_near_words(table, *entry.vocabulary);
        if (!near) return invalid_field(field, near.error().field + " " + near.error().detail);
        entry.near_words = std::make_shared<const NearWords>(std::move(*near));
    }
    if (entry.layers) {
        const auto field = "layers.book (" + entry.layers->book_file + ")";
        OURVIDZ_TRY(book, read_file(path.parent_path() / entry.layers->book_file, field));
        const auto read = read_book(book, *entry.layers);
        if (!read) return invalid_field(field, read.error().field + " " + read.error().detail);
    }
    return std::move(entry);
}

Result<std::vector<fs::path>> manifest_paths(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code failure;
    auto walk = fs::directory_iterator(folder, failure);
    for (; !failure && walk != fs::directory_iterator(); walk.increment(failure)) {
        if (walk->path().extension() == ".json") paths.push_back(walk->path());
    }
    if (failure || paths.empty() || paths.size() > manifests_max) {
        return Error{
            ErrorCode::unavailable,
            "The model catalogue " + folder.string() + " cannot be read or has no (or too many) manifests.",
            ""};
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

// Sets the entry up as its manifest recommends for the profile.
void configure(Entry& entry, std::string_view profile) {
    for (const auto& configuration : entry.configurations) {
        if (configuration.profile != profile) continue;
        entry.memory_mb = configuration.memory_mb;
        for (const auto& option : configuration.options) entry.options[option.key()] = option.value();
    }
}

Status status_of(const Entry& entry, ModelFolders& folders, const std::vector<FileSpec>& claimed) {
    Status status;
    status.installed = true;
    for (const auto& spec : entry.files) {
        auto match = folders.find(spec, claimed);
        if (match.file) {
            std::error_code ignored;
            status.bytes += fs::file_size(*match.file, ignored);
            status.files.emplace(spec.role, std::move(*match.file));
        } else if (!spec.optional) {
            status.installed = false;
            status.missing.push_back(spec.role + ": " + match.why_not);
        }
    }
    return status;
}

}  // namespace

Result<Catalog> Catalog::load(const Places& places) {
    OURVIDZ_TRY(paths, manifest_paths(places.manifests));
    Catalog catalog;
    catalog.memory_mb_max_ = places.memory_mb_max;
    catalog.choices_ = places.choices;
    std::string faults;
    for (const auto& path : paths) {
        auto entry = read_manifest(path);
        if (entry) {
            configure(*entry, places.choices.profile);
            catalog.entries_.push_back(std::move(*entry));
            continue;
        }
        const auto& error = entry.error();
        faults += (faults.empty() ? "" : "\n") + path.string() + ": " + error.field +
                  (error.field.empty() ? "" : " ") + error.detail;
    }
    if (!faults.empty()) return invalid_field("models/catalog", faults);
    ModelFolders folders(places.model_folders, places.inspections);
    std::vector<FileSpec> claimed;
    for (const auto& entry : catalog.entries_) {
        std::copy_if(entry.files.begin(), entry.files.end(), std::back_inserter(claimed),
                     [](const FileSpec& file) { return !file.unclaimed; });
    }
    for (const auto& entry : catalog.entries_) {
        catalog.status_.emplace(entry.name, status_of(entry, folders, claimed));
    }
    catalog.loras_ = folders.loras();
    catalog.sources_ = folders.sources();
    catalog.notes_ = folders.notes();
    return catalog;
}

const Entry* Catalog::find(std::string_view name) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.name == name; });
    return found == entries_.end() ? nullptr : &*found;
}

const Lora* Catalog::find_lora(std::string_view name, std::string_view family) const {
    const auto found = std::find_if(loras_.begin(), loras_.end(), [&](const Lora& lora) {
        return lora.name == name && lora.family == family && lora.unusable.empty();
    });
    return found == loras_.end() ? nullptr : &*found;
}

const Status& Catalog::status(const Entry& entry) const {
    return status_.find(entry.name)->second;
}

std::string Catalog::why_not(const Entry& entry) const {
    if (!status(entry).installed && status(entry).files.empty()) return entry.title + " is not installed.";
    if (!status(entry).installed)
        return entry.title + " is incomplete: one of its files is missing, damaged or not whole.";
    if (memory_mb_max_ == 0 || entry.memory_mb <= memory_mb_max_) return "";
    return entry.title + " needs " + std::to_string(entry.memory_mb) + " MB of memory, of which " +
           std::to_string(memory_mb_max_) + " MB are set aside.";
}

Result<const Entry*> Catalog::resolve(std::string_view kind) const {
    OURVIDZ_CHECK(kinds::require(kind));
    const auto chosen = choices_.defaults.find(std::string(kind));
    const Entry* best = nullptr;
    int best_rank = -1;
    std::string reasons;
    for (const auto& entry : entries_) {
        const auto* spec = entry.find_kind(kind);
        if (spec == nullptr) continue;
        if (const auto reason = why_not(entry); !reason.empty()) {
            reasons.append(" ").append(reason);
            continue;
        }
        if (chosen != choices_.defaults.end() && chosen->second == entry.name) return &entry;
        if (spec->rank > best_rank) {
            best = &entry;
            best_rank = spec->rank;
        }
    }
    if (best != nullptr) return best;
    return Error{ErrorCode::unavailable, "No model serves " + std::string(kind) + "." + reasons, ""};
}

std::vector<std::string> Catalog::serves(const Entry& entry) const {
    std::vector<std::string> names;
    for (const auto& kind : entry.kinds) {
        const auto chosen = resolve(kind.name);
        if (chosen && *chosen == &entry) names.push_back(kind.name);
    }
    return names;
}

std::vector<std::string> unknown_words(const Entry& entry, std::string_view prompt) {
    std::vector<std::string> unknown;
    if (!entry.vocabulary) return unknown;
    for (auto& [word, at, size] : words_of(prompt)) {
        if (!known_form(*entry.vocabulary, word).empty() || contains(unknown, word) ||
            is_word_of_ours(entry, word))
            continue;
        unknown.push_back(std::move(word));
        if (unknown.size() == unknown_words_max) break;
    }
    return unknown;
}

std::string unknown_words_hint(const Entry& entry, std::string_view prompt) {
    const auto unknown = unknown_words(entry, prompt);
    if (unknown.empty()) return "";
    std::string list;
    for (const auto& word : unknown) list.append(list.empty() ? "\"" : ", \"").append(word).append("\"");
    return list + (unknown.size() == 1 ? " is" : " are") + " not known to this model.";
}

bool matches_pattern(std::string_view name, std::string_view pattern) {
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t star = std::string_view::npos;
    std::size_t retry_at = 0;
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    while (at < name.size()) {
        if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
            star = in_pattern++;
            retry_at = at;
        } else if (in_pattern < pattern.size() && same(name[at], pattern[in_pattern])) {
            ++at;
            ++in_pattern;
        } else if (star != std::string_view::npos) {
            in_pattern = star + 1;
            at = ++retry_at;
        } else {
            return false;
        }
    }
    while (in_pattern < pattern.size() && pattern[in_pattern] == '*') ++in_pattern;
    return in_pattern == pattern.size();
}

}  // namespace ourvidz::catalog
