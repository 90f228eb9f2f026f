// Tells what a file is by its first bytes; names and declared types are never believed.
#pragma once

#include <string>
#include <string_view>

namespace ourvidz::media {

enum class FileType { png, jpeg, webp, gif, tiff, bmp, heif, video, svg, pdf, html, zip, text, unknown };

[[nodiscard]] FileType file_type_of(std::string_view bytes);

// How to name it in a sentence: "a PNG picture", "a PDF document".
[[nodiscard]] std::string_view describe(FileType type);

}  // namespace ourvidz::media
