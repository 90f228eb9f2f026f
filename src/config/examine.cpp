#include "config/examine.h"

#include <unistd.h>

#include <filesystem>

namespace ourvidz::config {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

// The closest one on the way up that exists.
fs::path existing(fs::path path) {
    std::error_code ignored;
    while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
    return path;
}

}  // namespace

std::vector<std::string> examine(const Settings& settings) {
    std::vector<std::string> faults;
    const auto fault = [&](const std::string& name, const fs::path& path, const std::string& what) {
        faults.push_back(name + ": " + path.string() + " " + what);
    };
    const auto need_folder = [&](const std::string& name, const fs::path& path) {
        if (!is_folder(path)) fault(name, path, "is not a folder that can be read");
    };
    need_folder("catalog_folder", settings.catalog_folder);
    need_folder("migrations_folder", settings.migrations_folder);
    for (const auto& path : settings.model_folders) need_folder("model_folders", path);
    const auto parent = existing(settings.data_dir);
    if (!is_folder(parent) || access(parent.c_str(), W_OK | X_OK) != 0)
        fault("data_dir", settings.data_dir, "cannot be written by this user");
    std::error_code ignored;
    if (!settings.upscaler.empty() && !fs::is_regular_file(settings.upscaler, ignored))
        fault("upscaler", settings.upscaler, "is not there; say none to do without it");
    if (!settings.start_node) return faults;
    for (const auto* worker : {"diffusion_worker", "chat_worker", "media_worker"}) {
        const auto path = worker_path(settings, worker);
        if (access(path.c_str(), X_OK) != 0) fault("worker_folder", path, "is not a program that can be run");
    }
    return faults;
}

}  // namespace ourvidz::config
