// The kinds of jobs: the one list of them. What is not in it is no kind, and an error wherever it turns up.
// Which model serves a kind, the catalogue says.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace ourvidz::kinds {

// What comes of a job; also the kind of worker and of place on a node that make it, and the name of the line
// of the queue that waits for one.
enum class Medium { image, video, chat };
constexpr std::array mediums{Medium::image, Medium::video, Medium::chat};
[[nodiscard]] constexpr std::string_view to_string(Medium medium) {
    constexpr std::array<std::string_view, mediums.size()> names{"image", "video", "chat"};
    return names.at(static_cast<std::size_t>(medium));
}
// Nullopt for what is none.
[[nodiscard]] std::optional<Medium> medium_named(std::string_view name);

// What is to be done, and with it what it takes (kinds/settings.h). Kinds of the same work differ in the
// model that does it.
enum class Work {
    picture,
    clip,
    enhance,  // a prompt with more in it
    scene,    // what a conversation is at, as a prompt
    scenes,   // a story as prompts
    talk,     // an answer
    enlarge,  // a picture that is there, with more pixels
};
[[nodiscard]] Medium medium_of(Work work);

// Several of them.
using Works = std::uint32_t;
[[nodiscard]] constexpr Works any_of(std::initializer_list<Work> works) {
    Works all = 0;
    for (const auto work : works) all |= 1U << static_cast<unsigned>(work);
    return all;
}
constexpr Works drawing = any_of({Work::picture, Work::clip});
constexpr Works helping = any_of({Work::enhance, Work::scene, Work::scenes});  // with prompts, in words
constexpr Works listening = any_of({Work::scene, Work::talk});                 // take messages, not a prompt
constexpr Works on_server = any_of({Work::enlarge});  // need no node and no model of the catalogue
[[nodiscard]] constexpr bool among(Works works, Work work) {
    return (works & any_of({work})) != 0;
}

// The line of those, and what is named as their model: the network that enlarges.
constexpr std::string_view server_line = "server";
constexpr std::string_view server_model = "srvgg-x4";

// An enlarged picture is so many times as wide and as high, and has no more pixels than this, as the media
// worker has it.
constexpr std::int64_t enlarge_factor = 4;
constexpr std::int64_t enlarged_side_max = 8'192;
constexpr std::int64_t enlarged_pixels_max = 40'000'000;

struct Kind {
    std::string_view name;
    Work work;
    int credits;  // for one output; talking is free of charge
    std::string_view about;

    [[nodiscard]] Medium medium() const { return medium_of(work); }
};

constexpr std::array<Kind, 12> all{{
    {"sdxl_image_fast", Work::picture, 1, "Picture, fast: in few steps"},
    {"sdxl_image_high", Work::picture, 1, "Picture, high: more steps, finer detail"},
    {"image_fast", Work::picture, 1, "Still, fast: one frame of the clip model"},
    {"image_high", Work::picture, 1, "Still, high: one frame of the clip model, with more care"},
    {"video_fast", Work::clip, 1, "Clip, fast: a short moving picture"},
    {"video_high", Work::clip, 1, "Clip, high: a short moving picture, with more care"},
    {"image_enlarge", Work::enlarge, 1, "Enlarging: a picture four times as wide and as high"},
    {"chat_enhance", Work::enhance, 0, "Prompt help: a richer prompt"},
    {"chat_scene", Work::scene, 0, "Scene: a prompt of what a conversation is at"},
    {"chat_scenes", Work::scenes, 0, "Scenes: the prompts of a story"},
    {"chat_conversation", Work::talk, 0, "Conversation: an answer"},
    {"chat_unrestricted", Work::talk, 0, "Open conversation: for verified adults"},
}};

// Null for what is no kind.
[[nodiscard]] const Kind* find(std::string_view name);
// Errors: invalid_field "kind", which says what there is.
[[nodiscard]] Result<const Kind*> require(std::string_view name);
// The names of those that do one of these, such as "sdxl_image_fast, image_fast".
[[nodiscard]] std::string names_of(Works works);

}  // namespace ourvidz::kinds
