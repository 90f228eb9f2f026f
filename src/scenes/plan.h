// What is to be in a scene, as somebody's words say it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenes/book.h"

namespace ourvidz::scenes {

constexpr std::size_t things_max = 5;          // of a scene
constexpr std::size_t related_things_max = 3;  // of one in which the first two are related

struct Asked {
    const Thing* thing = nullptr;
    std::string colour;  // the network's word for it; empty: the thing's own
    double size = 1;     // beside its usual size
};

// How the first thing stands to the second; a third stands beside both.
enum class Relation { beside, on, inside, under, behind, in_front, holding, wearing, over };
[[nodiscard]] std::string_view to_string(Relation relation);

struct Plan {
    const Place* place = nullptr;      // null: nothing was said of it
    std::string ground;                // the colour of a plain background; empty: none is wanted
    const Light* light = nullptr;      // null: nothing was said
    const Weather* weather = nullptr;  // likewise
    std::vector<Asked> asked;          // at most things_max; one of which two are wanted is there twice
    Relation relation = Relation::beside;
    std::vector<const Thing*> left_out;  // named, and too many
    bool fewer = false;                  // more of something are wanted than fit

    // Whether there is anything to draw: not of "no foxes".
    [[nodiscard]] bool says_something() const {
        return !asked.empty() || place != nullptr || light != nullptr || weather != nullptr;
    }
};

// Reads prompts by the words of one book, which outlives it. Thread-safe.
class PromptReader {
  public:
    explicit PromptReader(const Book& book);

    // Words that it does not know count as nothing. A plan may be empty.
    [[nodiscard]] Plan read(std::string_view prompt) const;

  private:
    struct Count {
        int number = 1;
    };
    struct Plural {
        const Thing* thing = nullptr;
    };
    struct Without {};  // the next thing is not wanted
    struct Painted {
        std::string colour;
    };
    struct Sized {
        double size = 1;
    };
    struct Background {
        std::string colour;
    };
    using What = std::variant<const Thing*, Plural, const Place*, const Light*, const Weather*, Relation,
                              Count, Without, Painted, Sized, Background>;
    struct Meaning {
        std::vector<std::string> words;
        What what;
    };
    struct Reading;

    // Whether it was not there before, as something else.
    bool add(std::string_view phrase, What what);
    void add_name(std::string_view name, const Place& place);
    // The longest that begins here; null where nothing does.
    [[nodiscard]] const Meaning* at(const std::vector<std::string>& words, std::size_t from) const;

    std::map<std::string, std::vector<Meaning>, std::less<>> by_first_word_;  // longest first
    std::map<const Thing*, const Place*>
        landscapes_;  // things that alone are a place: "mountains", "a volcano"
};

// Everything that was left open is chosen: a place where the things are at home, where no background is
// wanted; day, and a weather that the place has. The same seed chooses the same.
[[nodiscard]] Plan settled(const Book& book, Plan plan, std::int64_t seed);

// What the network of places is told.
[[nodiscard]] std::string place_words(const Book& book, const Plan& plan);
// What the network of things is told of one. `style`: of the words of the set of drawings that it is to be
// from, where the thing has several.
[[nodiscard]] std::string thing_words(const Asked& asked, std::string_view style);

}  // namespace ourvidz::scenes
