#include "catalog/lines.h"

#include <algorithm>

namespace ourvidz::catalog {

std::string_view line_of(const Entry& entry, std::string_view kind) {
    if (entry.engine == "llama") return "chat";
    // A video model that makes a single picture still needs a video model's memory.
    const bool video_model = std::any_of(entry.kinds.begin(), entry.kinds.end(), [](const KindSpec& spec) {
        return spec.clip && spec.clip->method == "native";
    });
    return video_model || medium_of(kind) == Medium::video ? "video" : "image";
}

std::string_view line_of(std::string_view kind) {
    return to_string(medium_of(kind).value_or(Medium::image));
}

}  // namespace ourvidz::catalog
