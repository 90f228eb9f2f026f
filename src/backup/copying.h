// Files from one folder to another, durably.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ourvidz::backup {

// Copies the content and makes it durable; folders on the way are made, what is there is written over.
// Errors: not_found (no `from`), unavailable (disk full, unreadable).
[[nodiscard]] Result<void> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);
// The same, and answers the SHA-256 of what was written.
[[nodiscard]] Result<std::string> copy_and_hash(const std::filesystem::path& from,
                                                const std::filesystem::path& to);
// A hard link if the disk allows one, else a copy.
[[nodiscard]] Result<void> link_file(const std::filesystem::path& from, const std::filesystem::path& to);
// The SHA-256 of what is on the disk, past the system's cache where it lets us.
[[nodiscard]] Result<std::string> hash_from_disk(const std::filesystem::path& file);
[[nodiscard]] Result<void> write_durably(const std::filesystem::path& file, std::string_view text);
// Makes names durable that were made or moved in this folder.
[[nodiscard]] Result<void> sync_folder(const std::filesystem::path& folder);
// The same for it and every folder below.
[[nodiscard]] Result<void> sync_folders(const std::filesystem::path& folder);
// unavailable, with both numbers, if the disk of `folder` has less.
[[nodiscard]] Result<void> require_space(const std::filesystem::path& folder, std::uint64_t bytes);

}  // namespace ourvidz::backup
