#include "scenes/book.h"

#include <algorithm>

#include "base/json.h"

namespace ourvidz::scenes {
namespace {

constexpr std::size_t entries_max = 4'000;
constexpr std::size_t list_max = 200;
constexpr std::size_t text_bytes_max = 100;

// One object of the file, read field by field.
class Section {
  public:
    Section(const json::object& object, std::string path)
        : path_(std::move(path)), reader_(object, path_ + ".") {}

    std::string text(std::string_view name) { return reader_.required_text(name, text_bytes_max); }
    std::string text_or_none(std::string_view name) {
        return reader_.text(name, text_bytes_max).value_or("");
    }
    void fail(std::string_view name, std::string why) { reader_.fail(name, std::move(why)); }
    bool flag(std::string_view name) { return reader_.boolean(name).value_or(false); }
    std::optional<double> share(std::string_view name, double max = 4) {
        return reader_.number(name, 0, max);
    }
    double required_share(std::string_view name, double max = 4) {
        const auto value = share(name, max);
        if (!value) reader_.fail(name, "is missing");
        return value.value_or(0);
    }

    std::vector<std::string> texts(std::string_view name) {
        std::vector<std::string> found;
        const auto* list = reader_.array(name, list_max);
        if (list == nullptr) return found;
        for (const auto& one : *list) {
            if (!one.is_string() || one.get_string().size() > text_bytes_max || one.get_string().empty()) {
                reader_.fail(name, "must be a list of texts");
                break;
            }
            found.emplace_back(one.get_string());
        }
        return found;
    }

    template <std::size_t Size>
    std::optional<std::array<double, Size>> numbers(std::string_view name, double max) {
        const auto* list = reader_.array(name, Size);
        if (list == nullptr) return std::nullopt;
        std::array<double, Size> found{};
        bool fits = list->size() == Size;
        for (std::size_t i = 0; fits && i < Size; ++i) {
            fits = (*list)[i].is_number();
            if (fits) found[i] = (*list)[i].to_number<double>();
            fits = fits && found[i] >= 0 && found[i] <= max;
        }
        if (!fits)
            reader_.fail(name, "must be " + std::to_string(Size) + " numbers of 0 to " + std::to_string(max));
        return found;
    }
    Colour colour(std::string_view name) { return numbers<3>(name, 255).value_or(Colour{}); }

    template <class Value>
    Value choice(std::string_view name, const std::vector<std::pair<std::string_view, Value>>& values) {
        const auto text = reader_.text(name, text_bytes_max);
        if (!text) return values.front().second;
        for (const auto& [word, value] : values)
            if (word == *text) return value;
        reader_.fail(name, "is not one of those that there are");
        return values.front().second;
    }

    [[nodiscard]] Result<void> finish() { return reader_.finish(); }

  private:
    std::string path_;
    FieldReader reader_;
};

Light read_light(Section& from) {
    Light light;
    light.phrases = from.texts("phrases");
    light.multiply = from.numbers<3>("multiply", 4).value_or(std::array<double, 3>{1, 1, 1});
    light.towards = from.colour("towards");
    light.share = from.required_share("share", 1);
    light.haze = from.colour("haze");
    light.shadow = from.required_share("shadow", 1);
    return light;
}

Weather read_weather(Section& from) {
    Weather weather;
    weather.phrases = from.texts("phrases");
    weather.cover = from.required_share("cover", 1);
    return weather;
}

Place read_place(Section& from) {
    Place place;
    place.code = from.text("code");
    place.noun = from.text("noun");
    place.phrases = from.texts("phrases");
    place.names = from.texts("names");
    place.habitats = from.texts("habitats");
    place.weathers = from.texts("weathers");
    place.horizon = from.required_share("horizon", 1);
    place.feet = from.share("feet", 1);
    place.floor = from.choice<Floor>("floor", {{"", Floor::bare},
                                               {"plain", Floor::plain},
                                               {"grass", Floor::grass},
                                               {"mound", Floor::mound},
                                               {"float", Floor::afloat}});
    place.water = from.flag("water");
    place.rough = from.flag("rough");
    place.closed = from.flag("closed");
    place.indoor = from.flag("indoor");
    place.timed = from.flag("timed");
    return place;
}

Thing read_thing(Section& from) {
    Thing thing;
    thing.called = from.texts("called");
    thing.size = from.required_share("size");
    thing.where = from.choice<Where>("where", {{"g", Where::ground},
                                               {"f", Where::air},
                                               {"k", Where::high},
                                               {"b", Where::boat},
                                               {"s", Where::swims},
                                               {"w", Where::under_water},
                                               {"c", Where::tower}});
    thing.habitats = from.texts("habitats");
    thing.styles = from.texts("styles");
    thing.colours = from.texts("colours");
    thing.paintable = from.flag("paintable");
    thing.creature = from.flag("creature");
    thing.great = from.flag("great");
    thing.sky_roof = from.flag("sky_roof");
    thing.hides_legs = from.flag("hides_legs");
    thing.floats = from.flag("floats");
    thing.head = from.flag("head");
    thing.spectacles = from.flag("spectacles");
    thing.top = from.share("top");
    thing.saddle = from.share("saddle");
    thing.hollow = from.share("hollow");
    thing.roof = from.share("roof");
    thing.hat = from.numbers<2>("hat", 2);
    return thing;
}

template <class Entry>
Result<std::vector<Entry>> read_all(const json::object* sections, const std::string& path,
                                    Entry (*read)(Section&)) {
    std::vector<Entry> entries;
    if (sections == nullptr || sections->empty()) return invalid_field(path, "needs at least one");
    if (sections->size() > entries_max) return invalid_field(path, "has too many");
    for (const auto& [name, value] : *sections) {
        const auto where = path + "." + std::string(name);
        if (!value.is_object()) return invalid_field(where, "must be an object");
        Section section(value.get_object(), where);
        Entry entry = read(section);
        OURVIDZ_CHECK(section.finish());
        entry.name = name;
        entries.push_back(std::move(entry));
    }
    return entries;
}

// Each value of an object of the book is read by `read(section, name)`.
template <class Read>
Result<void> read_each(const json::object* values, const std::string& path, Read read) {
    if (values == nullptr) return {};
    Section section(*values, path);
    for (const auto& [name, value] : *values) read(section, name);
    return section.finish();
}

Result<void> read_colours(FieldReader& reader, Book& book) {
    const auto* colours = reader.array("colours", list_max);
    if (colours != nullptr) {
        for (const auto& colour : *colours) {
            if (!colour.is_string()) return invalid_field("colours", "must be a list of texts");
            book.colours.emplace(colour.get_string(), colour.get_string());
        }
    }
    const auto synonym = [&book](Section& section, std::string_view name) {
        auto colour = section.text(name);
        if (!book.colours.contains(colour)) section.fail(name, "must be one of the colours");
        book.colours.emplace(name, std::move(colour));
    };
    return read_each(reader.object("colour_synonyms"), "colour_synonyms", synonym);
}

Result<void> read_words(FieldReader& reader, Book& book) {
    OURVIDZ_CHECK(read_colours(reader, book));
    OURVIDZ_CHECK(read_each(reader.object("grounds"), "grounds", [&book](Section& section, auto name) {
        book.grounds.emplace(name, section.colour(name));
    }));
    return read_each(reader.object("sizes"), "sizes", [&book](Section& section, auto name) {
        book.sizes.emplace(name, section.required_share(name));
    });
}

Result<void> read_when(const json::object* when, Book& book) {
    if (when == nullptr) return invalid_field("when", "is missing");
    FieldReader sides(*when, "when.");
    for (const auto& [side, words] : {std::pair{"outdoor", &book.outdoors}, {"indoor", &book.indoors}}) {
        const auto* pairs = sides.object(side);
        const auto path = std::string("when.") + side;
        if (pairs == nullptr) return invalid_field(path, "is missing");
        OURVIDZ_CHECK(read_each(pairs, path, [words = words](Section& section, auto pair) {
            words->emplace(pair, section.text_or_none(pair));
        }));
    }
    return sides.finish();
}

template <class Entry>
const Entry* find(const std::vector<Entry>& entries, std::string_view name) {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const Entry& one) { return one.name == name; });
    return found == entries.end() ? nullptr : &*found;
}

}  // namespace

bool Place::has(const Weather& weather) const {
    return std::find(weathers.begin(), weathers.end(), weather.name) != weathers.end();
}

const Light& Book::light(std::string_view name) const {
    const auto* found = find(lights, name);
    return found != nullptr ? *found : lights.front();
}

const Weather& Book::weather(std::string_view name) const {
    const auto* found = find(weathers, name);
    return found != nullptr ? *found : weathers.front();
}

const Place* Book::place(std::string_view name) const {
    return find(places, name);
}

const Thing* Book::thing(std::string_view name) const {
    return find(things, name);
}

Result<Book> parse_book(std::string_view text) {
    OURVIDZ_TRY(root, parse_json_object(text));
    FieldReader reader(root);
    Book book;
    (void)reader.required_integer("schema", 1, 1);
    const auto* styles = reader.array("styles", list_max);
    if (styles != nullptr) {
        Section section(root, "book");
        book.styles = section.texts("styles");
    }
    OURVIDZ_CHECK(read_words(reader, book));
    OURVIDZ_CHECK(read_when(reader.object("when"), book));
    OURVIDZ_TRY(lights, read_all<Light>(reader.object("times"), "times", read_light));
    OURVIDZ_TRY(weathers, read_all<Weather>(reader.object("weathers"), "weathers", read_weather));
    OURVIDZ_TRY(places, read_all<Place>(reader.object("places"), "places", read_place));
    OURVIDZ_TRY(things, read_all<Thing>(reader.object("things"), "things", read_thing));
    OURVIDZ_CHECK(reader.finish());
    book.lights = std::move(lights);
    book.weathers = std::move(weathers);
    book.places = std::move(places);
    book.things = std::move(things);
    return book;
}

}  // namespace ourvidz::scenes
