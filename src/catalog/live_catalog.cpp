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

// A folder differs when something was put into it or taken out, a file also when it was written to.
std::string mark_of_all(const std::vector<std::filesystem::path>& places) {
    std::string marks;
    for (const auto& place : places) {
        struct stat status {};
        const bool there = stat(place.c_str(), &status) == 0;
        marks += there ? mark_of(place) + " " + std::to_string(status.st_size) + "\n" : "-\n";
    }
    return marks;
}

}  // namespace

LiveCatalog::LiveCatalog(Catalog first, std::filesystem::path watched, Load load,
                         std::chrono::milliseconds look_every)
    : watched_(std::move(watched)),
      load_(std::move(load)),
      look_every_(look_every),
      current_(std::make_shared<const Catalog>(std::move(first))),
      mark_(mark_of(watched_)),
      places_mark_(mark_of_all(current_->places())),
      looked_at_(std::chrono::steady_clock::now()) {}

bool LiveCatalog::places_changed() const {
    const auto now = std::chrono::steady_clock::now();
    if (now - looked_at_ < look_every_) return false;
    looked_at_ = now;
    return mark_of_all(current_->places()) != places_mark_;
}

std::shared_ptr<const Catalog> LiveCatalog::now() const {
    const std::lock_guard lock(mutex_);
    if (!load_) return current_;
    auto mark = mark_of(watched_);
    const bool chosen = mark != mark_;
    if (!chosen && !places_changed()) return current_;
    // What is written while it is read is seen at the next look.
    mark_ = std::move(mark);
    places_mark_ = mark_of_all(current_->places());
    auto loaded = load_();
    if (!loaded) return current_;
    // Other places than before may have changed while they were read: they are read once more.
    if (loaded->places() != current_->places()) places_mark_.clear();
    current_ = std::make_shared<const Catalog>(std::move(*loaded));
    return current_;
}

}  // namespace ourvidz::catalog
