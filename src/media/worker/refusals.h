// What is said to a person whose file is not taken. Every sentence that the decoding of files needs stands
// here.
#pragma once

#include <string_view>

#include "base/result.h"
#include "media/worker/file_type.h"

namespace ourvidz::media {

[[nodiscard]] Error empty_file();
[[nodiscard]] Error file_too_large();
[[nodiscard]] Error unsupported(FileType type);
[[nodiscard]] Error damaged(FileType type);
[[nodiscard]] Error too_many_pixels(long long width, long long height);
[[nodiscard]] Error unpacks_too_far(FileType type);
[[nodiscard]] Error profile_too_large(FileType type);
[[nodiscard]] Error too_many_scans();
[[nodiscard]] Error too_much_work();
[[nodiscard]] Error too_little_memory();

}  // namespace ourvidz::media
