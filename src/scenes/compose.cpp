// After models/nano/recipe/scenes/placing.py.
#include "scenes/compose.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scenes/random.h"

namespace ourvidz::scenes {
namespace {

constexpr Colour shadow_colour{20, 16, 50};
constexpr Colour shade{96, 124, 176};      // behind white things
constexpr Colour night_air{96, 118, 180};  // behind dark ones
constexpr Colour white{255, 255, 255};
constexpr Colour dark{18, 16, 40};
constexpr double camera_height = 0.6;  // of the picture from above: what a zoom goes to
constexpr double pale_from = 0.8 * 255;

Colour mix(const Colour& one, const Colour& other, double share) {
    Colour mixed;
    for (std::size_t c = 0; c < 3; ++c) mixed[c] = one[c] + (other[c] - one[c]) * share;
    return mixed;
}

bool is_pale(const CutOut& drawing) {
    double light = 0;
    double coverage = 0;
    for (std::size_t i = 0; i + 3 < drawing.pixels.size(); i += 4) {
        light += static_cast<double>(drawing.pixels[i] + drawing.pixels[i + 1] + drawing.pixels[i + 2]) / 3;
        coverage += static_cast<double>(drawing.pixels[i + 3]);
    }
    return light > pale_from * coverage;
}

class Composing {
  public:
    Composing(Canvas& canvas, const Plan& plan, const std::vector<const Drawn*>& things, const Frame& frame,
              std::int64_t seed, const Moment& moment)
        : canvas_(canvas),
          plan_(plan),
          things_(things),
          frame_(frame),
          moment_(moment),
          dark_(plan.light->name == "night"),
          random_(static_cast<std::uint64_t>(seed) * 31 + 5),
          weather_random_(static_cast<std::uint64_t>(seed) * 17 + 3) {}

    void put(const Placed& still) {
        lift_ = moves(still) ? moment_.shift_y : 0;
        const Placed placed = moved(still);
        const auto& thing = *things_[placed.asked];
        const bool on_water = placed.where == Where::boat || placed.where == Where::swims;
        if (on_water && plan_.place != nullptr && plan_.place->water && !placed.loose) {
            put_on_water(placed, thing);
            return;
        }
        if (!placed.loose) behind(placed, thing.pale);
        canvas_.cut_out(thing.drawing, stand_of(placed), *plan_.light);
        const bool on_ground = placed.where == Where::ground && !placed.loose && lift_ > -1;
        if (on_ground) before(placed);
    }

    void weather() {
        if (plan_.place == nullptr || plan_.place->closed || plan_.place->indoor) return;
        const double area = frame_.width / 128 * frame_.height / 128;
        if (plan_.weather->name == "rain") rain(area);
        if (plan_.weather->name == "snowfall") snow(area);
    }

  private:
    [[nodiscard]] bool is_related() const {
        return plan_.asked.size() > 1 && plan_.relation != Relation::beside;
    }
    [[nodiscard]] bool moves(const Placed& placed) const {
        const bool is_first = plan_.asked[placed.asked].thing == plan_.asked.front().thing;
        return is_first || (is_related() && placed.asked < 2);
    }

    Placed moved(Placed placed) const {
        if (moves(placed)) {
            if (!is_related()) turn(placed);
            placed.x += moment_.shift_x * (placed.flipped ? -1 : 1);
            placed.y += moment_.shift_y;
        }
        placed.height *= moment_.zoom;
        placed.width *= moment_.zoom;
        placed.x = frame_.width / 2 + (placed.x - frame_.width / 2) * moment_.zoom + moment_.pan_x;
        placed.y = frame_.height * camera_height + (placed.y - frame_.height * camera_height) * moment_.zoom;
        return placed;
    }

    void turn(Placed& placed) const {
        placed.height *= moment_.scale * moment_.stretch;
        placed.width *= moment_.scale / moment_.stretch;
        placed.turn += moment_.turn;
        if (!moment_.turns_about_middle) return;
        placed.x -= placed.height / 2 * std::sin(moment_.turn);
        placed.y -= placed.height / 2 * (1 - std::cos(moment_.turn));
    }

    static Stand stand_of(const Placed& placed) {
        return {{placed.x, placed.y}, placed.width, placed.height, placed.flipped, placed.turn};
    }

    // A shadow on the ground, and air that keeps the thing apart from what is behind it.
    void behind(const Placed& placed, bool pale) {
        const double q = std::max(placed.height, placed.width * 0.82);
        const double shadow = plan_.light->shadow * (plan_.weather->cover > 0 ? 0.6 : 1);
        const Point middle{placed.x, placed.y - placed.height / 2};
        if (pale && !dark_)
            canvas_.glow(middle, q * 0.85, shade, 0.6);
        else if (plan_.place != nullptr && !plan_.place->closed)
            canvas_.glow(middle, q * 0.72, dark_ ? night_air : plan_.light->haze, dark_ ? 0.5 : 0.38);
        if (placed.where != Where::ground) return;
        const double ground = placed.y - lift_;
        const double half = placed.width * 0.44;
        canvas_.glow({placed.x, ground - q * 0.01}, half * 1.4, shadow_colour, shadow * 1.5, 0.26);
        canvas_.oval({placed.x, ground}, half, half * 0.22, shadow_colour, shadow);
    }

    // Snow or grass before the feet.
    void before(const Placed& placed) {
        if (plan_.place == nullptr) return;
        Floor floor = plan_.place->floor;
        const double q = std::min(placed.height, placed.width);
        Colour colour = canvas_.colour_at({placed.x, std::min(frame_.height - 2, placed.y + q * 0.16)}, 2);
        if (plan_.weather->name == "snowfall" && floor == Floor::grass) floor = Floor::mound;
        if (floor == Floor::mound) {
            for (const double at : {-0.3, 0.02, 0.32})
                canvas_.oval({placed.x + at * placed.width, placed.y + q * 0.075}, placed.width * 0.26,
                             q * 0.065, colour, 1);
        }
        if (floor == Floor::grass) {
            for (int blade = -2; blade <= 2; ++blade) {
                const double x = placed.x + (blade * 0.16 + random_.between(-0.05, 0.05)) * placed.width;
                tuft({x, placed.y + q * 0.05}, q * random_.between(0.08, 0.13), mix(colour, dark, 0.1));
            }
        }
    }

    void tuft(Point foot, double size, const Colour& colour) {
        for (const double lean : {-0.5, 0.0, 0.5}) {
            const double middle = foot.x + lean * size * 0.4;
            canvas_.triangle({middle - size * 0.13, foot.y},
                             {foot.x + lean * size, foot.y - size * (1 - std::abs(lean) * 0.5)},
                             {middle + size * 0.13, foot.y}, colour);
        }
    }

    // Cut at the waterline, with foam round it and a dark reflection.
    void put_on_water(const Placed& placed, const Drawn& thing) {
        const double q = placed.height;
        const bool rough = plan_.place->rough;
        const Colour water =
            canvas_.colour_at({placed.x, std::min(frame_.height - 2, placed.y + q * 0.1)}, 3);
        const Colour foam = mix(water, white, dark_ ? 0.45 : 0.75);
        if (thing.pale && !dark_) canvas_.glow({placed.x, placed.y - q / 2}, q * 0.8, shade, 0.4);
        Stand stand = stand_of(placed);
        stand.turn += rough ? random_.between(-0.14, 0.14) : random_.between(-0.02, 0.02);
        stand.foot.y += q * (placed.where == Where::boat ? 0.1 : 0.16);
        for (int line = 0; line < 3; ++line)
            canvas_.oval({placed.x, placed.y + q * 0.03 * line}, placed.width * (0.46 - 0.05 * line),
                         q * 0.05, mix(water, dark, 0.3), 0.35);
        canvas_.cut_out(thing.drawing, stand, *plan_.light, placed.y);
        for (int line = 0; line < 3; ++line) {
            const double half = placed.width * (0.5 - 0.1 * line);
            const double y = placed.y + line * q * 0.07;
            canvas_.line({placed.x - half, y + 0.4}, {placed.x - half * 0.2, y}, std::max(0.9, q * 0.028),
                         foam, 0.85 - 0.22 * line);
            canvas_.line({placed.x - half * 0.2, y}, {placed.x + half, y + 0.5}, std::max(0.9, q * 0.028),
                         foam, 0.85 - 0.22 * line);
        }
        if (!rough) return;
        for (const double edge : {-0.45, 0.45})
            canvas_.oval({placed.x + edge * placed.width, placed.y - 1}, q * 0.11, q * 0.055, foam, 0.9);
    }

    // What falls has fallen by a whole number of heights at the end of a clip.
    double fallen(double from, double heights, double room) const {
        const double y = from + moment_.time * heights * room;
        return y - std::floor(y / room) * room;
    }

    void rain(double area) {
        const Colour colour = dark_ ? Colour{150, 178, 224} : Colour{226, 238, 252};
        const double room = frame_.height + 12;
        for (int i = 0; i < static_cast<int>(40 * area); ++i) {
            const double x = weather_random_.between(0, frame_.width + 12);
            const double from = weather_random_.between(0, room);
            const double size = weather_random_.between(6, 11);
            const double y = fallen(from, 6, room) - 6;
            canvas_.line({x, y}, {x - size * 0.3, y + size}, 1.1, colour, 0.55);
        }
    }

    void snow(double area) {
        constexpr std::array sizes{1.0, 1.2, 1.5, 2.0};
        const double room = frame_.height + 6;
        for (int i = 0; i < static_cast<int>(46 * area); ++i) {
            const double size = sizes[weather_random_.below(sizes.size())];
            const double x = weather_random_.between(0, frame_.width);
            const double y = fallen(weather_random_.between(0, room), size > 1.3 ? 2 : 1, room) - 3;
            const double sway = std::sin((moment_.time + x) * 6.2832) * 1.5;
            canvas_.oval({x + sway, y}, size, size, white, 0.95);
        }
    }

    Canvas& canvas_;
    const Plan& plan_;
    const std::vector<const Drawn*>& things_;
    const Frame& frame_;
    const Moment& moment_;
    bool dark_;
    double lift_ = 0;  // of what is put now: units, negative above its ground
    Random random_;
    Random weather_random_;
};

}  // namespace

Drawn drawn(CutOut drawing) {
    const bool pale = is_pale(drawing);
    return {std::move(drawing), pale};
}

void compose(Canvas& canvas, const Plan& plan, const std::vector<const Drawn*>& things,
             const std::vector<Placed>& placed, const Frame& frame, std::int64_t seed, const Moment& moment) {
    Composing composing(canvas, plan, things, frame, seed, moment);
    for (const auto& one : placed) composing.put(one);
    composing.weather();
}

}  // namespace ourvidz::scenes
