#include "files/adopt_bytes.h"

#include <fstream>

#include "base/id.h"

namespace ourvidz::files {

Result<StoredFile> adopt_bytes(FileStore& files, std::string_view bytes, const Clock& clock) {
    const auto path = files.incoming_folder() / new_id("inc", clock);
    const auto remove = [&path] {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    };
    {
        std::ofstream out(path, std::ios::binary);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out.flush()) {
            remove();
            return Error{ErrorCode::unavailable, "The disk is full, so this picture cannot be saved.", ""};
        }
    }
    auto stored = files.adopt(path);
    if (!stored.ok()) remove();
    return stored;
}

}  // namespace ourvidz::files
