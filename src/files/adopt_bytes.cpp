#include "files/adopt_bytes.h"

#include <fstream>

#include "base/id.h"

namespace ourvidz::files {

Result<StoredFile> adopt_bytes(FileStore& files, std::string_view bytes, const Clock& clock) {
    const auto path = files.incoming_folder() / new_id("inc", clock);
    {
        std::ofstream out(path, std::ios::binary);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out.flush()) {
            std::error_code ignored;
            std::filesystem::remove(path, ignored);
            return Error{ErrorCode::unavailable, "The disk is full, so this picture cannot be saved.", ""};
        }
    }
    return files.adopt(path);
}

}  // namespace ourvidz::files
