// Folders for files on their way in: one for each process, so that none empties another's. A process that was
// killed leaves its folder behind, and the next one that is opened beside it removes it.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "files/measure.h"

namespace ourvidz::files {

// The folder goes with this object.
class Incoming {
  public:
    // A new folder below `root`, which is made if it is not there. Errors: unavailable with the reason.
    [[nodiscard]] static Result<std::unique_ptr<Incoming>> open(const std::filesystem::path& root);
    ~Incoming();
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  private:
    Incoming(std::filesystem::path folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
    std::filesystem::path folder_;
    Descriptor lock_;  // held for as long as the folder is somebody's
};

}  // namespace ourvidz::files
