// A picture file without all that decoding its first picture does not need: texts, dates and places, further
// pictures, and whatever follows its end. The decoders of others then see nothing that takes them longer than
// the picture does, and what the file claims about itself is known before a pixel of it is decoded.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "media/worker/file_type.h"

namespace ourvidz::media {

constexpr std::size_t profile_bytes_max = 4U << 20U;  // of a colour profile, unpacked

struct Essence {
    std::string bytes;  // a file of the same type
    int width = 0;      // of the first picture as the file says, before it is turned upright
    int height = 0;
    int orientation = 1;    // EXIF, 1..8
    bool animated = false;  // more pictures were there
};

// `type` is png, jpeg or webp. Time is linear in the file's bytes and, for PNG, in what a picture of its size
// unpacks to. Errors: too_large (pixels, sides), invalid_field "file" (damaged, unpacks too far, a profile
// that is too large, too many scans).
[[nodiscard]] Result<Essence> essence_of(std::string_view file, FileType type);

}  // namespace ourvidz::media
