// The media that an asset can be, and the files that it is kept in. A new medium is a row here, in
// api/openapi.yaml and in the web app's table of media (CONTRIBUTING.md has the whole list).
#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace ourvidz::assets {

// A type that the original of a medium may have. Where there are several, the first is what we make
// ourselves.
struct MediaType {
    std::string_view medium;        // Asset::medium
    std::string_view content_type;  // of its original
    std::string_view extension;     // of the file under which it is downloaded
};
inline constexpr std::array media_types{
    MediaType{"image", "image/png", ".png"},
    MediaType{"video", "video/mp4", ".mp4"},
    MediaType{"audio", "audio/ogg", ".ogg"},
    MediaType{"audio", "audio/wav", ".wav"},
};

// The files of an asset: the original, and small pictures of it that pages show in its place.
struct Variant {
    std::string_view name;
    std::string_view content_type;  // empty: one of its medium
};
inline constexpr std::array variants{
    Variant{"original", ""},
    Variant{"thumbnail", "image/webp"},
    Variant{"poster", "image/webp"},
    Variant{"hover", "image/webp"},
};

[[nodiscard]] bool is_medium(std::string_view name);
[[nodiscard]] std::vector<std::string_view> variant_names();
// Whether a file whose first bytes these are can be of the type: by its signature, without decoding anything.
// 16 bytes are enough. False for types that no asset has.
[[nodiscard]] bool begins_as(std::string_view content_type, std::string_view head);
// Which types a file of this variant may have.
[[nodiscard]] std::vector<std::string_view> content_types_of(const Variant& variant, std::string_view medium);
// ".png"; empty for what is not a type of any asset.
[[nodiscard]] std::string_view extension_of(std::string_view content_type);

}  // namespace ourvidz::assets
