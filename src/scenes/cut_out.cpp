#include "scenes/cut_out.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace ourvidz::scenes {
namespace {

constexpr int rim = 2;               // pixels of the edge that tell what the ground is
constexpr double plain_share = 0.7;  // of them, that must be like it
constexpr double like_ground = 60;   // levels; no colour of a drawing is so near to the ground of the network
constexpr double unlike_usual = 140;  // of what is wholly there, where nothing near says what it looks like
constexpr double usual_share = 0.9;   // of what is inside: the rest may be the network's slip
constexpr double middle_level = 128;
constexpr double clear_hue = 128;         // of a ground that is told by its hue
constexpr double edge_share = 3.0 / 128;  // of the width: over so much a drawing goes over into its ground
constexpr double nothing_below = 0.1;     // of the coverage: so much the ground itself changes
constexpr double all_above = 0.9;
constexpr double speck_share = 10.0 / (128 * 128);  // of the picture

class Taking {
  public:
    Taking(std::string_view rgb, int width, int height)
        : rgb_(rgb),
          width_(width),
          height_(height),
          edge_(std::max(2, static_cast<int>(std::lround(edge_share * width)))),
          speck_(static_cast<std::size_t>(speck_share * width * height)) {}

    std::optional<CutOut> run() {
        if (!find_ground()) return std::nullopt;
        mark();
        drop_specks();
        look_inside();
        const auto box = bounds();
        if (!box) return std::nullopt;
        CutOut result;
        result.width = box->right - box->left + 1;
        result.height = box->bottom - box->top + 1;
        result.pixels.reserve(static_cast<std::size_t>(result.width) * result.height * 4);
        for (int y = box->top; y <= box->bottom; ++y)
            for (int x = box->left; x <= box->right; ++x) add(result, x, y);
        return result;
    }

  private:
    struct Box {
        int left, top, right, bottom;
    };

    [[nodiscard]] std::size_t at(int x, int y) const { return static_cast<std::size_t>(y) * width_ + x; }
    [[nodiscard]] Colour colour(int x, int y) const {
        Colour found;
        for (std::size_t c = 0; c < 3; ++c) found[c] = static_cast<unsigned char>(rgb_[at(x, y) * 3 + c]);
        return found;
    }
    [[nodiscard]] double from_ground(const Colour& one) const {
        return std::sqrt(std::pow(one[0] - ground_[0], 2) + std::pow(one[1] - ground_[1], 2) +
                         std::pow(one[2] - ground_[2], 2));
    }

    bool find_ground() {
        std::array<std::vector<double>, 3> levels;
        std::vector<Colour> rim_colours;
        for (int y = 0; y < height_; ++y) {
            for (int x = 0; x < width_; ++x) {
                if (std::min({x, y, width_ - 1 - x, height_ - 1 - y}) >= rim) continue;
                rim_colours.push_back(colour(x, y));
                for (std::size_t c = 0; c < 3; ++c) levels[c].push_back(rim_colours.back()[c]);
            }
        }
        if (rim_colours.empty()) return false;
        for (std::size_t c = 0; c < 3; ++c) {
            const auto middle = levels[c].begin() + static_cast<std::ptrdiff_t>(levels[c].size() / 2);
            std::nth_element(levels[c].begin(), middle, levels[c].end());
            ground_[c] = *middle;
        }
        const auto like = std::count_if(rim_colours.begin(), rim_colours.end(),
                                        [this](const Colour& one) { return from_ground(one) < like_ground; });
        return static_cast<double>(like) >= plain_share * static_cast<double>(rim_colours.size());
    }

    // What is there, and what of it is so far inside that it shows the drawing's own colour.
    void mark() {
        there_.assign(at(0, height_), 0);
        for (int y = 0; y < height_; ++y)
            for (int x = 0; x < width_; ++x)
                there_[at(x, y)] = from_ground(colour(x, y)) > like_ground ? 1 : 0;
        inside_ = there_;
        for (int y = 0; y < height_; ++y)
            for (int x = 0; x < width_; ++x)
                if (is_rim(x, y)) around(x, y, edge_, [&](int nx, int ny) { inside_[at(nx, ny)] = 0; });
    }

    // How much of the ground's own hue the drawing has at most, where nothing of the ground shows through.
    void look_inside() {
        std::vector<double> hues;
        for (int y = 0; y < height_; ++y)
            for (int x = 0; x < width_; ++x)
                if (inside_[at(x, y)] != 0) hues.push_back(hue_of_ground(colour(x, y)));
        if (hues.empty()) return;
        const auto most =
            hues.begin() + static_cast<std::ptrdiff_t>(usual_share * static_cast<double>(hues.size()));
        std::nth_element(hues.begin(), most, hues.end());
        own_hue_ = std::max(0.0, *most);
    }

    // By how much what the ground has much of stands above what it has little of: 255 of pure magenta, 0 of
    // gray.
    [[nodiscard]] double hue_of_ground(const Colour& one) const {
        double strong = 255;
        double weak = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            if (ground_[c] >= middle_level)
                strong = std::min(strong, one[c]);
            else
                weak = std::max(weak, one[c]);
        }
        return strong - weak;
    }

    // Ground beside something.
    [[nodiscard]] bool is_rim(int x, int y) const {
        if (there_[at(x, y)] != 0) return false;
        bool beside = false;
        around(x, y, 1, [&](int nx, int ny) { beside = beside || there_[at(nx, ny)] != 0; });
        return beside;
    }

    template <class Act>
    void around(int x, int y, int reach, Act act) const {
        for (int ny = std::max(0, y - reach); ny <= std::min(height_ - 1, y + reach); ++ny)
            for (int nx = std::max(0, x - reach); nx <= std::min(width_ - 1, x + reach); ++nx) act(nx, ny);
    }

    // Crumbs that the network left beside the drawing.
    void drop_specks() {
        std::vector<std::uint8_t> seen(there_.size(), 0);
        for (int y = 0; y < height_; ++y) {
            for (int x = 0; x < width_; ++x) {
                if (there_[at(x, y)] == 0 || seen[at(x, y)] != 0) continue;
                const auto part = connected(x, y, seen);
                if (part.size() >= speck_) continue;
                for (const auto pixel : part) there_[pixel] = 0;
            }
        }
    }

    std::vector<std::size_t> connected(int from_x, int from_y, std::vector<std::uint8_t>& seen) const {
        std::vector<std::size_t> part{at(from_x, from_y)};
        seen[part.front()] = 1;
        for (std::size_t i = 0; i < part.size(); ++i) {
            const int x = static_cast<int>(part[i] % width_);
            const int y = static_cast<int>(part[i] / width_);
            around(x, y, 1, [&](int nx, int ny) {
                if (there_[at(nx, ny)] == 0 || seen[at(nx, ny)] != 0) return;
                seen[at(nx, ny)] = 1;
                part.push_back(at(nx, ny));
            });
        }
        return part;
    }

    [[nodiscard]] std::optional<Box> bounds() const {
        Box box{width_, height_, -1, -1};
        for (int y = 0; y < height_; ++y) {
            for (int x = 0; x < width_; ++x) {
                if (there_[at(x, y)] == 0) continue;
                box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x),
                       std::max(box.bottom, y)};
            }
        }
        if (box.right < 0) return std::nullopt;
        return box;
    }

    void add(CutOut& result, int x, int y) const {
        const Colour seen = colour(x, y);
        bool near = there_[at(x, y)] != 0;
        if (!near) around(x, y, 1, [&](int nx, int ny) { near = near || there_[at(nx, ny)] != 0; });
        double coverage = near ? 1 : 0;
        Colour own = seen;
        if (near && inside_[at(x, y)] == 0) std::tie(own, coverage) = unmixed(x, y, seen);
        for (const double level : own) result.pixels.push_back(static_cast<float>(level * coverage));
        result.pixels.push_back(static_cast<float>(coverage));
    }

    // At the edge: the colour is that of what is inside nearby, and how far the pixel is on the way to it
    // says how much of it is there.
    [[nodiscard]] std::pair<Colour, double> unmixed(int x, int y, const Colour& seen) const {
        Colour own{};
        double weight = 0;
        around(x, y, edge_ + 2, [&](int nx, int ny) {
            if (inside_[at(nx, ny)] == 0) return;
            const double share = 1.0 / (1 + (nx - x) * (nx - x) + (ny - y) * (ny - y));
            const Colour one = colour(nx, ny);
            for (std::size_t c = 0; c < 3; ++c) own[c] += share * one[c];
            weight += share;
        });
        double coverage = thin_coverage(seen);
        if (weight > 0) {
            double along = 0;
            double whole = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                own[c] /= weight;
                along += (seen[c] - ground_[c]) * (own[c] - ground_[c]);
                whole += (own[c] - ground_[c]) * (own[c] - ground_[c]);
            }
            coverage = std::clamp(along / std::max(1.0, whole), 0.0, 1.0);
        } else {
            for (std::size_t c = 0; c < 3; ++c)
                own[c] =
                    std::clamp(ground_[c] + (seen[c] - ground_[c]) / std::max(0.2, coverage), 0.0, 255.0);
        }
        coverage = std::clamp((coverage - nothing_below) / (all_above - nothing_below), 0.0, 1.0);
        return {own, coverage};
    }

    // Where all of it is edge, so much of the ground is taken away that no more of its hue is left than the
    // rest of the drawing has.
    [[nodiscard]] double thin_coverage(const Colour& seen) const {
        const double ground = hue_of_ground(ground_);
        if (ground < clear_hue) return std::min(1.0, from_ground(seen) / unlike_usual);
        return std::clamp((ground - hue_of_ground(seen)) / std::max(1.0, ground - own_hue_), 0.0, 1.0);
    }

    std::string_view rgb_;
    int width_;
    int height_;
    int edge_;           // pixels
    std::size_t speck_;  // pixels; smaller parts are crumbs
    Colour ground_{};
    double own_hue_ = 0;  // levels, as of hue_of_ground()
    std::vector<std::uint8_t> there_;
    std::vector<std::uint8_t> inside_;
};

}  // namespace

std::optional<CutOut> cut_out(std::string_view rgb, int width, int height) {
    if (width <= 0 || height <= 0 || rgb.size() != static_cast<std::size_t>(width) * height * 3)
        return std::nullopt;
    return Taking(rgb, width, height).run();
}

}  // namespace ourvidz::scenes
