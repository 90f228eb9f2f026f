#include "node/key_frames.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace ourvidz::node {
namespace {

using catalog::PoseWords;

constexpr double shift_grade = 0.05;
constexpr double turn_grade = 7.5 * std::numbers::pi / 180;
constexpr double scale_least = 0.52;
constexpr double scale_grade = 0.06;
// Drawn no smaller than this, however small it is shown: there its face is no longer a few pixels.
constexpr int size_least = 5;
constexpr int grade_last = static_cast<int>(PoseWords::grades) - 1;
constexpr int grade_middle = static_cast<int>(PoseWords::neutral);

constexpr double border_levels_max = 10;  // mean distance from the border's own colour, of 255
constexpr int fringe_px = 6;              // about half of what a thing of full size leaves free

int grade(double steps, int least, int most) {
    return std::clamp(static_cast<int>(std::lround(steps)), least, most);
}

// The same direction, -pi..pi.
double half_circle(double turn) {
    return std::remainder(turn, 2 * std::numbers::pi);
}

// How far a thing of this scale may be from the middle without being cut off.
double shift_max(double scale) {
    return std::max(0.0, 0.5 - thing_reach * scale);
}

KeyFrame key_frame(const media::Pose& wanted, const PoseWords& words) {
    const int size = grade((wanted.scale - scale_least) / scale_grade, size_least, grade_last);
    const double scale = scale_least + scale_grade * size;
    const int reach = std::min(grade_middle, static_cast<int>(shift_max(scale) / shift_grade));
    const int across = grade(wanted.shift_x / shift_grade, -reach, reach);
    const int down = grade(wanted.shift_y / shift_grade, -reach, reach);
    const int tilt = grade(half_circle(wanted.turn) / turn_grade, -grade_middle, grade_middle);
    const auto word = [](const std::vector<std::string>& axis, int number) {
        return axis.at(static_cast<std::size_t>(number));
    };
    KeyFrame frame;
    frame.pose = {across * shift_grade, down * shift_grade, tilt * turn_grade, scale, 1};
    frame.words = word(words.across, across + grade_middle) + " " + word(words.down, down + grade_middle) +
                  " " + word(words.tilt, tilt + grade_middle) + " " + word(words.size, size);
    frame.strength = words.strength;
    return frame;
}

// The number of the first byte of each pixel of the border.
std::vector<std::size_t> border_of(const safety::Picture& picture) {
    std::vector<std::size_t> border;
    const auto width = static_cast<std::size_t>(picture.width);
    const auto height = static_cast<std::size_t>(picture.height);
    for (std::size_t x = 0; x < width; ++x) {
        border.push_back(x * 3);
        border.push_back(((height - 1) * width + x) * 3);
    }
    for (std::size_t y = 1; y + 1 < height; ++y) {
        border.push_back(y * width * 3);
        border.push_back((y * width + width - 1) * 3);
    }
    return border;
}

double level(const safety::Picture& picture, std::size_t byte) {
    return static_cast<double>(static_cast<unsigned char>(picture.rgb[byte]));
}

// Of each channel by itself; a few odd pixels do not count.
Colour median_colour(const safety::Picture& picture, const std::vector<std::size_t>& pixels) {
    Colour median{};
    for (std::size_t channel = 0; channel < median.size(); ++channel) {
        std::vector<double> levels;
        levels.reserve(pixels.size());
        for (const auto at : pixels) levels.push_back(level(picture, at + channel));
        const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
        std::nth_element(levels.begin(), middle, levels.end());
        median.at(channel) = *middle;
    }
    return median;
}

}  // namespace

ClipPlan plan_clip(const ClipWish& wish) {
    const double direction = direction_for(wish.seed);
    ClipPlan plan;
    plan.motion = wish.plain_border ? prompts::motion_for(wish.prompt, wish.seed) : Motion::breathe;
    plan.camera = camera_plan(wish.prompt, wish.seed);
    for (int i = 0; i < wish.frames; ++i) {
        plan.path.push_back(pose_at(plan.motion, static_cast<double>(i) / wish.frames, direction));
    }
    const bool worded = wish.pose_words != nullptr && wish.plain_border && wish.pose_words->strength > 0;
    if (!worded) {
        // The first picture moves through the whole clip.
        plan.frames.resize(2);
        return plan;
    }
    // All are drawn alike, also the one that begins and ends the clip, so that none stands out.
    for (int i = 0; i <= key_frames_per_clip; ++i) {
        const int number = i % key_frames_per_clip;
        const auto pose = pose_at(plan.motion, static_cast<double>(number) / key_frames_per_clip, direction);
        plan.frames.push_back(key_frame(pose, *wish.pose_words));
    }
    return plan;
}

bool poses_fit(const PoseWords& words, std::string_view prompt) {
    std::string word;
    for (std::size_t i = 0; i <= prompt.size(); ++i) {
        const auto c = i < prompt.size() ? static_cast<unsigned char>(prompt[i]) : ' ';
        if (std::isalpha(c) != 0) {
            word += static_cast<char>(std::tolower(c));
            continue;
        }
        if (std::find(words.not_with.begin(), words.not_with.end(), word) != words.not_with.end())
            return false;
        word.clear();
    }
    return true;
}

bool has_plain_border(const safety::Picture& picture) {
    const auto border = border_of(picture);
    const auto colour = median_colour(picture, border);
    double distance = 0;
    for (const auto at : border) {
        for (std::size_t channel = 0; channel < 3; ++channel)
            distance += std::abs(level(picture, at + channel) - colour.at(channel));
    }
    return distance / (3 * static_cast<double>(border.size())) <= border_levels_max;
}

safety::Picture with_even_border(safety::Picture picture, const Colour& colour) {
    std::size_t at = 0;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const int inside = std::min({x, y, picture.width - 1 - x, picture.height - 1 - y});
            const double share = std::max(0.0, 1 - static_cast<double>(inside) / fringe_px);
            for (const double wanted : colour) {
                const double own = level(picture, at);
                picture.rgb[at++] = static_cast<char>(std::lround(own + (wanted - own) * share));
            }
        }
    }
    return picture;
}

Colour border_colour(const safety::Picture& picture) {
    return median_colour(picture, border_of(picture));
}

safety::Picture posed(const safety::Picture& picture, const media::Pose& pose) {
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
