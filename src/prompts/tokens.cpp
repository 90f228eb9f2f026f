#include "prompts/tokens.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "prompts/expand.h"

namespace ourvidz::prompts {
namespace {

struct Family {
    std::string_view name;
    TokenLimit limit;
};
constexpr std::array families{
    Family{"sdxl", {"CLIP", 75, true}},
    Family{"wan", {"umT5", 512, false}},
    Family{"z_image", {"Qwen", 512, false}},
};

// How a reader cuts words up.
struct Habit {
    std::string_view reader;
    int whole_letters;       // words up to so long are one token
    int letters;             // each further token has so many
    double tokens_per_byte;  // of what is not ASCII
};
constexpr std::array habits{
    Habit{"CLIP", 8, 6, 0.3},
    Habit{"umT5", 5, 6, 0.2},
    Habit{"Qwen", 8, 6, 0.2},
};

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

// Bytes from the beginning that belong to one word, one run of other scripts, or one sign.
std::size_t unit_bytes(std::string_view text) {
    const auto run = [&](auto belongs) {
        const auto* end = std::find_if_not(text.begin(), text.end(), belongs);
        return static_cast<std::size_t>(end - text.begin());
    };
    if (!is_ascii(text.front())) return run([](char c) { return !is_ascii(c); });
    if (is_letter(text.front())) return run([](char c) { return is_ascii(c) && is_letter(c); });
    return 1;
}

int unit_tokens(std::string_view unit, const Habit& habit) {
    const auto bytes = static_cast<int>(unit.size());
    if (!is_ascii(unit.front()))
        return std::max(1, static_cast<int>(std::lround(bytes * habit.tokens_per_byte)));
    if (std::isspace(static_cast<unsigned char>(unit.front())) != 0) return 0;
    return 1 + (std::max(0, bytes - habit.whole_letters) + habit.letters - 1) / habit.letters;
}

// Calls `seen(tokens so far, byte where the unit begins)` for each unit.
template <class Seen>
void each_unit(std::string_view words, std::string_view reader, Seen seen) {
    const auto* known =
        std::find_if(habits.begin(), habits.end(), [&](const Habit& h) { return h.reader == reader; });
    const Habit& habit = known == habits.end() ? habits.front() : *known;
    int tokens = 0;
    for (std::size_t at = 0; at < words.size();) {
        const auto bytes = unit_bytes(words.substr(at));
        tokens += unit_tokens(words.substr(at, bytes), habit);
        seen(tokens, at);
        at += bytes;
    }
}

}  // namespace

std::optional<TokenLimit> token_limit(std::string_view family, std::optional<int> own_max) {
    const auto* found = std::find_if(families.begin(), families.end(),
                                     [&](const Family& known) { return known.name == family; });
    if (found == families.end()) return std::nullopt;
    auto limit = found->limit;
    if (own_max && *own_max < limit.tokens) {
        limit.tokens = *own_max;
        limit.in_pieces = false;
    }
    return limit;
}

int estimated_tokens(std::string_view words, std::string_view reader) {
    int count = 0;
    each_unit(words, reader, [&](int tokens, std::size_t) { count = tokens; });
    return count;
}

std::optional<Note> length_note(std::string_view words, const TokenLimit& limit) {
    std::optional<std::size_t> passed;
    int count = 0;
    each_unit(words, limit.reader, [&](int tokens, std::size_t at) {
        count = tokens;
        if (tokens > limit.tokens && !passed) passed = at;
    });
    if (!passed) return std::nullopt;
    const auto about = "The prompt has about " + std::to_string(count) + " tokens. ";
    const auto most = std::to_string(limit.tokens);
    return Note{character_at(words, *passed),
                limit.in_pieces
                    ? about + "The model reads them in pieces of " + most + "; what comes later counts less."
                    : about + "The model has learned to follow " + most +
                          "; what comes after is likely to be ignored."};
}

}  // namespace ourvidz::prompts
