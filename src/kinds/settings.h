// The settings of jobs. each_setting() describes each of them once: who has it, what it may be, and what
// becomes of it. Requests are read by that description, rows and leases are written and read by it, and so
// are the recipes of pictures; nodes get the same type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/text.h"
#include "kinds/kinds.h"

namespace ourvidz::kinds {

constexpr std::size_t prompt_bytes_max = 4096;
constexpr std::int64_t batch_max = 6;

// A picture's prompts as the engine gets them: choices made, weights written out, LoRAs taken out.
struct ResolvedPrompt {
    std::string prompt;
    std::string negative_prompt;
};

struct LoraUse {
    std::string name;
    double weight = 1;
};

// Something worth knowing about a prompt that was accepted.
struct PromptWarning {
    std::string field;    // "prompt" or "negative_prompt"
    std::int64_t at = 0;  // its character, from 1; 0: all of it
    std::string detail;
};

// A word of the prompt that the model does not know, for which it draws a thing that it knows.
struct ReplacedWord {
    std::string word;
    std::string by;                   // in the same number as the word
    std::vector<std::string> others;  // that are near too, nearest first
};

// What is asked of the engine. In a stored generation every value that its kind has is filled in.
struct Settings {
    std::optional<std::string> prompt;
    std::optional<std::string> for_kind;   // the kind that the words are for
    std::optional<std::string> for_model;  // which model serves that kind; empty: none does
    std::optional<std::string> negative_prompt;
    std::optional<std::int64_t> width;  // pixels of the result
    std::optional<std::int64_t> height;
    std::optional<std::int64_t> steps;
    std::optional<double> guidance;
    std::optional<std::string> sampler;
    std::optional<std::int64_t> seed;  // of the first picture
    std::optional<std::string> source_asset_id;
    std::optional<double> strength;       // how much of the source may change: 0 nothing, 1 all
    std::optional<std::int64_t> seconds;  // of a clip
    std::optional<std::int64_t> fps;
    // Read from the prompts when the request is accepted; clients do not send them.
    std::vector<ResolvedPrompt>
        resolved;  // by position; empty where the prompts are for the engine as they are
    std::vector<LoraUse> loras;
    std::vector<PromptWarning> warnings;
    std::vector<ReplacedWord> replaced;
};

// What a setting may be.
struct Text {
    std::size_t bytes_max = 0;
    Characters allowed = Characters::line;
};
struct Whole {
    std::int64_t min = 0;
    std::int64_t max = 0;
};
// The same, beyond what JSON's numbers keep (base/exact_integer.h).
struct Exact {
    std::int64_t min = 0;
    std::int64_t max = 0;
};
struct Real {
    double min = 0;
    double max = 0;
};
// The name of a kind that does one of these.
struct KindName {
    Works works = 0;
};
struct List {
    std::size_t size_max = 0;
};

// Where its value comes from.
enum class Source {
    asked,    // whoever asks, or the model's preset
    fact,     // the model; a request may only say the same, so that settings can be sent again
    reading,  // the prompts, read anew each time; what a request says of it is ignored, for the same reason
    studio,   // found out by the studio; a request has no such field
};

struct Rules {
    Works works = 0;  // that have it; others are refused with it
    Source source = Source::asked;
    bool by_model =
        false;  // each model has its own range and preset for it, in its manifest, or does not take it
    bool editable = false;   // may be changed while the job waits
    bool content = false;    // says what is in the picture: forgotten with it
    bool in_recipe = false;  // kept with the picture, and shown by it
};

// Calls `field(name, member, shape, rules)` for each of them.
template <class Field>
void each_setting(Field field) {
    using S = Settings;
    constexpr Works all_works = ~Works{0};
    constexpr Text words{prompt_bytes_max, Characters::lines};
    constexpr Text name{64};
    constexpr Whole side{1, 8192};
    constexpr Works enlarging = any_of({Work::enlarge});
    constexpr Works from_a_picture = drawing | enlarging;
    constexpr Rules drawn{.works = drawing, .editable = true, .in_recipe = true};
    constexpr Rules sized{.works = from_a_picture, .editable = true, .in_recipe = true};
    constexpr Rules by_model{.works = drawing, .by_model = true, .editable = true, .in_recipe = true};
    constexpr Rules written{.works = drawing, .editable = true, .content = true, .in_recipe = true};
    constexpr Rules read{.works = drawing, .source = Source::reading, .content = true};
    field("prompt", &S::prompt, words,
          Rules{.works = all_works & ~listening & ~enlarging,
                .editable = true,
                .content = true,
                .in_recipe = true});
    field("for_kind", &S::for_kind, KindName{drawing}, Rules{.works = helping});
    field("for_model", &S::for_model, name, Rules{.works = helping, .source = Source::studio});
    field("negative_prompt", &S::negative_prompt, words, written);
    field("width", &S::width, side, sized);
    field("height", &S::height, side, sized);
    field("steps", &S::steps, Whole{1, 150}, by_model);
    field("guidance", &S::guidance, Real{0, 100}, by_model);
    field("sampler", &S::sampler, name, drawn);
    field("seed", &S::seed, Exact{0, std::numeric_limits<std::int64_t>::max()},
          Rules{.works = all_works & ~enlarging, .editable = true, .in_recipe = true});
    field("source_asset_id", &S::source_asset_id, name, Rules{.works = from_a_picture, .content = true});
    field("strength", &S::strength, Real{0, 1}, drawn);
    field("seconds", &S::seconds, Whole{0, 3'600},
          Rules{.works = any_of({Work::clip}), .source = Source::fact});
    field("fps", &S::fps, Whole{0, 240}, Rules{.works = any_of({Work::clip}), .source = Source::fact});
    field("resolved", &S::resolved, List{batch_max}, read);
    field("loras", &S::loras, List{8},
          Rules{.works = drawing, .source = Source::reading, .content = true, .in_recipe = true});
    field("warnings", &S::warnings, List{16},
          Rules{.works = drawing, .source = Source::studio, .content = true});
    field("replaced", &S::replaced, List{8},
          Rules{.works = drawing, .source = Source::studio, .content = true});
}

// Of a request, whatever its kind; faults stay in the reader. `body` is what it reads.
[[nodiscard]] Settings read_settings(FieldReader& reader, const json::object& body);
// Errors: invalid_field, naming a setting that this kind does not have and those that it has.
[[nodiscard]] Result<void> refuse_others(const Settings& settings, const Kind& kind);

// For a row or a lease, and back. What is of the wrong type or beyond its limits counts as absent.
[[nodiscard]] json::object to_json(const Settings& settings);
[[nodiscard]] Settings settings_from(const json::object& body);

// What a request would have to say to get the same again.
[[nodiscard]] json::object asked_again(const Settings& settings);
[[nodiscard]] bool is_editable(std::string_view name);
// Takes out all that says what is in the picture.
void forget_content(Settings& settings);
[[nodiscard]] json::object recipe_of(const Settings& settings);

}  // namespace ourvidz::kinds
