#include "node/clip_motions.h"

#include <cmath>
#include <numbers>

namespace ourvidz::node {
namespace {

constexpr double circle = 2 * std::numbers::pi;
constexpr std::int64_t seeds_alike = 5;  // that differ in their motion; the next ones differ in their camera

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

media::Pose dance_at(double t, double direction) {
    const double beat = std::sin(circle * 2 * t) * direction;
    media::Pose pose = about_foot(0.16 * beat, 0.78);
    pose.shift_x += 0.03 * beat;
    pose.shift_y += 0.02 - 0.05 * beat * beat;
    pose.stretch = 1 + 0.04 * (beat * beat - 0.5);
    return pose;
}

media::CameraMove move_of(prompts::Camera camera) {
    switch (camera) {
        case prompts::Camera::push_in:
            return {1, 1.4, 0, 0, false};
        case prompts::Camera::pull_out:
            return {1.4, 1, 0, 0, false};
        case prompts::Camera::pan_left:
            return {1.3, 1.3, -0.8, 0, false};
        case prompts::Camera::pan_right:
            return {1.3, 1.3, 0.8, 0, false};
    }
    return {};
}

}  // namespace

double way_at(double t) {
    return t < 0.5 ? t : t - 1;
}

double direction_for(std::int64_t seed) {
    return (seed / 5) % 2 == 0 ? 1 : -1;
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

CameraPlan camera_plan(std::string_view prompt, std::int64_t seed) {
    if (const auto camera = prompts::camera_for(prompt)) return {to_string(*camera), move_of(*camera)};
    if (seed / seeds_alike % 2 == 0) return {"still", {}};
    return {"there and back", {1, 1.12, 0, 0, true}};
}

}  // namespace ourvidz::node
