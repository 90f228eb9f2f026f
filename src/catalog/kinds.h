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
};

constexpr std::array<KindInfo, 9> kinds{{
    {"sdxl_image_fast", Medium::image},
    {"sdxl_image_high", Medium::image},
    {"image_fast", Medium::image},
    {"image_high", Medium::image},
    {"video_fast", Medium::video},
    {"video_high", Medium::video},
    {"chat_enhance", Medium::chat},
    {"chat_conversation", Medium::chat},
    {"chat_unrestricted", Medium::chat},
}};

[[nodiscard]] std::optional<Medium> medium_of(std::string_view kind);

}  // namespace ourvidz::catalog
