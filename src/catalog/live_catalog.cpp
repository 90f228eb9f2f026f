#include "catalog/live_catalog.h"

#include <sys/stat.h>

#include <utility>

namespace ourvidz::catalog {
namespace {

// Differs for every file that write_choices() has put into place.
std::string mark_of(const std::filesystem::path& file) {
    struct stat status {};
    if (file.empty() || stat(file.c_str(), &status) != 0) return "";
    return std::to_string(status.st_ino) + " " + std::to_string(status.st_mtim.tv_sec) + " " +
           std::to_string(status.st_mtim.tv_nsec);
}

}  // namespace

LiveCatalog::LiveCatalog(Catalog first, std::filesystem::path watched, Load load)
    : watched_(std::move(watched)),
      load_(std::move(load)),
      current_(std::make_shared<const Catalog>(std::move(first))),
      mark_(mark_of(watched_)) {}

std::shared_ptr<const Catalog> LiveCatalog::now() const {
    const std::lock_guard lock(mutex_);
    if (!load_) return current_;
    auto mark = mark_of(watched_);
    if (mark == mark_) return current_;
    // What is written while it is read is seen at the next look.
    mark_ = std::move(mark);
    if (auto loaded = load_()) current_ = std::make_shared<const Catalog>(std::move(*loaded));
    return current_;
}

}  // namespace ourvidz::catalog
