#include "catalog/live_catalog.h"

#include <algorithm>
#include <utility>

namespace ourvidz::catalog {
namespace {

// What is in a folder that was fresh when it was read may have changed at the very time that its mark tells,
// so it counts as changed once more when it is fresh no longer. The same holds for a file.
bool is_another(const Source& seen, const FileMark& mark, bool patient) {
    if (seen.mark.exists != mark.exists) return true;
    if (patient && seen.may_grow && mark.fresh) return false;
    return !seen.mark.same_as(mark) || (seen.mark.fresh && !mark.fresh);
}

}  // namespace

LiveCatalog::LiveCatalog(Catalog first, std::filesystem::path choices, Load load,
                         std::chrono::milliseconds patience)
    : load_(std::move(load)),
      patience_(patience),
      current_(std::make_shared<const Catalog>(std::move(first))),
      read_at_(std::chrono::steady_clock::now()),
      sources_{{choices, mark_of(choices)}} {
    sources_.insert(sources_.end(), current_->sources().begin(), current_->sources().end());
}

bool LiveCatalog::has_changed() const {
    const bool patient = std::chrono::steady_clock::now() - read_at_ < patience_;
    return std::any_of(sources_.begin(), sources_.end(),
                       [patient](const Source& one) { return is_another(one, mark_of(one.path), patient); });
}

std::shared_ptr<const Catalog> LiveCatalog::now() const {
    const std::lock_guard lock(mutex_);
    if (!load_ || !has_changed()) return current_;
    // Marks are taken before the reading, so what is written while it is read is seen at the next look, and
    // what cannot be read is not tried again and again.
    for (auto& one : sources_) one.mark = mark_of(one.path);
    read_at_ = std::chrono::steady_clock::now();
    if (auto loaded = load_()) {
        current_ = std::make_shared<const Catalog>(std::move(*loaded));
        sources_.resize(1);
        sources_.insert(sources_.end(), current_->sources().begin(), current_->sources().end());
    }
    return current_;
}

}  // namespace ourvidz::catalog
