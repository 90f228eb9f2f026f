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

std::optional<Medium> medium_of(std::string_view kind) {
    for (const auto& known : kinds) {
        if (known.name == kind) return known.medium;
    }
    return std::nullopt;
}

}  // namespace ourvidz::catalog
