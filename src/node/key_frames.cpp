#include "node/key_frames.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace ourvidz::node {
namespace {

// One or two of the usual steps: enough to mend what the move has blurred and torn at the border.
constexpr double strength_low = 0.06;
constexpr double strength_high = 0.125;

enum class Motion { sway, bounce, drift, pulse, spin };

struct MotionWords {
    Motion motion;
    std::string_view name;
    std::array<std::string_view, 6> words;
};
constexpr std::array motions{
    MotionWords{Motion::sway, "sway", {"sway", "swing", "danc", "wave", "waving", "wind"}},
    MotionWords{Motion::bounce, "bounce", {"bounc", "jump", "hop", "leap", "skip", "play"}},
    MotionWords{Motion::drift, "drift", {"driv", "run", "walk", "fly", "swim", "drift"}},
    MotionWords{Motion::pulse, "pulse", {"puls", "grow", "breath", "beat", "glow", "shin"}},
    MotionWords{Motion::spin, "spin", {"spin", "turn", "rotat", "roll", "whirl", "twirl"}},
};

// A word of the prompt that begins with one of the motion's words.
bool mentions(std::string_view prompt, std::string_view stem) {
    for (auto at = prompt.find(stem); at != std::string_view::npos; at = prompt.find(stem, at + 1)) {
        if (at == 0 || prompt[at - 1] == ' ') return true;
    }
    return false;
}

const MotionWords& motion_for(std::string_view prompt, std::int64_t seed) {
    for (const auto& motion : motions) {
        for (const auto word : motion.words) {
            if (mentions(prompt, word)) return motion;
        }
    }
    return motions.at(static_cast<std::size_t>(seed % static_cast<std::int64_t>(motions.size())));
}

// `t` from 0 to 1 over the clip. Every motion begins and ends at rest in the first picture's pose, so the
// clip can be played in a loop.
Pose pose_at(Motion motion, double t, double direction) {
    constexpr double circle = 2 * std::numbers::pi;
    const double swing = std::sin(circle * 2 * t) * direction;
    const double ease = (1 - std::cos(circle * t)) / 2;
    switch (motion) {
        case Motion::sway:
            return {0.03 * swing, 0, 0.16 * swing, 1 - 0.06 * ease};
        case Motion::bounce:
            return {0.03 * std::sin(circle * t) * direction, -0.09 * std::abs(std::sin(circle * 1.5 * t)),
                    0.05 * swing, 1 - 0.08 * ease};
        case Motion::drift:
            return {0.13 * std::sin(circle * t) * direction, 0.02 * std::sin(circle * 3 * t), 0.04 * swing,
                    1 - 0.1 * ease};
        case Motion::pulse:
            return {0, 0, 0.04 * swing, 1 - 0.2 * std::sin(circle * 1.5 * t) * std::sin(circle * 1.5 * t)};
        case Motion::spin:
            return {0, -0.04 * ease, 0.5 * std::sin(circle * t) * direction, 1 - 0.1 * ease};
    }
    return {};
}

}  // namespace

ClipPlan plan_clip(std::string_view prompt, std::int64_t seed, int frames) {
    const MotionWords& motion = motion_for(prompt, seed);
    const double direction = (seed / 5) % 2 == 0 ? 1 : -1;
    ClipPlan plan;
    plan.motion = motion.name;
    for (int i = 0; i < frames; ++i) {
        const double t = static_cast<double>(i) / (frames - 1);
        const double hill = std::sin(std::numbers::pi * t);
        KeyFrame frame;
        frame.pose = pose_at(motion.motion, t, direction);
        frame.strength = i == 0 || i == frames - 1 ? 0 : strength_low + (strength_high - strength_low) * hill;
        plan.frames.push_back(frame);
    }
    plan.camera = {1, 1.08, 0.2 * direction, -0.1};
    return plan;
}

safety::Picture posed(const safety::Picture& picture, const Pose& pose) {
    safety::Picture moved{picture.width, picture.height, std::string(picture.rgb.size(), '\0')};
    const double middle_x = (picture.width - 1) / 2.0;
    const double middle_y = (picture.height - 1) / 2.0;
    const double cosine = std::cos(pose.turn) / pose.scale;
    const double sine = std::sin(pose.turn) / pose.scale;
    const auto at = [&](int x, int y, int channel) {
        const auto pixel = static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                           static_cast<std::size_t>(x);
        return static_cast<double>(
            static_cast<unsigned char>(picture.rgb[pixel * 3 + static_cast<std::size_t>(channel)]));
    };
    std::size_t out = 0;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            // Where this pixel comes from: the move backwards.
            const double dx = x - middle_x - pose.shift_x * picture.width;
            const double dy = y - middle_y - pose.shift_y * picture.height;
            const double from_x = std::clamp(middle_x + cosine * dx + sine * dy, 0.0, picture.width - 1.0);
            const double from_y = std::clamp(middle_y - sine * dx + cosine * dy, 0.0, picture.height - 1.0);
            const int left = static_cast<int>(from_x);
            const int top = static_cast<int>(from_y);
            const int right = std::min(left + 1, picture.width - 1);
            const int bottom = std::min(top + 1, picture.height - 1);
            const double u = from_x - left;
            const double v = from_y - top;
            for (int channel = 0; channel < 3; ++channel) {
                const double upper = at(left, top, channel) * (1 - u) + at(right, top, channel) * u;
                const double lower = at(left, bottom, channel) * (1 - u) + at(right, bottom, channel) * u;
                moved.rgb[out++] = static_cast<char>(std::lround(upper * (1 - v) + lower * v));
            }
        }
    }
    return moved;
}

}  // namespace ourvidz::node
