#include "catalog/kinds.h"

namespace ourvidz::catalog {

std::string_view to_string(Medium medium) {
    switch (medium) {
        case Medium::image:
            return "image";
        case Medium::video:
            return "video";
        case Medium::chat:
            return "chat";
    }
    return "";
}

const KindInfo* find_kind(std::string_view name) {
    for (const auto& known : kinds) {
        if (known.name == name) return &known;
    }
    return nullptr;
}

std::optional<Medium> medium_of(std::string_view kind) {
    const auto* known = find_kind(kind);
    return known != nullptr ? std::optional(known->medium) : std::nullopt;
}

}  // namespace ourvidz::catalog
