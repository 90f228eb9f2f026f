#include "assets/media.h"

#include <algorithm>

namespace ourvidz::assets {

bool is_medium(std::string_view name) {
    return std::any_of(media_types.begin(), media_types.end(),
                       [&](const auto& type) { return type.medium == name; });
}

std::vector<std::string_view> variant_names() {
    std::vector<std::string_view> names;
    for (const auto& variant : variants) names.emplace_back(variant.name);
    return names;
}

std::vector<std::string_view> content_types_of(const Variant& variant, std::string_view medium) {
    if (!variant.content_type.empty()) return {variant.content_type};
    std::vector<std::string_view> types;
    for (const auto& type : media_types) {
        if (type.medium == medium) types.emplace_back(type.content_type);
    }
    return types;
}

bool begins_as(std::string_view content_type, std::string_view head) {
    using namespace std::string_view_literals;
    struct Signature {
        std::string_view content_type;
        std::string_view first;   // at the very beginning
        std::string_view second;  // at byte `at`
        std::size_t at;
    };
    constexpr std::array signatures{
        Signature{"image/png", "\x89PNG\r\n\x1a\n"sv, "IHDR", 12},  //
        Signature{"image/webp", "RIFF", "WEBP", 8},
        Signature{"video/mp4", "", "ftyp", 4},
        Signature{"audio/ogg", "OggS", "", 0},
        Signature{"audio/wav", "RIFF", "WAVE", 8},
    };
    return std::any_of(signatures.begin(), signatures.end(), [&](const Signature& one) {
        return one.content_type == content_type && head.starts_with(one.first) && head.size() >= one.at &&
               head.substr(one.at).starts_with(one.second);
    });
}

std::string_view extension_of(std::string_view content_type) {
    if (content_type == "image/webp") return ".webp";  // of the small pictures
    const auto type = std::find_if(media_types.begin(), media_types.end(),
                                   [&](const auto& one) { return one.content_type == content_type; });
    return type == media_types.end() ? "" : type->extension;
}

}  // namespace ourvidz::assets
