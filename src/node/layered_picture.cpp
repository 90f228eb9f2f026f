#include "node/layered_picture.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "prompts/motion.h"
#include "scenes/cut_out.h"

namespace ourvidz::node {
namespace {

constexpr double unit_side = 128;  // units of the shorter side
constexpr scenes::Colour pale_ground{250, 250, 250};

// The longer side of a place that is no square is four thirds of the shorter: in these shapes it was trained.
std::pair<int, int> place_size(int side, int width, int height) {
    if (width == height) return {side, side};
    return width > height ? std::pair{side * 4 / 3, side} : std::pair{side, side * 4 / 3};
}

}  // namespace

Result<LayeredPicture> LayeredPicture::read(const catalog::Layers& layers,
                                            const engine::ImageRequest& whole) {
    auto plan = layers.reader->read(prompts::without_camera_words(whole.prompt));
    if (!plan.says_something())
        return invalid_field("prompt", "This model knows none of the words as a thing or a place to draw.");
    return LayeredPicture(layers, whole, scenes::settled(*layers.book, std::move(plan), whole.seed));
}

LayeredPicture::LayeredPicture(const catalog::Layers& layers, const engine::ImageRequest& whole,
                               scenes::Plan plan)
    : plan_(std::move(plan)),
      width_(whole.width),
      height_(whole.height),
      scale_(std::min(whole.width, whole.height) / unit_side),
      seed_(whole.seed),
      has_place_(plan_.place != nullptr) {
    frame_ = {width_ / scale_, height_ / scale_};
    const auto& book = *layers.book;
    const auto ground = book.grounds.find(plan_.ground);
    ground_ = ground != book.grounds.end() ? ground->second : pale_ground;
    engine::ImageRequest request = whole;
    request.negative_prompt.clear();
    if (has_place_) {
        std::tie(request.width, request.height) = place_size(layers.place_side, width_, height_);
        request.prompt = scenes::place_words(book, plan_);
        request.second_network = true;
        requests_.push_back(request);
    }
    request.width = request.height = layers.thing_side;
    request.second_network = false;
    const auto& styles = book.styles;
    const std::string style = styles.empty() ? "" : styles[static_cast<std::uint64_t>(seed_) % styles.size()];
    for (const auto& asked : plan_.asked) {
        request.prompt = scenes::thing_words(asked, style);
        const auto same =
            std::find_if(requests_.begin(), requests_.end(), [&](const engine::ImageRequest& other) {
                return !other.second_network && other.prompt == request.prompt;
            });
        request_of_.push_back(static_cast<std::size_t>(same - requests_.begin()));
        if (same == requests_.end()) requests_.push_back(request);
    }
    things_.resize(requests_.size());
    lay_out();
}

// Where things stand depends on the shapes that they turned out to have.
void LayeredPicture::lay_out() {
    std::vector<double> aspects;
    for (const auto request : request_of_) aspects.push_back(things_[request].drawing.aspect());
    placed_ = scenes::lay_out(plan_, aspects, frame_, seed_);
}

bool LayeredPicture::take(std::size_t request, safety::Picture drawn) {
    if (requests_[request].second_network) {
        place_ = std::move(drawn);
        return true;
    }
    auto found = scenes::cut_out(drawn.rgb, drawn.width, drawn.height);
    if (!found) return false;
    things_[request] = scenes::drawn(std::move(*found));
    lay_out();
    return true;
}

safety::Picture LayeredPicture::frame(const scenes::Moment& moment, const scenes::View& view) const {
    scenes::Canvas canvas = place_.rgb.empty() ? scenes::Canvas(ground_, width_, height_, scale_)
                                               : scenes::Canvas(place_.rgb, place_.width, place_.height,
                                                                width_, height_, scale_, view);
    std::vector<const scenes::Drawn*> things;
    for (const auto request : request_of_) things.push_back(&things_[request]);
    scenes::compose(canvas, plan_, things, placed_, frame_, seed_, moment);
    return {width_, height_, canvas.rgb()};
}

json::object LayeredPicture::description() const {
    json::array things(plan_.asked.size());
    const auto pixels = [this](double units) { return std::lround(units * scale_); };
    for (const auto& placed : placed_) {
        const auto& asked = plan_.asked[placed.asked];
        things[placed.asked] = {
            {"name", asked.colour.empty() ? asked.thing->name : asked.colour + " " + asked.thing->name},
            {"box",
             {pixels(placed.x - placed.width / 2), pixels(placed.y - placed.height), pixels(placed.width),
              pixels(placed.height)}}};
    }
    json::object description{{"things", std::move(things)}};
    if (plan_.asked.size() > 1) description["relation"] = scenes::to_string(plan_.relation);
    if (has_place_) {
        description["place"] = plan_.place->name;
        description["time"] = plan_.light->name;
        description["weather"] = plan_.weather->name;
    } else {
        description["background"] = plan_.ground;
    }
    return description;
}

}  // namespace ourvidz::node
