// The file port: finished files under keys that never change. The embedded adapter is a folder (folder.cpp).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ourvidz::files {

struct StoredFile {
    std::string key;  // chosen by the store; opaque
    std::uint64_t bytes = 0;
    std::string sha256;  // 64 lower-case hex digits
};

class FileStore {
  public:
    virtual ~FileStore() = default;

    // Takes over the file at `source` (it is gone afterwards) and makes it durable: on success it survives a
    // power cut. Nothing under a key is ever half-written. Errors: unavailable (disk full or unwritable; says
    // how much was needed and how much is free).
    [[nodiscard]] virtual Result<StoredFile> adopt(const std::filesystem::path& source) = 0;
    // Where a ranged read can come from; the embedded store answers a path. Errors: not_found.
    [[nodiscard]] virtual Result<std::filesystem::path> local_path(std::string_view key) const = 0;
    // Removing what is not there is fine.
    [[nodiscard]] virtual Result<void> remove(std::string_view key) = 0;
    // Keys of files last changed before `older_than_ms` (Unix time), for the sweep that removes orphans.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(std::int64_t older_than_ms) const = 0;
    // A folder on the same file system for files on their way in; emptied when the store is opened.
    [[nodiscard]] virtual std::filesystem::path incoming_folder() const = 0;
    [[nodiscard]] virtual std::uint64_t bytes_free() const = 0;
};

[[nodiscard]] Result<std::unique_ptr<FileStore>> open_folder(const std::filesystem::path& root);

}  // namespace ourvidz::files
