#include "node/scene_clip.h"

#include <cmath>
#include <numbers>
#include <string>

namespace ourvidz::node {
namespace {

constexpr double circle = 2 * std::numbers::pi;
constexpr double usual_height = 46;  // units, of one thing
constexpr double place_zoom = 1.1;   // what is beyond the edges is room for the camera
constexpr double nearer = 1.6;       // how much farther things move than their place when the camera does
constexpr double sway = 0.6;         // of a camera of which nothing was said, in its room

scenes::Moment hop_at(double t) {
    constexpr double on_ground = 0.26;  // of a hop's time
    scenes::Moment moment;
    const double hop = std::fmod(t * 3, 1.0);
    if (hop < on_ground) {
        moment.stretch = 1 - 0.12 * std::sin(std::numbers::pi * hop / on_ground);
        return moment;
    }
    const double flight = (hop - on_ground) / (1 - on_ground);
    moment.shift_y = -0.36 * usual_height * 4 * flight * (1 - flight);
    moment.stretch = 1 + 0.05 * std::pow(std::sin(circle * flight), 2);
    return moment;
}

scenes::Moment moment_at(Motion motion, double t, double direction, const scenes::Frame& frame) {
    const double round = std::sin(circle * t) * direction;
    const double twice = std::sin(circle * 2 * t) * direction;
    scenes::Moment moment;
    switch (motion) {
        case Motion::sway:
            moment.turn = 0.09 * twice;
            break;
        case Motion::bounce:
            moment = hop_at(t);
            break;
        case Motion::drift:
            moment.shift_x = 7 * round;
            moment.shift_y = 4 * twice;
            moment.turn = 0.06 * round;
            break;
        case Motion::pulse:
            moment.scale = 1 + 0.09 * twice;
            break;
        case Motion::dance:
            moment.turn = 0.12 * twice;
            moment.shift_x = 3 * twice;
            moment.stretch = 1 + 0.04 * (twice * twice - 0.5);
            break;
        case Motion::spin:
            moment.turn = circle * t * t * (3 - 2 * t) * direction;
            moment.turns_about_middle = true;
            break;
        case Motion::cross:
            moment.shift_x = -1.8 * frame.width * way_at(t);
            moment.turn = 0.02 * std::sin(circle * 4 * t);
            break;
        case Motion::rise:
            moment.shift_y = -2.2 * frame.height * way_at(t);
            break;
        case Motion::breathe:
            moment.stretch = 1 + 0.015 * twice;
            break;
    }
    return moment;
}

}  // namespace

SceneMoment scene_moment(Motion motion, const media::CameraMove& camera, double t, double direction,
                         const scenes::Frame& frame) {
    SceneMoment moment;
    moment.things = moment_at(motion, t, direction, frame);
    moment.things.time = t;
    const bool returns = camera.returns || camera.is_still();
    const double part = returns ? 0.5 - 0.5 * std::cos(circle * t) : t * t * (3 - 2 * t);
    const double zoom = camera.zoom_from + (camera.zoom_to - camera.zoom_from) * part;
    moment.place.zoom = place_zoom * zoom;
    moment.place.x = camera.is_still() || camera.returns ? sway * std::sin(circle * t) * direction
                                                         : camera.pan_x * (2 * part - 1);
    const double room = 1 - 1 / moment.place.zoom;
    moment.things.zoom = 1 + (zoom - 1) * 1.15;
    moment.things.pan_x = -moment.place.x * room / 2 * frame.width * nearer;
    return moment;
}

Motion motion_of(const scenes::Plan& plan, std::string_view prompt, std::int64_t seed) {
    if (plan.asked.empty()) return Motion::breathe;
    const auto& first = *plan.asked.front().thing;
    // A bear that holds a balloon does not rise with it.
    std::string words(prompt);
    for (const auto& asked : plan.asked) {
        const auto at = asked.thing == &first ? std::string::npos : words.find(asked.thing->name);
        if (at != std::string::npos) words.erase(at, asked.thing->name.size());
    }
    const auto motion = prompts::motion_for(words, seed);
    if (first.great || first.where == scenes::Where::tower) return Motion::breathe;
    return motion;
}

}  // namespace ourvidz::node
