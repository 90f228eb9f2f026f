// What judging a text may cost, counted in steps and not in time, so that every machine decides alike.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ourvidz::safety {

// A step is about one look into a table. The costliest text that a search found (tests/fuzz/judge_search.h)
// takes less than half of what a byte may; a text that takes more found a way to be slow that we do not know,
// and is held.
constexpr std::uint64_t steps_per_byte_max = 450;
constexpr std::uint64_t steps_of_any_text = 20'000;
// Some characters are read as many (U+FDFA as eighteen), and it is these that take the work. Text that people
// write grows by little, and a few of them stand in any text.
constexpr std::size_t growth_max = 2;
constexpr std::size_t growth_of_any_text = 256;  // bytes
constexpr std::uint64_t steps_of_folding = 4;    // for each byte that comes out

// Thrown where the steps are used up; TextJudge::judge() turns it into a verdict that holds.
struct WorkSpent {};

class Work {
  public:
    explicit Work(std::size_t text_bytes)
        : steps_max_(steps_of_any_text + steps_per_byte_max * static_cast<std::uint64_t>(text_bytes)) {}

    void spend(std::uint64_t steps) {
        spent_ += steps;
        if (spent_ > steps_max_) throw WorkSpent{};
    }
    [[nodiscard]] std::uint64_t spent() const { return spent_; }

  private:
    std::uint64_t spent_ = 0;
    std::uint64_t steps_max_;
};

}  // namespace ourvidz::safety
