// The catalogue as it is now. What it is made of is one list of places: the file of the operator's choices,
// the folders of models and the files in them. One look (stat) at each says whether to read anything again.
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
    mutable std::vector<Source> sources_;  // as they were when `current_` was read; first the choices
};

}  // namespace ourvidz::catalog
