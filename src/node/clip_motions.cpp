#include "node/clip_motions.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>

namespace ourvidz::node {
namespace {

constexpr double circle = 2 * std::numbers::pi;
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

std::string small_letters(std::string_view text) {
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return small;
}

// A word of the prompt that begins so.
bool mentions(std::string_view prompt, std::string_view stem) {
    for (auto at = prompt.find(stem); at != std::string_view::npos; at = prompt.find(stem, at + 1)) {
        if (at == 0 || std::isalpha(static_cast<unsigned char>(prompt[at - 1])) == 0) return true;
    }
    return false;
}

// The word itself, or its plural.
bool names(std::string_view prompt, std::string_view thing) {
    for (auto at = prompt.find(thing); at != std::string_view::npos; at = prompt.find(thing, at + 1)) {
        auto after = prompt.substr(at + thing.size());
        if (after.starts_with('s')) after.remove_prefix(1);
        const bool ends = after.empty() || std::isalpha(static_cast<unsigned char>(after.front())) == 0;
        if (ends && (at == 0 || std::isalpha(static_cast<unsigned char>(prompt[at - 1])) == 0)) return true;
    }
    return false;
}

bool any_of(const Stems& stems, std::string_view prompt, bool (*fits)(std::string_view, std::string_view)) {
    return std::any_of(stems.begin(), stems.end(),
                       [&](std::string_view stem) { return !stem.empty() && fits(prompt, stem); });
}

// Turned about its foot, which stays where it is.
media::Pose about_foot(double turn, double scale) {
    const double foot = thing_reach * scale;
    return {foot * std::sin(turn), foot * (1 - std::cos(turn)), turn, scale, 1};
}

// On the ground, squashed, and up again, three times.
media::Pose bounce_at(double t, double direction) {
    constexpr double scale = 0.7;
    constexpr double ground = 0.15;
    constexpr double height = 0.26;
    constexpr double on_ground = 0.24;  // of a hop's time
    const double hop = std::fmod(t * 3, 1.0);
    media::Pose pose{0.03 * std::sin(circle * t) * direction, ground, 0.05 * std::sin(circle * t), scale, 1};
    if (hop < on_ground) {
        pose.stretch = 1 - 0.12 * std::sin(std::numbers::pi * hop / on_ground);
    } else {
        const double flight = (hop - on_ground) / (1 - on_ground);
        pose.shift_y = ground - height * 4 * flight * (1 - flight);
        const double wave = std::sin(circle * flight);
        pose.stretch = 1 + 0.05 * wave * wave;
    }
    // Its foot is what touches the ground.
    pose.shift_y += thing_reach * scale * (1 - pose.stretch);
    return pose;
}

// Out of the picture and in again from the other side; -0.5..0.5 of the way, 0 in the middle.
double way_at(double t) {
    return t < 0.5 ? t : t - 1;
}

media::Pose dance_at(double t, double direction) {
    const double beat = std::sin(circle * 2 * t) * direction;
    media::Pose pose = about_foot(0.16 * beat, 0.78);
    pose.shift_x += 0.03 * beat;
    pose.shift_y += 0.02 - 0.05 * beat * beat;
    pose.stretch = 1 + 0.04 * (beat * beat - 0.5);
    return pose;
}

struct CameraWords {
    std::string_view name;
    std::array<std::string_view, 4> words;
    media::CameraMove move;
};
constexpr std::array cameras{
    CameraWords{"push in", {"zoom in", "push in", "dolly in", "closer"}, {1, 1.4, 0, 0, false}},
    CameraWords{"pull out", {"zoom out", "pull out", "dolly out", "farther"}, {1.4, 1, 0, 0, false}},
    CameraWords{"pan left", {"pan left", "pans left", "panning left", ""}, {1.3, 1.3, -0.8, 0, false}},
    CameraWords{
        "pan right", {"pan right", "pans right", "panning right", "panning"}, {1.3, 1.3, 0.8, 0, false}},
};

}  // namespace

std::string_view to_string(Motion motion) {
    return std::find_if(motions.begin(), motions.end(),
                        [&](const Known& known) { return known.motion == motion; })
        ->name;
}

Motion motion_for(std::string_view prompt, std::int64_t seed) {
    const auto text = small_letters(prompt);
    for (const auto& known : motions) {
        if (any_of(known.doing, text, mentions)) return known.motion;
    }
    for (const auto& known : motions) {
        if (any_of(known.things, text, names)) return known.motion;
    }
    return by_seed.at(static_cast<std::size_t>(seed % static_cast<std::int64_t>(by_seed.size())));
}

media::Pose pose_at(Motion motion, double t, double direction) {
    const double round = std::sin(circle * t) * direction;
    const double twice = std::sin(circle * 2 * t) * direction;
    switch (motion) {
        case Motion::sway:
            return about_foot(0.15 * twice, 0.84);
        case Motion::bounce:
            return bounce_at(t, direction);
        case Motion::drift:
            return {0.08 * round, 0.05 * twice, 0.1 * std::cos(circle * t), 0.82, 1};
        case Motion::pulse:
            return {0, 0, 0.04 * round, 0.82 + 0.16 * twice, 1};
        case Motion::dance:
            return dance_at(t, direction);
        case Motion::spin: {
            // Comes to rest where it began.
            const double eased = t * t * (3 - 2 * t);
            return {0, 0, circle * eased * direction, 0.74 + 0.06 * std::cos(circle * t), 1};
        }
        case Motion::cross:
            // Drawings look to the left more often than not.
            return {-1.6 * way_at(t), 0.015 * std::sin(circle * 6 * t), 0.03 * std::sin(circle * 3 * t), 0.62,
                    1};
        case Motion::rise:
            return {0.02 * twice, -1.6 * way_at(t), 0.04 * twice, 0.62, 1};
        case Motion::breathe:
            return {0.022 * round, 0.014 * twice, 0.02 * round, 1.12, 1};
    }
    return {};
}

Camera camera_for(std::string_view prompt, std::int64_t seed) {
    const auto text = small_letters(prompt);
    for (const auto& camera : cameras) {
        for (const auto words : camera.words) {
            if (!words.empty() && mentions(text, words)) return {camera.name, camera.move};
        }
    }
    if (seed / static_cast<std::int64_t>(by_seed.size()) % 2 == 0) return {"still", {}};
    return {"there and back", {1, 1.12, 0, 0, true}};
}

}  // namespace ourvidz::node
