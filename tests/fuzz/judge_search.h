// Searches for the text that takes the gate the most work: a pattern of pieces, repeated up to a size, is
// changed again and again, and a change stays where it made the text costlier.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "safety/text_judge.h"

namespace ourvidz::safety {

// Words of the tables, whole and in every disguise, letters, signs and marks of many scripts.
[[nodiscard]] std::vector<std::string> hostile_pieces();

// `pattern` again and again, cut at whole characters to at most `bytes`.
[[nodiscard]] std::string repeated(const std::string& pattern, std::size_t bytes);

struct Found {
    std::string pattern;
    double cost = 0;
};

class JudgeSearch {
  public:
    using Cost = std::function<double(const std::string& pattern)>;
    // The same seed finds the same for the same costs.
    JudgeSearch(std::uint64_t seed, Cost cost) : random_(seed), cost_(std::move(cost)) {}

    // Begins anew a few times, since a hill may be a small one.
    [[nodiscard]] Found run(int rounds);

  private:
    std::size_t below(std::size_t end);
    [[nodiscard]] std::vector<std::string> changed(std::vector<std::string> pattern);

    std::vector<std::string> pieces_ = hostile_pieces();
    std::mt19937_64 random_;
    Cost cost_;
};

// Steps for each byte of a text of that size, in talk, which has more rules than a prompt.
[[nodiscard]] double steps_per_byte(const TextJudge& judge, const std::string& pattern, std::size_t bytes);

}  // namespace ourvidz::safety
