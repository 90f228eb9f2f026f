// What a prompt says about movement: how the thing in a clip moves, and the camera. A clip from a picture
// model moves by these words, which such a model itself does not know.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ourvidz::prompts {

enum class Motion {
    sway,     // about its foot
    bounce,   // hops that squash it at the ground
    drift,    // floats to and fro
    pulse,    // grows and shrinks
    dance,    // tilts from one foot to the other
    spin,     // once around
    cross,    // leaves on one side and comes back from the other
    rise,     // leaves at the top and comes back from below
    breathe,  // hardly moves and never shows its border: for pictures that fill their frame
};
[[nodiscard]] std::string_view to_string(Motion motion);

// By what the prompt says that things do, else by what things usually do, else by the seed. Never `breathe`.
[[nodiscard]] Motion motion_for(std::string_view prompt, std::int64_t seed);

enum class Camera { push_in, pull_out, pan_left, pan_right };
[[nodiscard]] std::string_view to_string(Camera camera);
// "zoom in", "pull out", "pan left", ...; nothing where the prompt says nothing of it.
[[nodiscard]] std::optional<Camera> camera_for(std::string_view prompt);

// The prompt without the words by which it says these things.
[[nodiscard]] std::string without_motion_words(std::string_view prompt);

// The prompt without "zoom in", "pan left" and the like: a pan is a thing, too.
[[nodiscard]] std::string without_camera_words(std::string_view prompt);

}  // namespace ourvidz::prompts
