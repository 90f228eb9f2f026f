#include "prompts/motion.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

#include "base/text.h"

namespace ourvidz::prompts {
namespace {

constexpr std::size_t stems_max = 12;
using Stems = std::array<std::string_view, stems_max>;  // beginnings of words; empty ones do not count

struct Known {
    Motion motion;
    std::string_view name;
    Stems doing;   // what a prompt says that something does
    Stems things;  // what usually moves so
};
constexpr std::array motions{
    Known{Motion::bounce,
          "bounce",
          {"bounc", "jump", "hop", "leap", "skip", "play"},
          {"frog", "rabbit", "kangaroo", "ball", "basketball"}},
    Known{Motion::rise,
          "rise",
          {"rise", "rising", "launch", "takes off", "fly up", "flies up", "flying up"},
          {"rocket", "balloon"}},
    Known{
        Motion::cross,
        "cross",
        {"driv", "run", "walk", "fly", "flies", "swim", "ride", "riding", "sail", "cross", "pass", "travel"},
        {"car", "bus", "train", "truck", "taxi", "tractor", "bicycle", "fish", "boat", "snail", "airplane"}},
    Known{Motion::spin,
          "spin",
          {"spin", "turning", "turns", "rotat", "roll", "whirl", "twirl", "tumbl"},
          {"star", "wheel", "donut", "doughnut", "pizza", "cookie"}},
    Known{Motion::pulse,
          "pulse",
          {"puls", "grow", "breath", "beat", "glow", "shin", "shrink"},
          {"heart", "sun", "light bulb"}},
    Known{
        Motion::dance, "dance", {"danc", "wobbl", "shak", "nod", "laugh", "celebrat"}, {"robot", "penguin"}},
    Known{Motion::sway,
          "sway",
          {"sway", "swing", "waves", "waving", "in the wind"},
          {"tree", "sunflower", "cactus", "rose", "tulip", "palm", "flower", "bell"}},
    Known{Motion::drift,
          "drift",
          {"drift", "float", "hover", "glid", "dream"},
          {"butterfly", "ghost", "cloud", "bee", "jellyfish", "owl", "whale"}},
    Known{Motion::breathe, "breathe", {}, {}},
};
// What fits anything.
constexpr std::array by_seed{Motion::sway, Motion::bounce, Motion::drift, Motion::pulse, Motion::dance};

bool begins_word(std::string_view text, std::size_t at) {
    return at == 0 || std::isalpha(static_cast<unsigned char>(text[at - 1])) == 0;
}

// A word of the prompt that begins so.
bool mentions(std::string_view prompt, std::string_view stem) {
    for (auto at = prompt.find(stem); at != std::string_view::npos; at = prompt.find(stem, at + 1)) {
        if (begins_word(prompt, at)) return true;
    }
    return false;
}

// The word itself, or its plural.
bool names(std::string_view prompt, std::string_view thing) {
    for (auto at = prompt.find(thing); at != std::string_view::npos; at = prompt.find(thing, at + 1)) {
        auto after = prompt.substr(at + thing.size());
        if (after.starts_with('s')) after.remove_prefix(1);
        const bool ends = after.empty() || std::isalpha(static_cast<unsigned char>(after.front())) == 0;
        if (ends && begins_word(prompt, at)) return true;
    }
    return false;
}

bool any_of(const Stems& stems, std::string_view prompt, bool (*fits)(std::string_view, std::string_view)) {
    return std::any_of(stems.begin(), stems.end(),
                       [&](std::string_view stem) { return !stem.empty() && fits(prompt, stem); });
}

struct CameraWords {
    Camera camera;
    std::string_view name;
    std::array<std::string_view, 4> words;
};
constexpr std::array cameras{
    CameraWords{Camera::push_in, "push in", {"zoom in", "push in", "dolly in", "closer"}},
    CameraWords{Camera::pull_out, "pull out", {"zoom out", "pull out", "dolly out", "farther"}},
    CameraWords{Camera::pan_left, "pan left", {"pan left", "pans left", "panning left", ""}},
    CameraWords{Camera::pan_right, "pan right", {"pan right", "pans right", "panning right", "panning"}},
};
// What is said around these words.
constexpr std::array camera_fillers{"zoom", "camera", "dolly", "push", "pull", "pans"};

bool is_motion_word(std::string_view word) {
    const auto begins = [&](std::string_view stem) { return !stem.empty() && word.starts_with(stem); };
    for (const auto& known : motions) {
        if (std::any_of(known.doing.begin(), known.doing.end(), begins)) return true;
    }
    if (std::any_of(camera_fillers.begin(), camera_fillers.end(), begins)) return true;
    return std::any_of(cameras.begin(), cameras.end(), [&](const CameraWords& camera) {
        return std::find(camera.words.begin(), camera.words.end(), word) != camera.words.end();
    });
}

}  // namespace

std::string_view to_string(Motion motion) {
    return std::find_if(motions.begin(), motions.end(),
                        [&](const Known& known) { return known.motion == motion; })
        ->name;
}

Motion motion_for(std::string_view prompt, std::int64_t seed) {
    const auto text = in_lower_case(prompt);
    for (const auto& known : motions) {
        if (any_of(known.doing, text, mentions)) return known.motion;
    }
    for (const auto& known : motions) {
        if (any_of(known.things, text, names)) return known.motion;
    }
    return by_seed.at(static_cast<std::size_t>(seed % static_cast<std::int64_t>(by_seed.size())));
}

std::string_view to_string(Camera camera) {
    return std::find_if(cameras.begin(), cameras.end(),
                        [&](const CameraWords& known) { return known.camera == camera; })
        ->name;
}

std::optional<Camera> camera_for(std::string_view prompt) {
    const auto text = in_lower_case(prompt);
    for (const auto& camera : cameras) {
        for (const auto words : camera.words) {
            if (!words.empty() && mentions(text, words)) return camera.camera;
        }
    }
    return std::nullopt;
}

std::string without_camera_words(std::string_view prompt) {
    std::string kept(prompt);
    const auto text = in_lower_case(prompt);
    for (const auto& camera : cameras) {
        for (const auto words : camera.words) {
            if (words.empty()) continue;
            for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
                if (begins_word(text, at)) kept.replace(at, words.size(), words.size(), ' ');
            }
        }
    }
    return kept;
}

std::string without_motion_words(std::string_view prompt) {
    std::string kept;
    std::string word;
    for (std::size_t i = 0; i <= prompt.size(); ++i) {
        const bool letter = i < prompt.size() && std::isalpha(static_cast<unsigned char>(prompt[i])) != 0;
        if (letter) {
            word += prompt[i];
            continue;
        }
        if (!is_motion_word(in_lower_case(word))) kept += word;
        word.clear();
        if (i < prompt.size()) kept += prompt[i];
    }
    return kept;
}

}  // namespace ourvidz::prompts
