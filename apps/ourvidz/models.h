// `ourvidz models`: what is installed, whether it is intact, and putting new files into place.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "config/settings.h"

namespace ourvidz::cli {

[[nodiscard]] Result<catalog::Catalog> load_catalog(const config::Settings& settings);

[[nodiscard]] int models_list(const config::Settings& settings, bool as_json);

// Compares the hashes of the named models, or of all installed ones.
[[nodiscard]] int models_verify(const config::Settings& settings, const std::vector<std::string>& names);

struct AddOptions {
    std::filesystem::path file;
    std::string as;  // the catalogue name, where the contents alone do not tell
    bool quiet = false;
};
[[nodiscard]] int models_add(const config::Settings& settings, const AddOptions& options);

}  // namespace ourvidz::cli
