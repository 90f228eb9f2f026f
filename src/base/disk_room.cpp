#include "base/disk_room.h"

#include <string>

namespace ourvidz {

Result<void> require_room(const std::filesystem::path& folder, std::uint64_t bytes_min,
                          std::string_view kept_for) {
    std::error_code failure;
    const auto space = std::filesystem::space(folder, failure);
    if (failure || space.available >= bytes_min) return {};
    return Error{ErrorCode::unavailable,
                 "The disk is full: " + std::to_string(space.available >> 20U) +
                     " MiB are free, and the last " + std::to_string(bytes_min >> 20U) +
                     " MiB are kept for " + std::string(kept_for) +
                     ". Empty the trash or free some space, and try again.",
                 ""};
}

}  // namespace ourvidz
