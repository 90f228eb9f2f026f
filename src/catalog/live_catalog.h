// The catalogue as it is now. Every command that changes models writes the file with the operator's choices
// anew (also when the choices stay), so that one look at that file says whether to read everything again.
// What was put into a folder, cut off or deleted by hand is noticed by a look at all of them every few
// seconds.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "catalog/catalog.h"

namespace ourvidz::catalog {

// Thread-safe.
class LiveCatalog {
  public:
    using Load = std::function<Result<Catalog>()>;

    // `load` reads it again when `watched` is another file than before. Where it fails, what was there stays,
    // so it is up to `load` to say so. Without a `load` nothing ever changes. `look_every`: at the folders.
    explicit LiveCatalog(Catalog first, std::filesystem::path watched = {}, Load load = nullptr,
                         std::chrono::milliseconds look_every = std::chrono::seconds(2));

    // Never null. What it points to stays as it is for as long as it is held. Costs one look at a file, and
    // now and then one at each model's.
    [[nodiscard]] std::shared_ptr<const Catalog> now() const;

  private:
    [[nodiscard]] bool places_changed() const;

    std::filesystem::path watched_;
    Load load_;
    std::chrono::milliseconds look_every_;
    mutable std::mutex mutex_;
    mutable std::shared_ptr<const Catalog> current_;
    mutable std::string mark_;
    mutable std::string places_mark_;
    mutable std::chrono::steady_clock::time_point looked_at_;
};

}  // namespace ourvidz::catalog
