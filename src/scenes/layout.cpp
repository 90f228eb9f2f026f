// After models/nano/recipe/scenes/composing.py, which composes the pictures that the looks of scenes were
// settled with.
#include "scenes/layout.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "scenes/random.h"

namespace ourvidz::scenes {
namespace {

// Of one thing, two, three and so on: how high they are, and where across.
constexpr std::array heights{54.0, 45.0, 37.0, 31.0, 27.0};
const std::array<std::vector<double>, 5> spots{{
    {0.5},
    {0.29, 0.71},
    {0.2, 0.51, 0.81},
    {0.15, 0.39, 0.63, 0.86},
    {0.12, 0.31, 0.5, 0.69, 0.88},
}};
// Wide things are as wide as others are high.
constexpr double wide_from = 1 / 0.82;
constexpr double margin = 4;
constexpr double least = 9;  // smaller ones, and higher up, could not be seen
// What is over or under something, and what is far behind, is as large as one of two.
constexpr std::size_t of_two = 2;
constexpr double edge = 1.5;  // units, above the highest thing

class Layout {
  public:
    Layout(const Plan& plan, const std::vector<double>& aspects, const Frame& frame, std::int64_t seed)
        : plan_(plan),
          aspects_(aspects),
          frame_(frame),
          place_(plan.place != nullptr ? *plan.place : plain_),
          horizon_(place_.horizon * frame.height),
          unit_(std::min({frame.width, frame.height, 128.0}) / 128),
          random_(static_cast<std::uint64_t>(seed) * 104'729 + 7) {}

    std::vector<Placed> run() {
        if (plan_.asked.empty()) return {};
        const bool apart = plan_.relation == Relation::beside || plan_.asked.size() < 2;
        auto placed = apart ? side_by_side() : related();
        if (!apart && plan_.asked.size() > 2) add_others(placed);
        for (auto& one : placed) keep_below_edge(one);
        return placed;
    }

  private:
    // What flies comes down until its head is in the picture; what stands somewhere, and is too high, is
    // smaller.
    void keep_below_edge(Placed& one) const {
        if (one.loose || one.y - one.height >= edge) return;
        if (one.where == Where::air || one.where == Where::high || one.where == Where::under_water)
            one.y = std::min(one.height + edge, frame_.height);
        const double by = std::min(1.0, (one.y - edge) / one.height);
        one.height *= by;
        one.width *= by;
    }

    std::vector<Placed> side_by_side() {
        const std::size_t count = std::min(plan_.asked.size(), spots.size());
        const double base = depth();
        std::vector<Placed> placed;
        for (std::size_t i = 0; i < count; ++i) {
            const double back = count == 1 ? 0 : (i % 2 == 0 ? -0.05 : 0.12);
            placed.push_back(spot(i, spots[count - 1][i], count, base + back));
        }
        if (count == 1) enlarge(placed.front());
        std::stable_sort(placed.begin(), placed.end(),
                         [](const Placed& one, const Placed& other) { return one.y < other.y; });
        return placed;
    }

    // One alone may be near.
    void enlarge(Placed& alone) {
        const bool can =
            alone.where == Where::ground || alone.where == Where::air || alone.where == Where::under_water;
        if (!can || plan_.asked.front().size > 1.1 || !random_.chance(0.4)) return;
        const double by = std::min(
            {random_.between(1.1, 1.3), (alone.y - 3) / alone.height, frame_.width * 0.9 / alone.width});
        if (by <= 1) return;
        alone.height *= by;
        alone.width *= by;
        alone.x = inside(alone.x, alone.width);
    }

    std::vector<Placed> related() {
        switch (plan_.relation) {
            case Relation::on:
                return on();
            case Relation::inside:
                return within();
            case Relation::under:
                return under();
            case Relation::behind:
                return behind(0, 1);
            case Relation::in_front:
                return behind(1, 0);
            case Relation::holding:
                return holding();
            case Relation::wearing:
                return wearing();
            case Relation::over:
                return over();
            case Relation::beside:
                break;
        }
        return side_by_side();
    }

    std::vector<Placed> on() {
        const auto& [first, second] = two();
        Placed below = spot(1, 0.5, 1, 0.76);
        resize(below, std::min({below.height, 46 * unit_ * std::clamp(second.size, 0.85, 1.25),
                                (below.y - margin) / 1.5}));
        const double share = second.saddle.value_or(second.top.value_or(0.85));
        Placed rider = loose(0, below.x, below.y - below.height * share, below.flipped);
        const double beside = first.size * plan_.asked[0].size / std::pow(std::max(0.8, second.size), 0.7);
        resize(rider, std::min(length_of(below) * std::clamp(0.8 * beside, 0.55, 1.0), rider.y - 3));
        if (second.hides_legs) return {rider, below};
        return {below, rider};
    }

    std::vector<Placed> within() {
        const auto& [first, second] = two();
        Placed hollow = spot(1, 0.5, 1, 0.78);
        resize(hollow, std::clamp(hollow.height, 40 * unit_, 56 * unit_));
        Placed inner = loose(0, hollow.x, hollow.y - hollow.height * (second.hollow.value_or(0.4) + 0.12),
                             hollow.flipped);
        resize(inner, std::min(length_of(hollow) * 0.84 * std::clamp(first.size, 0.85, 1.1), inner.y - 3));
        return {inner, hollow};
    }

    std::vector<Placed> under() {
        const auto& [first, second] = two();
        Placed low = spot(0, 0.5, of_two, 0.8);
        resize(low, std::min(low.height, 40 * unit_));
        if (second.where == Where::high || second.sky_roof) {
            Placed high = spot(1, random_.between(0.3, 0.7), 1, 0.5);
            return {high, low};
        }
        const bool carried = second.floats;  // an umbrella, over the head
        Placed roof = loose(1, carried ? low.x : low.x + low.height * (random_.chance(0.5) ? 0.2 : -0.2),
                            carried ? low.y - low.height * 0.62 : low.y - 3, false);
        roof.loose = carried;
        const double height =
            carried ? low.height * 0.95 : low.height * 1.5 * second.roof.value_or(std::max(1.0, second.size));
        resize(roof, std::min(height, roof.y - 3));
        return {roof, low};
    }

    std::vector<Placed> behind(std::size_t back, std::size_t front) {
        Placed near = spot(front, 0.42, of_two, 0.86);
        Placed far = spot(back, 0.42, of_two, 0.5);
        far.x = inside(near.x + (random_.chance(0.5) ? 0.5 : -0.5) * near.height, far.width);
        far.y = std::min(far.y, near.y - near.height * 0.1);
        resize(far, std::min(length_of(far) * 1.15, far.y - 3));
        return {far, near};
    }

    std::vector<Placed> holding() {
        const auto& second = *plan_.asked[1].thing;
        Placed holder = spot(0, 0.48, 1, depth());
        const double side = holder.flipped ? -1 : 1;
        Placed held = loose(1, holder.x + side * holder.width * 0.42,
                            holder.y - holder.height * (second.floats ? 0.34 : 0.12), holder.flipped);
        resize(held, std::min(holder.height * (second.floats ? 0.62 : 0.42), held.y - 3));
        // A balloon is beside the head, and not before the face.
        if (second.floats) held.x += side * held.width * 0.4;
        held.x = inside(held.x, held.width);
        return {holder, held};
    }

    std::vector<Placed> wearing() {
        const auto& [first, second] = two();
        Placed head = spot(0, 0.5, 1, depth());
        resize(head, std::min(head.height, (head.y - margin) / 1.25));
        auto [foot, size] = second.hat.value_or(std::array<double, 2>{0.6, 0.34});
        if (second.spectacles) {
            size = first.head ? 0.2 : 0.17;
            foot = first.head ? 0.64 : 0.68;
        }
        Placed worn = loose(1, head.x, head.y - head.height * foot, false);
        resize(worn, head.height * size);
        return {head, worn};
    }

    std::vector<Placed> over() {
        Placed low = spot(1, 0.5, 1, 0.6);
        resize(low, std::min({low.height, 58 * unit_, frame_.height * 0.46}));
        constexpr std::array across{0.3, 0.5, 0.7};
        const auto& flier = *plan_.asked[0].thing;
        Placed high = spot(0, across[random_.below(across.size())], of_two, 0.5);
        resize(high, std::min(length_of(high), frame_.height * 0.36));
        if (flier.where != Where::high) {
            high.where = Where::air;
            high.y = std::max(high.height * 0.9 + 5, frame_.height * random_.between(0.26, 0.36));
        }
        return {low, high};
    }

    // Beside what the first two make together, which moves a little to the left.
    void add_others(std::vector<Placed>& placed) {
        for (auto& one : placed) {
            one.x -= frame_.width * 0.16;
            one.x = std::max(one.x, one.width / 2);
        }
        for (std::size_t i = 2; i < plan_.asked.size(); ++i)
            placed.push_back(spot(i, 0.82 - 0.06 * static_cast<double>(i - 2), 3, 0.8));
    }

    // Standing by itself. `across`: of the width; `depth`: from the horizon (0) to the lower edge (1).
    Placed spot(std::size_t asked, double across, std::size_t count, double depth) {
        const auto& wanted = plan_.asked[asked];
        const auto& thing = *wanted.thing;
        const double size = count == 1 ? thing.size : 1 + (thing.size - 1) * 0.7;
        double length = heights[count - 1] * unit_ * size * wanted.size * random_.between(0.94, 1.06);
        Placed placed;
        placed.asked = asked;
        const bool floats = thing.where == Where::boat || thing.where == Where::swims;
        placed.where = floats && !place_.water ? Where::ground : thing.where;
        if (plan_.place == nullptr) placed.where = Where::ground;
        if (placed.where == Where::boat || placed.where == Where::swims)
            length *= (0.72 + 0.4 * depth) * (count >= 3 ? 0.78 : 1);
        else if (placed.where == Where::ground && !place_.feet && place_.floor != Floor::afloat &&
                 plan_.place != nullptr)
            length *= 0.76 + 0.34 * depth;
        else if (placed.where == Where::air || placed.where == Where::high)
            length *= 0.8;
        placed.y = foot_of(placed.where, length, depth);
        if (placed.where == Where::tower) {
            length = std::min(length, placed.y - margin);
            if (count == 1) across = random_.between(0.28, 0.72);
        }
        if (placed.where != Where::high) length = std::min(length, placed.y - 2);
        resize(placed, std::min({length, frame_.height * 0.8, frame_.width * 0.9 * 0.82}));
        const double sway = 0.08 / static_cast<double>(count);
        placed.x = inside((across + random_.between(-sway, sway)) * frame_.width, placed.width);
        placed.flipped = count == 1 ? random_.chance(0.5) : placed.x > frame_.width / 2;
        if (placed.where == Where::air || placed.where == Where::under_water)
            placed.turn = random_.between(-0.12, 0.12);
        return placed;
    }

    double foot_of(Where where, double length, double depth) {
        const double height = frame_.height;
        const double room = height - horizon_;
        if (plan_.place == nullptr) return std::min(height * 0.94, height / 2 + length / 2);
        if (place_.floor == Floor::afloat && where != Where::tower) {
            if (place_.name == "underwater")
                return height * (where == Where::under_water ? random_.between(0.5, 0.75) : 0.92);
            return std::min(height * 0.92, std::max(length + 5, height * random_.between(0.5, 0.74)));
        }
        switch (where) {
            case Where::high:
                return std::min(height * 0.5,
                                std::max(length + margin, height * random_.between(0.18, 0.34)));
            case Where::air:
                return std::max(length * 0.9 + 5, height * random_.between(0.36, 0.52));
            case Where::boat:
            case Where::swims:
                return horizon_ + room * std::min(0.84, depth * 0.9);
            case Where::tower:
                return horizon_ + room * (place_.water ? 0.2 : 0.24) + (place_.name == "beach" ? 8 : 0);
            default:
                break;
        }
        return place_.feet ? *place_.feet * height : std::min(height - 5, horizon_ + room * depth);
    }

    Placed loose(std::size_t asked, double x, double y, bool flipped) const {
        Placed placed;
        placed.asked = asked;
        placed.x = x;
        placed.y = std::max(y, least * unit_);
        placed.flipped = flipped;
        placed.loose = true;
        return placed;
    }

    // `length`: how high it is, or how wide a wide one is.
    void resize(Placed& placed, double length) const {
        length = std::max(length, least * unit_);
        const double aspect = aspects_[placed.asked];
        placed.height = aspect > wide_from ? length * wide_from / aspect : length;
        placed.width = placed.height * aspect;
    }
    [[nodiscard]] double length_of(const Placed& placed) const {
        const double aspect = aspects_[placed.asked];
        return aspect > wide_from ? placed.height * aspect / wide_from : placed.height;
    }

    [[nodiscard]] double inside(double x, double width) const {
        return width >= frame_.width ? frame_.width / 2
                                     : std::clamp(x, width / 2 + 1, frame_.width - width / 2 - 1);
    }
    double depth() { return random_.between(0.58, 0.84); }
    [[nodiscard]] std::pair<const Thing&, const Thing&> two() const {
        return {*plan_.asked[0].thing, *plan_.asked[1].thing};
    }

    const Plan& plan_;
    const std::vector<double>& aspects_;
    const Frame& frame_;
    const Place plain_;  // where there is only a background
    const Place& place_;
    double horizon_;
    double unit_;
    Random random_;
};

}  // namespace

std::vector<Placed> lay_out(const Plan& plan, const std::vector<double>& aspects, const Frame& frame,
                            std::int64_t seed) {
    return Layout(plan, aspects, frame, seed).run();
}

}  // namespace ourvidz::scenes
