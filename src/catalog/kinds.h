// The closed list of job kinds. The catalogue says which model serves each of them.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace ourvidz::catalog {

enum class Medium { image, video, chat };
[[nodiscard]] std::string_view to_string(Medium medium);

struct KindInfo {
    std::string_view name;
    Medium medium;
    int credits;  // for one output; talking is free of charge
};

constexpr std::array<KindInfo, 9> kinds{{
    {"sdxl_image_fast", Medium::image, 1},
    {"sdxl_image_high", Medium::image, 1},
    {"image_fast", Medium::image, 1},
    {"image_high", Medium::image, 1},
    {"video_fast", Medium::video, 1},
    {"video_high", Medium::video, 1},
    {"chat_enhance", Medium::chat, 0},
    {"chat_conversation", Medium::chat, 0},
    {"chat_unrestricted", Medium::chat, 0},
}};

// Null for what is no kind.
[[nodiscard]] const KindInfo* find_kind(std::string_view name);
[[nodiscard]] std::optional<Medium> medium_of(std::string_view kind);

}  // namespace ourvidz::catalog
