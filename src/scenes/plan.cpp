#include "scenes/plan.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "base/text.h"
#include "scenes/random.h"

namespace ourvidz::scenes {
namespace {

constexpr std::array articles{"a",   "an",    "the", "some", "any",  "his",   "her",
                              "its", "their", "my",  "very", "cute", "lovely"};

bool is_digit(char sign) {
    return sign >= '0' && sign <= '9';
}

// The sign in "1,000" or "2.5".
bool is_inside_number(std::string_view text, std::size_t at) {
    const auto digit = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
    if (at == 0 || !digit(at - 1) || !digit(at + 1)) return false;
    return text[at] == '.' || (text[at] == ',' && digit(at + 2) && digit(at + 3) && !digit(at + 4));
}

// In lower case, without articles; a comma is a word.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words(1);
    const auto next = [&words] {
        if (!words.back().empty()) words.emplace_back();
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char sign = text[at];
        const auto byte = static_cast<unsigned char>(sign);
        if (const auto bytes = separator_bytes(text, at); bytes > 0) {
            if (text.substr(at).starts_with(apostrophe))
                words.back() += '\'';
            else
                next();
            at += bytes - 1;
            continue;
        }
        if (is_inside_number(text, at)) {
            if (sign == '.') words.back() += sign;
            continue;
        }
        if (std::isalnum(byte) != 0 || byte >= 0x80 || sign == '\'') {
            words.back() += static_cast<char>(std::tolower(byte));
            continue;
        }
        next();
        if (sign != ',') continue;
        words.back() = ",";
        next();
    }
    for (auto& word : words) {  // 'a dog'
        while (word.ends_with('\'')) word.pop_back();
        word.erase(0, std::min(word.find_first_not_of('\''), word.size()));
    }
    std::erase_if(words, [](const std::string& word) {
        return word.empty() || std::find(articles.begin(), articles.end(), word) != articles.end();
    });
    return words;
}

struct RelationWords {
    std::string_view words;
    Relation relation;
};
constexpr std::array relation_words{
    RelationWords{"and", Relation::beside},
    RelationWords{",", Relation::beside},
    RelationWords{"next to", Relation::beside},
    RelationWords{"beside", Relation::beside},
    RelationWords{"near", Relation::beside},
    RelationWords{"by", Relation::beside},
    RelationWords{"on", Relation::on},
    RelationWords{"riding", Relation::on},
    RelationWords{"riding on", Relation::on},
    RelationWords{"rides", Relation::on},
    RelationWords{"sitting on", Relation::on},
    RelationWords{"standing on", Relation::on},
    RelationWords{"sits on", Relation::on},
    RelationWords{"on top of", Relation::on},
    RelationWords{"in", Relation::inside},
    RelationWords{"inside", Relation::inside},
    RelationWords{"driving", Relation::inside},
    RelationWords{"sitting in", Relation::inside},
    RelationWords{"under", Relation::under},
    RelationWords{"below", Relation::under},
    RelationWords{"beneath", Relation::under},
    RelationWords{"underneath", Relation::under},
    RelationWords{"behind", Relation::behind},
    RelationWords{"in front of", Relation::in_front},
    RelationWords{"holding", Relation::holding},
    RelationWords{"holds", Relation::holding},
    RelationWords{"carrying", Relation::holding},
    RelationWords{"with", Relation::holding},
    RelationWords{"playing", Relation::holding},
    RelationWords{"eating", Relation::holding},
    RelationWords{"reading", Relation::holding},
    RelationWords{"wearing", Relation::wearing},
    RelationWords{"wears", Relation::wearing},
    RelationWords{"over", Relation::over},
    RelationWords{"above", Relation::over},
    RelationWords{"flying over", Relation::over},
    RelationWords{"flying above", Relation::over},
    RelationWords{"flies over", Relation::over},
};

// "in a snowy forest" -> "snowy forest", which people say too.
std::string_view without_preposition(std::string_view phrase) {
    for (const std::string_view before :
         {"in front of ", "in ", "on ", "at ", "by ", "among ", "near ", "inside ", "below "})
        if (phrase.starts_with(before)) return phrase.substr(before.size());
    return phrase;
}

struct CountWord {
    std::string_view word;
    int count;
};
constexpr int all = static_cast<int>(things_max);
constexpr int too_many = all + 1;  // and more: as many as fit are drawn
constexpr std::array count_words{
    CountWord{"two", 2},      CountWord{"couple of", 2},  CountWord{"pair of", 2},
    CountWord{"three", 3},    CountWord{"few", 3},        CountWord{"group of", 4},
    CountWord{"four", 4},     CountWord{"several", 4},    CountWord{"bunch of", 4},
    CountWord{"five", 5},     CountWord{"many", all},     CountWord{"lots of", all},
    CountWord{"lot of", all}, CountWord{"flock of", all}, CountWord{"herd of", all},
};
constexpr std::array words_of_too_many{
    "six",         "seven",    "eight",        "nine",    "ten",        "eleven",   "twelve",   "dozen",
    "thirteen",    "fourteen", "fifteen",      "sixteen", "seventeen",  "eighteen", "nineteen", "twenty",
    "thirty",      "forty",    "fifty",        "sixty",   "seventy",    "eighty",   "ninety",   "hundred",
    "hundreds of", "thousand", "thousands of", "million", "millions of"};
constexpr int of_a_plural = 3;  // "bats", of which nobody says how many
constexpr std::array words_of_denial{"no", "not", "without", "never", "zero"};

// "3", at most too_many; nothing for what is no number of things, as years are.
std::optional<int> number_in(std::string_view word) {
    const bool is_year = word.size() == 4 && word >= "1500" && word < "2100";
    if (word.empty() || is_year) return std::nullopt;
    if (word.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    int number = 0;
    for (const char digit : word) number = std::min(number * 10 + (digit - '0'), too_many);
    return number;
}

// Whether a name of the thing is that of several, because another of its names is that of one of them.
bool is_plural(const Thing& thing, std::string_view name) {
    if (!name.ends_with('s')) return false;
    const auto has = [&](const std::string& one) {
        return std::find(thing.called.begin(), thing.called.end(), one) != thing.called.end();
    };
    const std::string single(name.substr(0, name.size() - 1));
    if (has(single)) return true;
    if (name.ends_with("ies") && has(std::string(name.substr(0, name.size() - 3)) + "y")) return true;
    return name.ends_with("es") && has(std::string(name.substr(0, name.size() - 2)));
}

bool is_worn(const Thing& thing) {
    return thing.hat.has_value() || thing.spectacles;
}

// What the words mean for these two; "with a hat" is worn, "in a hat" too, and what nobody can be in stands
// beside.
Relation fitting(Relation said, const Thing& first, const Thing& second) {
    switch (said) {
        case Relation::holding:
            if (is_worn(second) && first.creature) return Relation::wearing;
            return first.creature && second.size <= 1 ? Relation::holding : Relation::beside;
        case Relation::inside:
            if (is_worn(second)) return Relation::wearing;
            if (second.hollow) return Relation::inside;
            return second.top || second.saddle ? Relation::on : Relation::beside;
        case Relation::wearing:
            return is_worn(second) ? said : Relation::holding;
        case Relation::on:
            return second.where == Where::ground || second.hollow ? said : Relation::beside;
        default:
            return said;
    }
}

// The colour that it can have when this one is asked for.
std::string colour_of(const Thing& thing, const std::string& asked) {
    if (thing.colours.empty()) return thing.paintable ? asked : "";
    const bool has = std::find(thing.colours.begin(), thing.colours.end(), asked) != thing.colours.end();
    return has ? asked : thing.colours.front();
}

bool shares_one(const std::vector<std::string>& some, const std::vector<std::string>& others) {
    return std::any_of(some.begin(), some.end(), [&](const std::string& one) {
        return std::find(others.begin(), others.end(), one) != others.end();
    });
}

// Where whatever stands on the ground can stand.
bool has_ground(const Place& place) {
    return !place.water && place.floor != Floor::afloat;
}

std::vector<const Place*> homes_of(const Book& book, const Plan& plan) {
    std::vector<const Place*> homes;
    const bool second = plan.relation == Relation::over || plan.relation == Relation::inside;
    const Thing* thing =
        plan.asked.empty() ? nullptr : plan.asked[second && plan.asked.size() > 1 ? 1 : 0].thing;
    for (const auto& place : book.places) {
        if (plan.light != nullptr && !place.timed) continue;
        if (plan.weather != nullptr && !place.has(*plan.weather)) continue;
        if (plan.relation != Relation::beside && !has_ground(place)) continue;
        const bool is_home = thing == nullptr ? !place.indoor && has_ground(place)
                                              : shares_one(thing->habitats, place.habitats);
        if (is_home) homes.push_back(&place);
    }
    if (!homes.empty()) return homes;
    for (const auto& place : book.places)
        if (has_ground(place) && !place.indoor && place.timed) homes.push_back(&place);
    return homes;
}

}  // namespace

std::string_view to_string(Relation relation) {
    switch (relation) {
        case Relation::beside:
            return "beside";
        case Relation::on:
            return "on";
        case Relation::inside:
            return "inside";
        case Relation::under:
            return "under";
        case Relation::behind:
            return "behind";
        case Relation::in_front:
            return "in_front";
        case Relation::holding:
            return "holding";
        case Relation::wearing:
            return "wearing";
        case Relation::over:
            return "over";
    }
    return "";
}

PromptReader::PromptReader(const Book& book) {
    // First what the whole picture is in: "rain" is the weather, although there is a drawing of a cloud that
    // rains.
    for (const auto& light : book.lights)
        for (const auto& phrase : light.phrases) add(phrase, &light);
    for (const auto& weather : book.weathers)
        for (const auto& phrase : weather.phrases) add(phrase, &weather);
    for (const auto& thing : book.things) {
        for (const auto& name : thing.called)
            add(name, is_plural(thing, name) ? What(Plural{&thing}) : What(&thing));
    }
    for (const auto& place : book.places) {
        for (const auto& phrase : place.phrases) add(phrase, &place);
        for (const auto& phrase : place.phrases) add(without_preposition(phrase), &place);
        for (const auto& name : place.names) add_name(name, place);
        add_name(place.noun, place);
    }
    for (const auto& [words, relation] : relation_words) add(words, relation);
    for (const auto& [said, colour] : book.colours) {
        add(said, Painted{colour});
        if (book.grounds.contains(colour)) add(said + " background", Background{colour});
    }
    for (const auto& [name, ground] : book.grounds) add(name + " background", Background{name});
    for (const auto& [said, size] : book.sizes) add(said, Sized{size});
    for (const auto& [word, count] : count_words) add(word, Count{count});
    for (const auto* word : words_of_too_many) add(word, Count{too_many});
    for (const auto* word : words_of_denial) add(word, Without{});
    for (auto& [word, meanings] : by_first_word_) {
        std::stable_sort(meanings.begin(), meanings.end(), [](const Meaning& one, const Meaning& other) {
            return one.words.size() > other.words.size();
        });
    }
}

void PromptReader::add_name(std::string_view name, const Place& place) {
    if (add(name, &place)) return;
    const auto words = words_of(name);
    const auto* other = words.empty() ? nullptr : at(words, 0);
    // All of it: a train is no "train station".
    if (other == nullptr || other->words.size() < words.size()) return;
    if (const auto* one = std::get_if<const Thing*>(&other->what)) landscapes_.emplace(*one, &place);
    if (const auto* several = std::get_if<Plural>(&other->what)) landscapes_.emplace(several->thing, &place);
}

bool PromptReader::add(std::string_view phrase, What what) {
    Meaning meaning{words_of(phrase), std::move(what)};
    if (meaning.words.empty()) return false;
    auto& same = by_first_word_[meaning.words.front()];
    // What is a thing's name is the thing: "the moon" is a place only behind "on".
    const bool taken = std::any_of(same.begin(), same.end(),
                                   [&](const Meaning& other) { return other.words == meaning.words; });
    if (!taken) same.push_back(std::move(meaning));
    return !taken;
}

const PromptReader::Meaning* PromptReader::at(const std::vector<std::string>& words, std::size_t from) const {
    const auto found = by_first_word_.find(words[from]);
    if (found == by_first_word_.end()) return nullptr;
    for (const auto& meaning : found->second) {
        if (meaning.words.size() > words.size() - from) continue;
        if (std::equal(meaning.words.begin(), meaning.words.end(),
                       words.begin() + static_cast<std::ptrdiff_t>(from)))
            return &meaning;
    }
    return nullptr;
}

// What has been read so far.
struct PromptReader::Reading {
    Plan plan;
    std::string colour;
    double size = 1;
    int count = 0;                    // 0: nobody has said
    bool counted = false;             // somebody has, of anything
    bool unwanted = false;            // what comes next is named as what is not to be there
    std::optional<Relation> between;  // said since the last thing
    bool related = false;             // the first two things are related

    void operator()(const Thing* thing) { take_thing(*thing, 1); }
    void operator()(const Plural& several) { take_thing(*several.thing, of_a_plural); }
    void operator()(const Place* place) {
        if (plan.place == nullptr && !unwanted) plan.place = place;
        unwanted = false;
        between.reset();
    }
    void operator()(const Without&) { unwanted = true; }
    void operator()(const Light* light) {
        if (plan.light == nullptr && !unwanted) plan.light = light;
        unwanted = false;
    }
    void operator()(const Weather* weather) {
        if (plan.weather == nullptr && !unwanted) plan.weather = weather;
        unwanted = false;
    }
    // "sitting and riding": the last one that says more than "and".
    void operator()(Relation relation) {
        if (!between || relation != Relation::beside) between = relation;
        if (relation == Relation::beside) unwanted = false;
    }
    void operator()(const Count& said) {
        count = said.number;
        counted = true;
    }
    void operator()(const Painted& said) { colour = said.colour; }
    void operator()(const Sized& said) { size = said.size; }
    void operator()(const Background& said) { plan.ground = said.colour; }

    [[nodiscard]] bool has_only_one_kind() const {
        return std::all_of(plan.asked.begin(), plan.asked.end(), [this](const Asked& one) {
            return one.thing == plan.asked.front().thing && one.colour == plan.asked.front().colour;
        });
    }

  private:
    void take_thing(const Thing& thing, int usual) {
        const auto wanted = static_cast<std::size_t>(count > 0 ? count : usual);
        if (!unwanted) add(thing, wanted);
        colour.clear();
        size = 1;
        count = 0;
        unwanted = false;
        between.reset();
    }

    // Each is named once, however often it is asked for.
    void leave_out(const Thing& thing) {
        const bool is_drawn = std::any_of(plan.asked.begin(), plan.asked.end(),
                                          [&](const Asked& one) { return one.thing == &thing; });
        const auto& named = plan.left_out;
        plan.fewer = plan.fewer || is_drawn;
        if (!is_drawn && std::find(named.begin(), named.end(), &thing) == named.end())
            plan.left_out.push_back(&thing);
    }

    void add(const Thing& thing, std::size_t wanted) {
        const bool second = plan.asked.size() == 1;
        if (second && between && *between != Relation::beside) {
            plan.relation = fitting(*between, *plan.asked.front().thing, thing);
            related = plan.relation != Relation::beside;
        }
        const std::size_t most = related ? related_things_max : things_max;
        if (!related) plan.fewer = plan.fewer || wanted > things_max;
        if (plan.asked.size() == things_max && has_only_one_kind() && plan.asked.front().thing != &thing) {
            plan.asked.pop_back();  // "five ducks and a fox": the fox is worth more than the fifth duck
            plan.fewer = true;
        }
        if (plan.asked.size() >= most) leave_out(thing);
        for (std::size_t i = 0; i < (related ? 1 : wanted) && plan.asked.size() < most; ++i)
            plan.asked.push_back({&thing, colour_of(thing, colour), size});
    }
};

Plan PromptReader::read(std::string_view prompt) const {
    const auto words = words_of(prompt);
    Reading reading;
    for (std::size_t i = 0; i < words.size();) {
        const auto* meaning = at(words, i);
        if (meaning != nullptr) {
            std::visit(reading, meaning->what);
            i += meaning->words.size();
            continue;
        }
        reading.unwanted = false;  // "not so small a dog" is a dog
        if (const auto number = number_in(words[i])) {
            if (*number > 0) {
                reading(Count{*number});
            } else {
                reading(Without{});  // "0 cats"
            }
        }
        ++i;
    }
    auto& plan = reading.plan;
    const bool alone = !plan.asked.empty() && reading.has_only_one_kind() && !reading.counted &&
                       plan.place == nullptr && plan.ground.empty();
    if (alone && plan.asked.front().colour.empty()) {
        if (const auto found = landscapes_.find(plan.asked.front().thing); found != landscapes_.end()) {
            plan.place = found->second;
            plan.asked.clear();
        }
    }
    return std::move(plan);
}

Plan settled(const Book& book, Plan plan, std::int64_t seed) {
    Random random(static_cast<std::uint64_t>(seed) * 7919 + 13);
    if (plan.place == nullptr && plan.ground.empty()) {
        const auto homes = homes_of(book, plan);
        if (!homes.empty()) plan.place = homes[random.below(homes.size())];
    }
    const bool timed = plan.place != nullptr && plan.place->timed;
    if (plan.light == nullptr || !timed) plan.light = &book.light("day");
    if (plan.weather == nullptr || !timed || !plan.place->has(*plan.weather))
        plan.weather = &book.weather("clear");
    return plan;
}

std::string place_words(const Book& book, const Plan& plan) {
    const auto& when = plan.place->indoor ? book.indoors : book.outdoors;
    const auto found = when.find(plan.light->name + " " + plan.weather->name);
    if (found == when.end() || found->second.empty()) return plan.place->code;
    return plan.place->code + " " + found->second;
}

std::string thing_words(const Asked& asked, std::string_view style) {
    std::string words = asked.colour.empty() ? asked.thing->name : asked.colour + " " + asked.thing->name;
    const auto& styles = asked.thing->styles;
    if (styles.empty()) return words;
    const bool has = std::find(styles.begin(), styles.end(), style) != styles.end();
    return words.append(" ").append(has ? style : std::string_view(styles.front()));
}

}  // namespace ourvidz::scenes
