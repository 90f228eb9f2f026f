// `ourvidz models`: what is installed, whether it is intact, putting files into place and taking them away,
// and which model serves what.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/live_catalog.h"
#include "config/settings.h"

namespace ourvidz::cli {

// Where the catalogue is, with the operator's choices; the same for the server, a node and the command line.
[[nodiscard]] Result<catalog::Places> catalog_places(const config::Settings& settings);
[[nodiscard]] Result<catalog::Catalog> load_catalog(const config::Settings& settings);
// For a program that goes on: the same, saying in the log what came of it.
[[nodiscard]] catalog::LiveCatalog::Load reload_catalog(const config::Settings& settings);
// The file with the operator's choices.
[[nodiscard]] std::filesystem::path choices_file(const config::Settings& settings);

[[nodiscard]] int models_list(const config::Settings& settings, bool as_json);

// Compares the hashes of the named models, or of all installed ones.
[[nodiscard]] int models_verify(const config::Settings& settings, const std::vector<std::string>& names);

struct AddOptions {
    std::filesystem::path file;
    std::string as;  // the catalogue name, where the contents alone do not tell
    bool quiet = false;
};
[[nodiscard]] int models_add(const config::Settings& settings, const AddOptions& options);

struct PullOptions {
    std::string name;
    bool optional_too = false;
    bool anyway = false;  // also what does not fit into memory
    bool only_plan = false;
    bool quiet = false;
    int silence_ms = 30'000;
    int attempts_max = 5;
};
[[nodiscard]] int models_pull(const config::Settings& settings, const PullOptions& options);

struct RemoveOptions {
    std::string name;
    bool anyway = false;  // also the last model that serves a kind
};
[[nodiscard]] int models_remove(const config::Settings& settings, const RemoveOptions& options);

// Without a kind: shows which model serves each. Name "auto": by rank again.
[[nodiscard]] int models_default(const config::Settings& settings, const std::string& kind,
                                 const std::string& name);

// Without a name: shows the profiles. "auto": by the machine's memory again.
[[nodiscard]] int models_profile(const config::Settings& settings, const std::string& name);

// --- used by several of them ---

[[nodiscard]] std::string joined(const std::vector<std::string>& words);
// The kinds that an installed model serves, or why it serves none.
[[nodiscard]] std::string what_it_serves(const catalog::Catalog& catalog, const catalog::Entry& entry);
// All numbered parts of a model of which `file` is one; otherwise the file alone.
[[nodiscard]] std::vector<std::filesystem::path> parts_of(const std::filesystem::path& file);
// Whether the memory that is set aside carries the model, in words.
[[nodiscard]] std::string memory_text(const catalog::Entry& entry, int budget_mb);
// Has the server and the node of this data folder read the catalogue again, and says so where a server runs.
void tell_server(const config::Settings& settings);

}  // namespace ourvidz::cli
