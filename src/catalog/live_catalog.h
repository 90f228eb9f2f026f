// The catalogue as it is now. One look (stat) at the operator's choices, at the folders of models and at the
// files in them says whether to read anything again. Every command that changes models writes the choices
// anew (also when they stay), so that a change by command is seen at once.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "catalog/catalog.h"

namespace ourvidz::catalog {

// Thread-safe.
class LiveCatalog {
  public:
    using Load = std::function<Result<Catalog>()>;

    // `load` reads it again when `choices`, a model folder or a model file is another than before. Where it
    // fails, what was there stays, so it is up to `load` to say so. Without a `load` nothing ever changes.
    // `patience`: so long after a reading, files that are still being written to count as they were.
    explicit LiveCatalog(Catalog first, std::filesystem::path choices = {}, Load load = nullptr,
                         std::chrono::milliseconds patience = std::chrono::seconds(2));

    // Never null. What it points to stays as it is for as long as it is held. A file that is made, moved or
    // deleted is seen at once; one that is written to, within the patience, so that a copy that takes minutes
    // does not read the catalogue for every request.
    [[nodiscard]] std::shared_ptr<const Catalog> now() const;

  private:
    [[nodiscard]] bool has_changed() const;

    Load load_;
    std::chrono::milliseconds patience_;
    mutable std::mutex mutex_;
    mutable std::shared_ptr<const Catalog> current_;
    mutable std::chrono::steady_clock::time_point read_at_;
    mutable Source choices_;              // as they were when `current_` was read
    mutable std::vector<Source> models_;  // the same
};

}  // namespace ourvidz::catalog
