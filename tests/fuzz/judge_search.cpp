#include "judge_search.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/unicode.h"

namespace ourvidz::safety {
namespace {

constexpr std::size_t pattern_pieces_max = 40;
constexpr std::size_t changes_max = 4;
constexpr int rounds_of_a_start = 300;
constexpr std::size_t growing_min = 3;

constexpr std::array signs{" ", " ",  " ",   ",",     ".",       "-", "\n", "0",
                           "1", "12", "%63", "&#99;", "\\u0063", "=", "@",  "$"};
// A Chinese, a Thai and a Korean character, Arabic and Hebrew prefixes, look-alikes, marks, invisible ones.
constexpr std::array foreign{"\u5973",       "\u5c0f", "\u0e40",     "\u0e14",    "\uc218", "\u0648",
                             "\u0627\u0644", "\u05d4", "\u0430",     "\u0435",    "\u03b1", "\u0301",
                             "\u0316",       "\uff9e", "\u0344",     "\u200b",    "\u00ad", "\u1e69",
                             "\ufb01",       "\ufdfa", "\U0001F466", "\U0001F1E8"};

void add_words(std::vector<std::string>& pieces, std::string_view list) {
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        auto word = list.substr(0, end);
        while (word.starts_with(' ')) word.remove_prefix(1);
        if (word.ends_with('*')) word.remove_suffix(1);
        if (!word.empty()) pieces.push_back(std::string(word) + " ");
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

std::string hexadecimal(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        out += digits[static_cast<unsigned char>(c) >> 4U];
        out += digits[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}

std::string apart(std::string_view text) {
    std::string out;
    for (const char c : text) (out += c) += ' ';
    return out;
}

void add_disguises(std::vector<std::string>& pieces) {
    const Vocabulary vocabulary;
    for (const auto& key : vocabulary.keys()) {
        const std::string_view text = key.text;
        pieces.push_back(key.text);
        pieces.push_back(apart(text));
        pieces.push_back(reversed_text(text) + " ");
        pieces.push_back(rot13(text) + " ");
        pieces.push_back(hexadecimal(text) + " ");
        pieces.push_back(key.text.substr(0, text.size() - 1) + " ");
    }
}

// The characters that are read as many: what a text costs goes by what is read.
void add_growing(std::vector<std::string>& pieces) {
    for (unsigned unit = 0x80; unit <= 0xFFFF; ++unit) {
        const char bytes[] = {static_cast<char>(unit & 0xFFU), static_cast<char>(unit >> 8U)};
        const auto one = utf8_from_utf16(std::string_view(bytes, sizeof bytes), ByteOrder::little);
        const auto folded = one ? fold(*one) : std::nullopt;
        if (!folded || folded->size() < growing_min * one->size()) continue;
        pieces.push_back(*one);
        pieces.push_back(*one + " ");
    }
}

}  // namespace

std::vector<std::string> hostile_pieces() {
    std::vector<std::string> pieces;
    for (char c = 'a'; c <= 'z'; ++c) {
        pieces.emplace_back(1, c);
        pieces.push_back(std::string(1, c) + " ");
    }
    pieces.insert(pieces.end(), signs.begin(), signs.end());
    pieces.insert(pieces.end(), foreign.begin(), foreign.end());
    for (const auto rows : {youth_rows(), context_rows(), conduct_rows(), exception_rows()}) {
        for (const auto& row : rows) add_words(pieces, row.words);
    }
    for (const auto& row : role_rows()) add_words(pieces, row.words);
    for (const auto& row : number_rows()) add_words(pieces, row.words);
    add_disguises(pieces);
    add_growing(pieces);
    return pieces;
}

std::string repeated(const std::string& pattern, std::size_t bytes) {
    std::string text;
    while (!pattern.empty() && text.size() < bytes) text += pattern;
    text.resize(std::min(text.size(), bytes));
    for (int cut = 0; cut < 4 && !fold(text); ++cut) text.pop_back();
    return text;
}

std::size_t JudgeSearch::below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
}

std::vector<std::string> JudgeSearch::changed(std::vector<std::string> pattern) {
    for (auto left = 1 + below(changes_max); left > 0; --left) {
        const auto at = static_cast<std::ptrdiff_t>(below(pattern.size()));
        const auto& piece = pieces_[below(pieces_.size())];
        switch (below(4)) {
            case 0:
                pattern[static_cast<std::size_t>(at)] = piece;
                break;
            case 1:
                if (pattern.size() > 1) pattern.erase(pattern.begin() + at);
                break;
            case 2:
                pattern.insert(pattern.begin() + at, pattern[below(pattern.size())]);
                break;
            default:
                pattern.insert(pattern.begin() + at, piece);
        }
    }
    if (pattern.size() > pattern_pieces_max) pattern.resize(pattern_pieces_max);
    return pattern;
}

Found JudgeSearch::run(int rounds) {
    const auto text_of = [](const std::vector<std::string>& pattern) {
        return std::accumulate(pattern.begin(), pattern.end(), std::string());
    };
    Found worst;
    std::vector<std::string> here;
    double cost_here = 0;
    for (int round = 0; round < rounds; ++round) {
        const bool start = round % rounds_of_a_start == 0;
        auto next = start ? std::vector{pieces_[below(pieces_.size())]} : changed(here);
        const auto text = text_of(next);
        const double cost = cost_(text);
        if (!start && cost < cost_here) continue;
        here = std::move(next);
        cost_here = cost;
        if (cost > worst.cost) worst = {text, cost};
    }
    return worst;
}

double steps_per_byte(const TextJudge& judge, const std::string& pattern, std::size_t bytes) {
    const auto text = repeated(pattern, bytes);
    if (text.empty()) return 0;
    Work work(text.size() * 10'000);  // the budget must not hide what it would cost
    (void)judge.judge(text, Form::talk, work);
    return static_cast<double>(work.spent()) / static_cast<double>(text.size());
}

}  // namespace ourvidz::safety
