// Bytes in memory that are to be a file.
#pragma once

#include <string_view>

#include "files/file_store.h"

namespace ourvidz::files {

// By way of the store's incoming folder. Errors: those of FileStore::adopt().
[[nodiscard]] Result<StoredFile> adopt_bytes(FileStore& files, std::string_view bytes, const Clock& clock);

}  // namespace ourvidz::files
