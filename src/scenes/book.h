// What is known of the places and things that little scenes are put together from: what people call them,
// where a thing stands and how large it is beside others, and what the networks that draw the layers are
// told. One file beside a model's manifest (models/catalog/README.md), made by
// models/nano/recipe/scenes_book.py.
//
// A scene's unit of length is 1/128 of the picture's shorter side.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ourvidz::scenes {

// Levels of red, green and blue, 0..255.
using Colour = std::array<double, 3>;

// How the light of a time of day changes a thing: times `multiply`, then a `share` of the way towards a
// colour.
struct Light {
    std::string name;  // "morning", "day", "dusk" or "night"
    std::vector<std::string> phrases;
    std::array<double, 3> multiply{1, 1, 1};
    Colour towards{};
    double share = 0;
    Colour haze{};      // of far things
    double shadow = 0;  // how dark one is on the ground, 0..1
};

struct Weather {
    std::string name;  // "clear", "rain", "snowfall" or "fog"
    std::vector<std::string> phrases;
    double cover = 0;  // of the sky, 0..1
};

enum class Floor { bare, plain, grass, mound, afloat };

struct Place {
    std::string name;
    std::string code;                  // in the words of the places' network
    std::string noun;                  // "a snowy field"
    std::vector<std::string> phrases;  // "in the snow": said of what is there
    std::vector<std::string> names;    // other words for it, without a preposition
    std::vector<std::string> habitats;
    std::vector<std::string> weathers;  // by name, in which it can be drawn
    double horizon = 0.6;               // where the ground ends, of the height from above
    std::optional<double> feet;         // where all things stand, where that is one line
    Floor floor = Floor::bare;          // what covers feet; afloat: things are anywhere
    bool water = false;                 // boats float and swimmers swim
    bool rough = false;                 // the water
    bool closed = false;                // no weather before the things
    bool indoor = false;
    bool timed = false;  // whether time of day and weather are to be seen

    // Whether it can be drawn in this weather.
    [[nodiscard]] bool has(const Weather& weather) const;
};

enum class Where { ground, air, high, boat, swims, under_water, tower };

struct Thing {
    std::string name;
    std::vector<std::string> called;  // the name first, synonyms, plurals
    double size = 1;                  // beside a fox
    Where where = Where::ground;
    std::vector<std::string> habitats;
    std::vector<std::string>
        styles;  // the words for the sets that have a drawing of it; none where it is our own
    std::vector<std::string> colours;  // it is always in one of these, the first where nobody says which
    bool paintable = false;
    bool creature = false;
    bool great = false;     // hills and towers: things fly over them
    bool sky_roof = false;  // what may be under it has it far above
    bool hides_legs = false;
    bool floats = false;      // held, it is above the hand
    bool head = false;        // its drawing is a head on a sitting body
    bool spectacles = false;  // worn before the eyes
    // How high up one sits on it or in it, or stands on it, as shares of its height.
    std::optional<double> top;
    std::optional<double> saddle;
    std::optional<double> hollow;
    std::optional<double> roof;                // one stands under it; its height beside what does
    std::optional<std::array<double, 2>> hat;  // worn: where its foot is and how high it is, of who wears it
};

struct Book {
    std::map<std::string, std::string, std::less<>> colours;  // what people say -> the network's word
    std::map<std::string, double, std::less<>> sizes;         // "giant" -> 1.5
    std::vector<std::string> styles;  // words; a scene has things of one set where it can
    // What the places' network is told of time and weather: "night rain" -> its words, which may be none.
    std::map<std::string, std::string, std::less<>> outdoors;
    std::map<std::string, std::string, std::less<>> indoors;
    std::vector<Light> lights;
    std::vector<Weather> weathers;
    std::vector<Place> places;
    std::vector<Thing> things;
    std::map<std::string, Colour, std::less<>> grounds;  // plain backgrounds, by what people call them

    [[nodiscard]] const Light& light(std::string_view name) const;      // the first where it has none
    [[nodiscard]] const Weather& weather(std::string_view name) const;  // likewise
    [[nodiscard]] const Place* place(std::string_view name) const;
    [[nodiscard]] const Thing* thing(std::string_view name) const;
};

// Errors: invalid_field with the place in the file. A book has at least one of each.
[[nodiscard]] Result<Book> parse_book(std::string_view text);

}  // namespace ourvidz::scenes
