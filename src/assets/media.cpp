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

std::string_view extension_of(std::string_view content_type) {
    if (content_type == "image/webp") return ".webp";  // of the small pictures
    const auto type = std::find_if(media_types.begin(), media_types.end(),
                                   [&](const auto& one) { return one.content_type == content_type; });
    return type == media_types.end() ? "" : type->extension;
}

}  // namespace ourvidz::assets
