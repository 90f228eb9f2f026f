#include <optional>

#include "safety/evidence.h"

namespace ourvidz::safety {

namespace {

constexpr int adult_age = 18;
constexpr int school_grade_max = 12;
constexpr int school_year_max = 13;
// Whoever was born in a later year may be a minor. A constant of the policy: with time it refuses a few
// adults more, never a minor less.
constexpr int adult_birth_year_max = 2007;
// A statement of age reaches over a few words only.
constexpr std::uint64_t steps_per_place = 4;
constexpr int likely_letter_age_min = 9;  // "14f"; smaller numbers before a letter are anything

struct Value {
    int number = -1;
    std::size_t end = 0;  // the item behind it
    bool ordinal = false;
    bool roman_digits = false;
};

class AgeReader {
  public:
    AgeReader(const Vocabulary& vocabulary, const std::vector<Item>& items, Marks& marks)
        : vocabulary_(vocabulary), items_(items), marks_(marks) {}

    void read(Work& work) {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            work.spend(steps_per_place);
            if (is(i, born_word)) born(i);
            if (is(i, aged_word)) aged(i);
            if (is(i, under_word)) under(i);
            if (is(i, turning_word)) turning(i);
            if (is(i, school_year)) school(i);
            if (is(i, half_word)) half(i);
            if (is(i, look_word)) looking(i);
            if (is(i, be_word)) being(i);
            if (const auto value = value_at(i); value.number >= 0) {
                counted(i, value);
                const bool inside_number = i > 0 && value_at(i - 1).end > i;
                if (!inside_number) alone(i, value);
            }
        }
    }

  private:
    [[nodiscard]] bool is(std::size_t i, Roles roles) const {
        return i < items_.size() && vocabulary_.has_role(items_[i], roles);
    }

    [[nodiscard]] std::size_t skip_small(std::size_t i, int at_most) const {
        while (at_most-- > 0 && is(i, small_word)) ++i;
        return i;
    }

    [[nodiscard]] Value value_at(std::size_t i) const {
        if (i >= items_.size() || items_[i].number < 0) return {};
        Value value{items_[i].number, i + 1, is(i, ordinal_word), is(i, roman)};
        const bool tens = value.number >= 20 && value.number <= 90 && value.number % 10 == 0;
        if (tens && items_[i].word != 0 && i + 1 < items_.size() && items_[i + 1].number > 0 &&
            items_[i + 1].number < 10 && !items_[i + 1].comma_before) {
            value.number += items_[i + 1].number;
            value.ordinal = is(i + 1, ordinal_word);
            value.end = i + 2;
        } else if (is(value.end, ordinal_ending) && items_[value.end].glued) {
            value.ordinal = true;
            ++value.end;
        }
        if (is(value.end, coordinator) && is(skip_small(value.end + 1, 1), half_word)) {  // "and a half"
            value.end = skip_small(value.end + 1, 1) + 1;
        }
        if (is(value.end, minus_word | plus_word) && value.end + 1 < items_.size() &&
            items_[value.end + 1].number > 0) {
            const int other = items_[value.end + 1].number;
            value.number += is(value.end, minus_word) ? -other : other;
            value.end += 2;
        }
        return value;
    }

    void mark(std::size_t first, std::size_t last, int age, bool certain) {
        const bool minor = age >= 0 && age < adult_age;
        marks_.push_back(
            {first, std::min(last, items_.size() - 1), minor ? (certain ? youth : youth_hint) : adult});
    }

    // "12 year old", "12yo", "12歳", "12 ans", "6 months old", "sixth grader", "5th birthday", "year-7 pupil"
    void counted(std::size_t i, const Value& value) {
        const std::size_t unit = value.end;
        if (value.number > 130) return;
        if (is(unit, year_unit) && !value.ordinal) {
            std::size_t next = unit + 1;
            if (is(next, year_unit) && items_[next].word != items_[unit].word) ++next;  // "12 y o"
            if (is(next, old_word) || is(skip_small(next, 1), old_word))
                return mark(i, skip_small(next, 1), value.number, true);
            if (is(next, small_word) && items_[next].comma_before == false && is_o(next))
                return mark(i, next, value.number, true);
            if (!is(next, duration_noun) && !value.roman_digits)
                mark(i, unit, value.number, value.number >= adult_age);
            return;
        }
        if (is(unit, age_unit) && !value.ordinal) return mark(i, unit, value.number, true);
        if (is(unit, month_unit) && is(unit + 1, old_word)) return mark(i, unit + 1, 0, true);
        if (value.ordinal && is(unit, grade_word) && value.number <= school_grade_max)
            return mark(i, unit, 0, true);
        if (value.ordinal && is(unit, birthday_word))
            return mark(i, unit, value.number, value.number < adult_age);
        if (value.ordinal && is(unit, school_year) && is(unit + 1, pupil_word) &&
            value.number <= school_year_max)
            return mark(i, unit + 1, 0, true);
        if (is(unit, sex_letter) && value.number >= likely_letter_age_min && value.number < adult_age)
            mark(i, unit, value.number, false);
    }

    [[nodiscard]] bool is_o(std::size_t i) const { return items_[i].word == vocabulary_.exact("o"); }

    // "Emma, 12, ..."
    void alone(std::size_t i, const Value& value) {
        const auto& last = items_[value.end - 1];
        const bool begins = i == 0 || items_[i].comma_before;
        const bool ends = last.comma_after || (i > 0 && value.end == items_.size());
        if (begins && ends && value.number >= 3 && value.number < adult_age)
            mark(i, value.end - 1, value.number, false);
    }

    // "born in 2014"
    void born(std::size_t i) {
        for (std::size_t next = i + 1; next < items_.size() && next <= i + 4; ++next) {
            if (born_year(i, next)) return;
        }
        for (std::size_t before = i; before-- > 0 && i - before <= 2;) {
            if (born_year(before, before)) return;
        }
    }
    bool born_year(std::size_t first, std::size_t at) {
        const int year = items_[at].number;
        if (year < 1900 || year > 2100) return false;
        mark(first, at, year > adult_birth_year_max ? 0 : adult_age, true);
        return true;
    }

    // "aged 12", "age: 12", "age of 12"; "aged 12 years" of whisky and cheese is explained by the goods.
    void aged(std::size_t i) {
        const std::size_t at = skip_small(i + 1, 2);
        const auto value = value_at(at);
        if (value.number < 0 || value.number > 130 || value.ordinal) return;
        const bool span = is(value.end, year_unit | month_unit);
        mark(i, value.end - 1, is(value.end, month_unit) ? 0 : value.number, true);
        if (span) marks_.push_back({i, value.end, aged_span});
    }

    // "under 18", "younger than 16", "not yet 13"
    void under(std::size_t i) {
        const auto value = value_at(skip_small(i + 1, 2));
        if (value.number < 3 || value.number > adult_age) return;
        const bool years = is(value.end, year_unit | age_unit) ||
                           (value.end < items_.size() && is_s(value.end) && items_[value.end].glued);
        mark(i, value.end - 1, value.number - 1, years);
    }
    [[nodiscard]] bool is_s(std::size_t i) const { return items_[i].word == vocabulary_.exact("s"); }

    // "looks 12", "looking like fifteen"
    void looking(std::size_t i) {
        const auto value = value_at(skip_small(i + 1, 2));
        if (value.number >= 3 && value.number < adult_age && !value.ordinal)
            mark(i, value.end - 1, value.number, false);
    }

    // "she is fifteen, ...", "he's 12 and ..."; no noun may follow, else things are counted
    void being(std::size_t i) {
        const auto value = value_at(skip_small(i + 1, 1));
        if (value.number < 3 || value.number >= adult_age || value.ordinal) return;
        const bool ends = value.end >= items_.size() || items_[value.end - 1].comma_after;
        if (ends || is(value.end, small_word | coordinator)) mark(i, value.end - 1, value.number, false);
    }

    void turning(std::size_t i) {
        const std::size_t at = skip_small(i + 1, 1);
        const auto value = value_at(at);
        if (value.number >= 3 && value.number <= adult_age && !value.ordinal)
            mark(i, value.end - 1, value.number - 1, false);
    }

    // "grade 6", "year 7 student"
    void school(std::size_t i) {
        const auto value = value_at(i + 1);
        if (value.number < 1 || value.number > school_year_max || value.ordinal) return;
        const bool pupil = is(value.end, pupil_word);
        mark(i, pupil ? value.end : value.end - 1, 0, pupil);
    }

    // "half of 24 years old"
    void half(std::size_t i) {
        const auto value = value_at(skip_small(i + 1, 1));
        if (value.number >= 0 && is(value.end, year_unit) && is(value.end + 1, old_word))
            mark(i, value.end + 1, value.number / 2, true);
    }

    const Vocabulary& vocabulary_;
    const std::vector<Item>& items_;
    Marks& marks_;
};

}  // namespace

void find_ages(const Vocabulary& vocabulary, const std::vector<Item>& items, Marks& marks, Work& work) {
    AgeReader(vocabulary, items, marks).read(work);
}

}  // namespace ourvidz::safety
