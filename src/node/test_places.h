// For tests: where the workers and the default models are.
#pragma once

#include <cstdlib>
#include <filesystem>

#include "catalog/catalog.h"
#include "http/test_support.h"

namespace ourvidz::node::testing {

using http::testing::TemporaryFolder;

inline std::filesystem::path executables() {
    return std::filesystem::path(OURVIDZ_BINARY_DIR) / "bin";
}

inline std::filesystem::path models_cache() {
    if (const char* set = std::getenv("OURVIDZ_MODELS_CACHE")) return set;
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home ? home : "/") / ".cache/ourvidz/models";
}

inline catalog::Places catalog_places() {
    const std::filesystem::path source(OURVIDZ_SOURCE_DIR);
    return {source / "models/catalog", {source / "models", models_cache()}, 0};
}

// The upscaler's weights where they have been fetched, else an empty path.
inline std::filesystem::path upscaler() {
    std::error_code error;
    for (const auto& folder : std::filesystem::directory_iterator(models_cache(), error)) {
        if (std::filesystem::exists(folder.path() / "srvgg-x4.onnx")) return folder.path() / "srvgg-x4.onnx";
    }
    return {};
}

}  // namespace ourvidz::node::testing
