// The files in the model folders, and which of them a manifest's file spec means.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/file_mark.h"
#include "base/result.h"
#include "catalog/manifest.h"

namespace ourvidz::catalog {

// A folder or file that was looked at, as it was then.
struct Source {
    std::filesystem::path path;
    FileMark mark;
    bool may_grow = false;  // a file, which somebody may be writing to
};

// What model files hold, kept for as long as they stay as they are, so that reading a catalogue again costs
// little. Thread-safe.
class Inspections {
  public:
    // As inspect_file() says it: "sdxl/checkpoint".
    [[nodiscard]] Result<std::string> content_of(const std::filesystem::path& path);

  private:
    struct Known {
        FileMark mark;
        Result<std::string> content;
    };
    std::mutex mutex_;
    std::map<std::filesystem::path, Known> known_;
};

class ModelFolders {
  public:
    // Links are followed, folders within themselves are not. What is beyond the limits or may not be
    // read is in notes().
    ModelFolders(const std::vector<std::filesystem::path>& folders, std::shared_ptr<Inspections> inspections);

    struct Match {
        std::optional<std::filesystem::path> file;
        std::string why_not;  // when there is none
    };
    // `claimed`: files that other entries' names fit, for specs that want unclaimed ones.
    [[nodiscard]] Match find(const FileSpec& spec, const std::vector<FileSpec>& claimed);
    // The files in the folders' subfolder "loras", by name; of several with one name and family the first.
    [[nodiscard]] std::vector<Lora> loras();
    [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }  // sentences

  private:
    struct File {
        std::filesystem::path path;
        std::string relative;  // to its model folder, with '/'
        std::uint64_t bytes = 0;
    };
    class Walk;
    [[nodiscard]] static bool fits(const File& file, const std::string& pattern);
    [[nodiscard]] static bool is_claimed(const File& file, const std::vector<FileSpec>& claimed);
    [[nodiscard]] std::string fault_of(const File& file, const FileSpec& spec);
    [[nodiscard]] std::string missing_parts(const File& file) const;
    [[nodiscard]] Lora lora_in(const File& file);

    std::vector<File> files_;
    std::vector<Source> sources_;
    std::vector<std::string> notes_;
    std::shared_ptr<Inspections> inspections_;
};

}  // namespace ourvidz::catalog
