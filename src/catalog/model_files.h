// The files in the model folders, and which of them a manifest's file spec means.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/manifest.h"

namespace ourvidz::catalog {

class ModelFolders {
  public:
    explicit ModelFolders(const std::vector<std::filesystem::path>& folders);

    struct Match {
        std::optional<std::filesystem::path> file;
        std::string why_not;  // when there is none
    };
    // `claimed`: files that other entries' names fit, for specs that want unclaimed ones.
    [[nodiscard]] Match find(const FileSpec& spec, const std::vector<FileSpec>& claimed);
    // The LoRAs in the folders' subfolder "loras", by name; of several with one name the first.
    [[nodiscard]] std::vector<Lora> loras();
    // Every folder that was looked into and every file that was found: what differs when models have changed.
    [[nodiscard]] std::vector<std::filesystem::path> places() const;

  private:
    struct File {
        std::filesystem::path path;
        std::string relative;  // to its model folder, with '/'
        std::uint64_t bytes = 0;
    };
    [[nodiscard]] static bool fits(const File& file, const std::string& pattern);
    [[nodiscard]] const Result<std::string>& content_of(const File& file);
    [[nodiscard]] std::string fault_of(const File& file, const FileSpec& spec);
    [[nodiscard]] std::string missing_parts(const File& file) const;

    std::vector<File> files_;
    std::vector<std::filesystem::path> folders_;
    std::map<std::filesystem::path, Result<std::string>> contents_;  // inspected once
};

}  // namespace ourvidz::catalog
