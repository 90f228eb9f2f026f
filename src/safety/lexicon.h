// The words that the text rules know, as readable tables. A table row names a language or a theme, says what
// its words are evidence of, and lists them separated by commas; spaces join the words of a phrase, and a
// trailing * accepts a few more letters (endings). Tables are written in ordinary spelling: the lexicon folds
// them exactly as it folds the text that is checked.
#pragma once

#include <cstdint>
#include <span>

namespace ourvidz::safety {

// What a word or phrase is evidence of. Bits, because one word can be several things.
enum Cue : std::uint32_t {
    youth = 1U << 0,             // a minor, for certain
    youth_hint = 1U << 1,        // a minor where body, clothing, bed or bath is near; else nothing ("minor")
    girl_boy = 1U << 2,          // said of minors and of adults; adult evidence settles it
    adult = 1U << 3,             // adult evidence
    explicit_content = 1U << 4,  // sexual content
    undressed = 1U << 5,
    suggestive = 1U << 6,
    attire = 1U << 7,  // body-focused clothing: swimwear, underwear, leotards
    body = 1U << 8,    // a focus on the body
    bath = 1U << 9,
    bed = 1U << 10,
    clothing = 1U << 11,   // ends exceptions, and is what an undressing verb acts on
    outerwear = 1U << 12,  // clothing whose removal undresses nobody
    non_consensual = 1U << 13,
    non_consensual_hint = 1U << 14,  // only together with sexual or body context
    undressing = 1U << 15,
    de_aging = 1U << 16,
    real_person = 1U << 17,
    exception = 1U << 18,  // a phrase in which the words above mean something harmless
    animal = 1U << 19,
    minor_sexual = 1U << 20,  // words that mean sexualised minors by themselves
    aged_goods = 1U << 21,    // what matures: whisky, cheese
    removal_verb = 1U << 22,
    person = 1U << 24,  // whom a change of a picture may be about
    younger = 1U << 25,
    change_verb = 1U << 26,
    change_into = 1U << 27,
    old_thing = 1U << 28,        // what has an age without being a person
    barred = 1U << 29,           // "not old enough to"
    adult_privilege = 1U << 30,  // "vote"
    keeps_youth = 1U << 31,      // an exception that explains the bed, not the child
    aged_span = 1U << 23,        // "aged 12 years": whose age, the goods decide
};
using Cues = std::uint32_t;

// What a word does in a statement of age.
enum Role : std::uint32_t {
    year_unit = 1U << 0,  // an age or a duration ("12 years", "12 ans")
    age_unit = 1U << 1,   // only an age ("12歳", "12yo")
    old_word = 1U << 2,
    aged_word = 1U << 3,   // stands before the number
    month_unit = 1U << 4,  // months, weeks, days
    ordinal_ending = 1U << 5,
    grade_word = 1U << 6,
    pupil_word = 1U << 7,
    birthday_word = 1U << 8,
    born_word = 1U << 9,
    under_word = 1U << 10,
    turning_word = 1U << 11,
    duration_noun = 1U << 12,  // what follows a duration that is not an age
    half_word = 1U << 13,
    minus_word = 1U << 14,
    plus_word = 1U << 15,
    sex_letter = 1U << 16,    // 14f
    ordinal_word = 1U << 17,  // "sixth": also a number
    school_year = 1U << 18,   // stands before the number: "grade 6", "year 7"
    small_word = 1U << 19,    // "of", "in", "a": may stand between the parts of a statement
    look_word = 1U << 21,     // "looks 12"
    be_word = 1U << 22,       // "she is fifteen"
    coordinator = 1U << 23,   // "and": joins two people
    roman = 1U << 20,         // a number only before a unit of years
};
using Roles = std::uint32_t;

struct CueRow {
    const char* theme;
    Cues cues;
    bool key;  // also looked for in disguise
    const char* words;
};
struct RoleRow {
    Roles roles;
    const char* words;
};
struct NumberRow {
    int value;
    Roles roles;
    const char* words;
};

[[nodiscard]] std::span<const CueRow> youth_rows();
[[nodiscard]] std::span<const CueRow> context_rows();
[[nodiscard]] std::span<const CueRow> conduct_rows();
[[nodiscard]] std::span<const CueRow> exception_rows();
[[nodiscard]] std::span<const RoleRow> role_rows();
[[nodiscard]] std::span<const NumberRow> number_rows();
// Words of roles and numbers that are looked for in disguise ("tw3lve year-old").
[[nodiscard]] const char* disguised_age_words();

}  // namespace ourvidz::safety
