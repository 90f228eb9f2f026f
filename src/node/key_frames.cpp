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

// Told the pose, the model draws the thing rather than the blur of a move; with more it is no longer this
// thing.
constexpr double strength_with_words = 0.45;
// Without words more would not move the thing but draw it anew in its old place. One step of the usual eight.
constexpr double strength_without_words = 0.125;

constexpr double shift_grade = 0.05;
constexpr double turn_grade = 7.5 * std::numbers::pi / 180;
constexpr double scale_least = 0.52;
constexpr double scale_grade = 0.06;
constexpr int grade_last = static_cast<int>(PoseWords::grades) - 1;
constexpr int grade_middle = static_cast<int>(PoseWords::neutral);

constexpr double border_levels_max = 10;  // mean distance from the border's own mean, of 255

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

KeyFrame worded(const media::Pose& wanted, const PoseWords& words) {
    const int size = grade((wanted.scale - scale_least) / scale_grade, 0, grade_last);
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
    frame.strength = strength_with_words;
    return frame;
}

KeyFrame wordless(const media::Pose& wanted, bool plain_border) {
    KeyFrame frame;
    frame.strength = strength_without_words;
    // What fills its frame is drawn over as it is: moved, its border would be lost.
    if (!plain_border) return frame;
    const double most = shift_max(wanted.scale);
    frame.pose = {std::clamp(wanted.shift_x, -most, most), std::clamp(wanted.shift_y, -most, most),
                  half_circle(wanted.turn), wanted.scale, 1};
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

}  // namespace

ClipPlan plan_clip(const ClipWish& wish) {
    const double direction = (wish.seed / 5) % 2 == 0 ? 1 : -1;
    ClipPlan plan;
    plan.motion = wish.plain_border ? motion_for(wish.prompt, wish.seed) : Motion::breathe;
    plan.camera = camera_for(wish.prompt, wish.seed);
    for (int i = 0; i < wish.frames; ++i) {
        plan.path.push_back(pose_at(plan.motion, static_cast<double>(i) / wish.frames, direction));
    }
    for (int i = 0; i <= key_frames_per_clip; ++i) {
        if (i % key_frames_per_clip == 0) {
            plan.frames.emplace_back();
            continue;
        }
        const auto pose = pose_at(plan.motion, static_cast<double>(i) / key_frames_per_clip, direction);
        plan.frames.push_back(wish.pose_words != nullptr && wish.plain_border
                                  ? worded(pose, *wish.pose_words)
                                  : wordless(pose, wish.plain_border));
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
    const auto level = [&](std::size_t at, std::size_t channel) {
        return static_cast<double>(static_cast<unsigned char>(picture.rgb[at + channel]));
    };
    double distance = 0;
    for (std::size_t channel = 0; channel < 3; ++channel) {
        double sum = 0;
        for (const auto at : border) sum += level(at, channel);
        const double mean = sum / static_cast<double>(border.size());
        for (const auto at : border) distance += std::abs(level(at, channel) - mean);
    }
    return distance / (3 * static_cast<double>(border.size())) <= border_levels_max;
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
