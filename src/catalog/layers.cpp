#include "catalog/layers.h"

#include <algorithm>
#include <utility>

namespace ourvidz::catalog {
namespace {

constexpr std::size_t over_pictures_bytes_max = 100;
constexpr std::size_t path_bytes_max = 200;
constexpr std::size_t names_max = 6;  // in a sentence
constexpr int side_min = 64;
constexpr int side_max = 1024;

std::string too_much_in(const scenes::Plan& plan) {
    std::string names;
    for (std::size_t i = 0; i < std::min(plan.left_out.size(), names_max); ++i)
        names.append(i == 0 ? "" : ", ").append(plan.left_out[i]->name);
    if (plan.left_out.size() > names_max) names += ", ...";
    if (!names.empty()) return "That is more than fits into one scene; left out: " + names + ".";
    if (plan.fewer) return "A scene has at most " + std::to_string(scenes::things_max) + " things.";
    return "";
}

std::string weather_not_drawn(const scenes::Plan& plan) {
    if (plan.place == nullptr || plan.weather == nullptr) return "";
    if (plan.place->timed && plan.place->has(*plan.weather)) return "";
    return "This model does not draw " + plan.place->noun + " in " + plan.weather->name + ".";
}

}  // namespace

bool is_below(std::string_view path) {
    return path.find("..") == std::string_view::npos && !path.starts_with('/');
}

Result<Layers> parse_layers(const json::object& object) {
    FieldReader reader(object, "layers.");
    Layers layers;
    layers.book_file = reader.required_text("book", path_bytes_max);
    if (!is_below(layers.book_file)) reader.fail("book", "must be a path below the manifest's folder");
    layers.thing_side =
        static_cast<int>(reader.integer("thing_side", side_min, side_max).value_or(layers.thing_side));
    layers.place_side =
        static_cast<int>(reader.integer("place_side", side_min, side_max).value_or(layers.place_side));
    layers.over_pictures = reader.text("over_pictures", over_pictures_bytes_max).value_or("");
    OURVIDZ_CHECK(reader.finish());
    return layers;
}

std::string not_drawn_of(const Layers& layers, std::string_view prompt) {
    const auto plan = layers.reader->read(prompt);
    auto sentences = too_much_in(plan);
    const auto weather = weather_not_drawn(plan);
    if (!sentences.empty() && !weather.empty()) sentences += " ";
    return sentences + weather;
}

Result<void> read_book(std::string_view text, Layers& layers) {
    OURVIDZ_TRY(book, scenes::parse_book(text));
    layers.book = std::make_shared<const scenes::Book>(std::move(book));
    layers.reader = std::make_shared<const scenes::PromptReader>(*layers.book);
    return {};
}

}  // namespace ourvidz::catalog
