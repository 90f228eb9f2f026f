// A picture that shapes are drawn on. Lengths are units: `scale` pixels each; edges are smooth. Not
// thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenes/book.h"

namespace ourvidz::scenes {

struct Point {
    double x = 0;
    double y = 0;
};

// A drawing without its ground, cropped to what is to be seen. Rows from top to bottom, four numbers a pixel:
// red, green and blue of 0..255 times the coverage, and the coverage of 0..1.
struct CutOut {
    int width = 0;
    int height = 0;
    std::vector<float> pixels;
    [[nodiscard]] double aspect() const { return height > 0 ? static_cast<double>(width) / height : 1; }
};

// Where and how a cut-out is drawn: the middle of its foot, its size, and about that point turned and
// flipped.
struct Stand {
    Point foot;
    double width = 0;
    double height = 0;
    bool flipped = false;
    double turn = 0;  // radians, clockwise
};

// Which part of a picture is shown.
struct View {
    double zoom = 1;  // 1: all of it
    double x = 0;     // -1..1: of the room that the zoom leaves, to the right
    double y = 0;     // down
};

class Canvas {
  public:
    // Shows a picture of rgb_width * rgb_height * 3 bytes, enlarged or reduced until it covers width x height
    // pixels of `scale` a unit, from its middle.
    Canvas(std::string_view rgb, int rgb_width, int rgb_height, int width, int height, double scale,
           const View& view = {});
    // Of one colour.
    Canvas(const Colour& colour, int width, int height, double scale);

    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }

    void oval(Point middle, double radius_x, double radius_y, const Colour& colour, double opacity);
    // Opaque in the middle, nothing at the edge; `flat`: the height by the width.
    void glow(Point middle, double radius, const Colour& colour, double opacity, double flat = 1);
    void line(Point from, Point to, double thickness, const Colour& colour, double opacity);
    void triangle(Point a, Point b, Point c, const Colour& colour);
    // Nothing of it below `waterline`, in units from above. `light` changes its colours.
    void cut_out(const CutOut& drawing, const Stand& stand, const Light& light, double waterline = 1e9);

    // The mean of what is round that point.
    [[nodiscard]] Colour colour_at(Point middle, double radius) const;
    // width * height * 3 bytes, rows from top to bottom.
    [[nodiscard]] std::string rgb() const;

  private:
    // Calls at(x, y in units of the pixel's middle) -> coverage for each pixel in the box, and lays the
    // colour over it.
    template <class Coverage>
    void fill(Point low, Point high, const Colour& colour, double opacity, Coverage at);
    void blend(int x, int y, const Colour& colour, double share);

    int width_;
    int height_;
    double scale_;
    std::vector<float> pixels_;  // three numbers of 0..255 each
};

}  // namespace ourvidz::scenes
