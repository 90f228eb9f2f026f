#include "kinds/kinds.h"

#include <algorithm>

namespace ourvidz::kinds {

std::optional<Medium> medium_named(std::string_view name) {
    for (const auto medium : mediums) {
        if (to_string(medium) == name) return medium;
    }
    return std::nullopt;
}

Medium medium_of(Work work) {
    switch (work) {
        case Work::picture:
        case Work::enlarge:
            return Medium::image;
        case Work::clip:
            return Medium::video;
        case Work::enhance:
        case Work::scene:
        case Work::scenes:
        case Work::talk:
            break;
    }
    return Medium::chat;
}

const Kind* find(std::string_view name) {
    const auto* found =
        std::find_if(all.begin(), all.end(), [name](const Kind& one) { return one.name == name; });
    return found == all.end() ? nullptr : found;
}

Result<const Kind*> require(std::string_view name) {
    if (const auto* found = find(name)) return found;
    return invalid_field("kind", "must be one of: " + names_of(~Works{0}));
}

std::string names_of(Works works) {
    std::string names;
    for (const auto& kind : all) {
        if (among(works, kind.work)) names.append(names.empty() ? "" : ", ").append(kind.name);
    }
    return names;
}

}  // namespace ourvidz::kinds
