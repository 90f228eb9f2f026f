// The second lock of the media worker, after everything that it needs has been loaded.
#pragma once

#include "base/result.h"

namespace ourvidz::media {

// From now on no thread of this process opens, makes, renames or removes a file, or signals another process:
// whoever takes a decoder over can still only answer through the socket, with what is already in memory.
// Error internal: the kernel refuses; do not go on.
[[nodiscard]] Result<void> forbid_files();

// At most `bytes` of address space, so that a picture which unpacks without end fails alone.
[[nodiscard]] Result<void> limit_memory(unsigned long long bytes);

}  // namespace ourvidz::media
