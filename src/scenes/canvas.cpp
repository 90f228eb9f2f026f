#include "scenes/canvas.h"

#include <algorithm>
#include <cmath>

namespace ourvidz::scenes {
namespace {

double length(double x, double y) {
    return std::sqrt(x * x + y * y);
}

// How far p is from the line through a and b; positive on its left, y being down.
double side(Point p, Point a, Point b) {
    const double x = b.x - a.x;
    const double y = b.y - a.y;
    return (x * (p.y - a.y) - y * (p.x - a.x)) / std::max(1e-9, length(x, y));
}

// Of `channels` numbers a pixel, between the four pixels that are nearest; outside: nothing, or the edge.
template <class Number>
void sample(const Number* pixels, int width, int height, int channels, bool clamped, double x, double y,
            double* out) {
    const int left = static_cast<int>(std::floor(x - 0.5));
    const int top = static_cast<int>(std::floor(y - 0.5));
    const double right_share = x - 0.5 - left;
    const double low_share = y - 0.5 - top;
    for (int c = 0; c < channels; ++c) out[c] = 0;
    for (int corner = 0; corner < 4; ++corner) {
        int at_x = left + corner % 2;
        int at_y = top + corner / 2;
        const double share =
            (corner % 2 == 1 ? right_share : 1 - right_share) * (corner / 2 == 1 ? low_share : 1 - low_share);
        if (clamped) {
            at_x = std::clamp(at_x, 0, width - 1);
            at_y = std::clamp(at_y, 0, height - 1);
        } else if (at_x < 0 || at_y < 0 || at_x >= width || at_y >= height) {
            continue;
        }
        const auto* pixel = pixels + (static_cast<std::size_t>(at_y) * width + at_x) * channels;
        for (int c = 0; c < channels; ++c) out[c] += share * static_cast<double>(pixel[c]);
    }
}

}  // namespace

Canvas::Canvas(std::string_view rgb, int rgb_width, int rgb_height, int width, int height, double scale,
               const View& view)
    : Canvas(Colour{}, width, height, scale) {
    const auto* from = reinterpret_cast<const unsigned char*>(rgb.data());
    const double whole =
        std::min(static_cast<double>(rgb_width) / width, static_cast<double>(rgb_height) / height);
    const double step = whole / std::max(1.0, view.zoom);
    const double left = (rgb_width - step * width) / 2 + view.x * (whole - step) * width / 2;
    const double top = (rgb_height - step * height) / 2 + view.y * (whole - step) * height / 2;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            double colour[3];
            sample(from, rgb_width, rgb_height, 3, true, left + (x + 0.5) * step, top + (y + 0.5) * step,
                   colour);
            float* pixel = &pixels_[(static_cast<std::size_t>(y) * width_ + x) * 3];
            for (int c = 0; c < 3; ++c) pixel[c] = static_cast<float>(colour[c]);
        }
    }
}

Canvas::Canvas(const Colour& colour, int width, int height, double scale)
    : width_(width), height_(height), scale_(scale), pixels_(static_cast<std::size_t>(width) * height * 3) {
    for (std::size_t i = 0; i < pixels_.size(); ++i) pixels_[i] = static_cast<float>(colour[i % 3]);
}

void Canvas::blend(int x, int y, const Colour& colour, double share) {
    float* pixel = &pixels_[(static_cast<std::size_t>(y) * width_ + x) * 3];
    for (int c = 0; c < 3; ++c)
        pixel[c] +=
            static_cast<float>(share * (std::clamp(colour[c], 0.0, 255.0) - static_cast<double>(pixel[c])));
}

template <class Coverage>
void Canvas::fill(Point low, Point high, const Colour& colour, double opacity, Coverage at) {
    const int left = std::max(0, static_cast<int>(std::floor(low.x * scale_)) - 1);
    const int top = std::max(0, static_cast<int>(std::floor(low.y * scale_)) - 1);
    const int right = std::min(width_ - 1, static_cast<int>(std::ceil(high.x * scale_)) + 1);
    const int bottom = std::min(height_ - 1, static_cast<int>(std::ceil(high.y * scale_)) + 1);
    for (int y = top; y <= bottom; ++y) {
        for (int x = left; x <= right; ++x) {
            const double share = at(Point{(x + 0.5) / scale_, (y + 0.5) / scale_});
            if (share > 0) blend(x, y, colour, opacity * std::min(1.0, share));
        }
    }
}

void Canvas::oval(Point middle, double radius_x, double radius_y, const Colour& colour, double opacity) {
    if (radius_x <= 0 || radius_y <= 0) return;
    fill({middle.x - radius_x, middle.y - radius_y}, {middle.x + radius_x, middle.y + radius_y}, colour,
         opacity, [&](Point p) {
             const double x = (p.x - middle.x) / radius_x;
             const double y = (p.y - middle.y) / radius_y;
             const double away = length(x, y);
             // The distance to the edge, by the first term of its series.
             const double slope = length(x / radius_x, y / radius_y) / std::max(away, 1e-9);
             return away < 1e-9 ? 1.0 : 0.5 - (away - 1) / slope * scale_;
         });
}

void Canvas::glow(Point middle, double radius, const Colour& colour, double opacity, double flat) {
    if (radius <= 0) return;
    fill({middle.x - radius, middle.y - radius * flat}, {middle.x + radius, middle.y + radius * flat}, colour,
         opacity,
         [&](Point p) { return 1 - length((p.x - middle.x) / radius, (p.y - middle.y) / (radius * flat)); });
}

void Canvas::line(Point from, Point to, double thickness, const Colour& colour, double opacity) {
    const double half = thickness / 2;
    const double x = to.x - from.x;
    const double y = to.y - from.y;
    const double squared = std::max(1e-9, x * x + y * y);
    fill({std::min(from.x, to.x) - half, std::min(from.y, to.y) - half},
         {std::max(from.x, to.x) + half, std::max(from.y, to.y) + half}, colour, opacity, [&](Point p) {
             const double along = std::clamp(((p.x - from.x) * x + (p.y - from.y) * y) / squared, 0.0, 1.0);
             const double away = length(p.x - from.x - along * x, p.y - from.y - along * y);
             return 0.5 + (half - away) * scale_;
         });
}

void Canvas::triangle(Point a, Point b, Point c, const Colour& colour) {
    if (side(c, a, b) < 0) std::swap(b, c);
    fill({std::min({a.x, b.x, c.x}), std::min({a.y, b.y, c.y})},
         {std::max({a.x, b.x, c.x}), std::max({a.y, b.y, c.y})}, colour, 1, [&](Point p) {
             return 0.5 + std::min({side(p, a, b), side(p, b, c), side(p, c, a)}) * scale_;
         });
}

void Canvas::cut_out(const CutOut& drawing, const Stand& stand, const Light& light, double waterline) {
    if (drawing.width <= 0 || drawing.height <= 0 || stand.width <= 0 || stand.height <= 0) return;
    const double cosine = std::cos(stand.turn);
    const double sine = std::sin(stand.turn);
    const double reach = length(stand.width, stand.height);
    // Reduced, a pixel is the mean of several of the drawing.
    const double step =
        std::max(drawing.width / (stand.width * scale_), drawing.height / (stand.height * scale_));
    const int taps = std::clamp(static_cast<int>(std::ceil(step)), 1, 4);
    const int left = std::max(0, static_cast<int>((stand.foot.x - reach) * scale_));
    const int right = std::min(width_ - 1, static_cast<int>((stand.foot.x + reach) * scale_));
    const int top = std::max(0, static_cast<int>((stand.foot.y - reach) * scale_));
    const int bottom = std::min(height_ - 1, static_cast<int>((stand.foot.y + reach) * scale_));
    for (int y = top; y <= bottom; ++y) {
        for (int x = left; x <= right; ++x) {
            double sum[4] = {0, 0, 0, 0};
            for (int tap = 0; tap < taps * taps; ++tap) {
                const double px = (x + (tap % taps + 0.5) / taps) / scale_;
                const double py = (y + (tap / taps + 0.5) / taps) / scale_;
                if (py > waterline) continue;
                const double across = (px - stand.foot.x) * cosine + (py - stand.foot.y) * sine;
                const double down = -(px - stand.foot.x) * sine + (py - stand.foot.y) * cosine;
                const double u = (stand.flipped ? -across : across) / stand.width + 0.5;
                const double v = down / stand.height + 1;
                double pixel[4];
                sample(drawing.pixels.data(), drawing.width, drawing.height, 4, false, u * drawing.width,
                       v * drawing.height, pixel);
                for (int c = 0; c < 4; ++c) sum[c] += pixel[c] / (taps * taps);
            }
            if (sum[3] < 1e-3) continue;
            Colour colour;
            for (std::size_t c = 0; c < 3; ++c) {
                const double own = sum[c] / sum[3] * light.multiply[c];
                colour[c] = own + (light.towards[c] - own) * light.share;
            }
            blend(x, y, colour, std::min(1.0, sum[3]));
        }
    }
}

Colour Canvas::colour_at(Point middle, double radius) const {
    Colour sum{};
    int count = 0;
    const int reach = std::max(1, static_cast<int>(radius * scale_));
    const int at_x = static_cast<int>(middle.x * scale_);
    const int at_y = static_cast<int>(middle.y * scale_);
    for (int y = std::max(0, at_y - reach); y <= std::min(height_ - 1, at_y + reach); ++y) {
        for (int x = std::max(0, at_x - reach); x <= std::min(width_ - 1, at_x + reach); ++x) {
            for (std::size_t c = 0; c < 3; ++c)
                sum[c] += static_cast<double>(pixels_[(static_cast<std::size_t>(y) * width_ + x) * 3 + c]);
            ++count;
        }
    }
    for (auto& level : sum) level /= std::max(1, count);
    return sum;
}

std::string Canvas::rgb() const {
    std::string bytes(pixels_.size(), '\0');
    std::transform(pixels_.begin(), pixels_.end(), bytes.begin(), [](float level) {
        return static_cast<char>(static_cast<unsigned char>(std::clamp(level, 0.0F, 255.0F) + 0.5F));
    });
    return bytes;
}

}  // namespace ourvidz::scenes
