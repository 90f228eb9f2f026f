#include "config/names.h"

#include <algorithm>
#include <numeric>

namespace ourvidz::config {
namespace {

constexpr std::size_t slips_max = 2;

// Levenshtein's distance, by rows.
std::size_t slips(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const auto changed = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string closest(std::string_view name, const std::vector<std::string>& known) {
    std::string best;
    std::size_t fewest = slips_max + 1;
    for (const auto& one : known) {
        const auto count = slips(name, one);
        if (count == 0 || count >= fewest) continue;
        fewest = count;
        best = one;
    }
    return best;
}

}  // namespace ourvidz::config
