#include "config/places.h"

namespace ourvidz::config {
namespace {

namespace fs = std::filesystem;

constexpr int levels_max = 6;

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

}  // namespace

fs::path xdg_folder(const Environment& environment, const std::string& variable,
                    const std::string& fallback) {
    const auto folder = environment(variable);
    // The specification wants relative values ignored.
    if (folder && fs::path(*folder).is_absolute()) return fs::path(*folder) / "ourvidz";
    return fs::path(environment("HOME").value_or("/")) / fallback / "ourvidz";
}

fs::path shipped_folder(const fs::path& executable, const fs::path& in_share, const fs::path& in_source) {
    const fs::path folder = executable.parent_path();
    const fs::path installed = folder.parent_path() / "share" / "ourvidz" / in_share;
    if (is_there(installed)) return installed;
    fs::path level = folder;
    for (int i = 0; i < levels_max && level.has_relative_path(); ++i, level = level.parent_path()) {
        // The contract marks the root of the source tree.
        if (is_there(level / "api" / "openapi.yaml")) return level / in_source;
    }
    return installed;
}

fs::path find_upscaler(const std::vector<fs::path>& places) {
    for (const auto& place : places) {
        std::error_code failure;
        for (auto walk = fs::directory_iterator(place, failure); !failure && walk != fs::directory_iterator();
             walk.increment(failure)) {
            const auto file = walk->path() / "srvgg-x4.onnx";
            std::error_code ignored;
            if (walk->path().filename().string().starts_with("upscaler") &&
                fs::is_regular_file(file, ignored))
                return file;
        }
    }
    return {};
}

}  // namespace ourvidz::config
