// The list of what a backup holds, as it stands in its folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "backup/backup.h"

namespace ourvidz::backup {

// Path below the folder, with "/" -> 64 lower-case hex digits. Neither absolute nor with "..".
using Contents = std::map<std::string, std::string>;

// Writes files.sha256 and then backup.json, each durably.
[[nodiscard]] Result<void> write_contents(const std::filesystem::path& folder, const Contents& contents,
                                          const Summary& summary);

struct Written {
    Summary summary;
    Contents contents;
};
// Errors: not_found (no complete backup), conflict (newer format, or damaged).
[[nodiscard]] Result<Written> read_contents(const std::filesystem::path& folder);

}  // namespace ourvidz::backup
