// The catalogue as it is now. Every command that changes models writes the file with the operator's choices
// anew (also when the choices stay), so that one look at that file says whether to read everything again.
#pragma once

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
    // so it is up to `load` to say so. Without a `load` nothing ever changes.
    explicit LiveCatalog(Catalog first, std::filesystem::path watched = {}, Load load = nullptr);

    // Never null. What it points to stays as it is for as long as it is held. Costs one look at a file.
    [[nodiscard]] std::shared_ptr<const Catalog> now() const;

  private:
    std::filesystem::path watched_;
    Load load_;
    mutable std::mutex mutex_;
    mutable std::shared_ptr<const Catalog> current_;
    mutable std::string mark_;
};

}  // namespace ourvidz::catalog
