#include "node/known_words.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "catalog/catalog.h"
#include "prompts/tokens.h"

namespace ourvidz::node {
namespace {

// Things that are at home beside most others.
constexpr std::array companions{
    "a green tree",  "a pine tree", "a palm tree",    "a yellow sun",  "a crescent moon",  "a yellow star",
    "a white cloud", "a rainbow",   "a pink flower",  "a sunflower",   "a red mushroom",   "a blue butterfly",
    "a small bird",  "a red house", "a brown castle", "a red balloon", "a brown mountain", "a small boat",
    "a wave",        "a snowflake", "a snowman"};
constexpr std::array grounds{"a light blue", "a light green", "a blue", "a green", "a yellow", "an orange",
                             "a pink",       "a purple",      "a red",  "a white", "a black",  "a gray"};
// With one of these the picture has as many things as it takes, or they are placed already.
constexpr std::array crowded{"and", "two", "three", "with", "beside", "left", "right", "top", "bottom"};

struct Example {
    std::string_view prompt;
    std::string_view companion;
    std::string_view ground;
};
constexpr std::array examples{Example{"a dog", "a green tree", "a light blue"},
                              Example{"a purple rocket", "a yellow star", "a black"},
                              Example{"a bee", "a pink flower", "a light green"}};

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words(1);
    for (const char c : text) {
        if (std::isalpha(static_cast<unsigned char>(c)) != 0)
            words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (!words.back().empty())
            words.emplace_back();
    }
    return words;
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Those that the painter knows and of which no word has been said.
template <class List>
std::vector<std::string> fresh(const List& list, std::string_view behind,
                               const std::vector<std::string>& said, const catalog::Entry& painter) {
    std::vector<std::string> left;
    for (const std::string_view one : list) {
        const std::string text(one);
        const auto words = words_of(text);
        const bool again = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
            return word.size() > 1 && contains(said, word);
        });
        if (!again && catalog::unknown_words(painter, text + std::string(behind)).empty())
            left.push_back(text);
    }
    return left;
}

bool fits(const std::string& text, const catalog::Entry& painter) {
    const auto limit = prompts::token_limit(painter.family, painter.prompt_tokens_max);
    return !limit || prompts::estimated_tokens(text, limit->reader) <= limit->tokens;
}

std::string longest_of(const std::vector<std::string>& texts) {
    std::string longest;
    for (const auto& text : texts) {
        if (text.size() > longest.size()) longest = text;
    }
    return longest;
}

// Each with its space before it, as the words of a chat model's vocabulary have.
std::string rule(std::string_view name, const std::vector<std::string>& choices) {
    std::string text(name);
    text += " ::= ";
    for (std::size_t i = 0; i < choices.size(); ++i) text += (i == 0 ? "\" " : " | \" ") + choices[i] + "\"";
    return text + "\n";
}

// A place is ground enough.
bool names_a_place(const std::vector<std::string>& said, const catalog::Entry& painter) {
    if (!painter.layers) return false;
    std::string words;
    for (const auto& word : said) words += word + " ";
    return painter.layers->reader->read(words).place != nullptr;
}

std::vector<std::string> known_grounds(const std::vector<std::string>& said, const catalog::Entry& painter) {
    if (contains(said, "background") || contains(said, "backdrop")) return {};
    if (names_a_place(said, painter)) return {};
    return fresh(grounds, " background", said, painter);
}

}  // namespace

std::optional<Addition> addition_to(std::string_view own_words, const catalog::Entry& painter) {
    const auto said = words_of(own_words);
    const bool full =
        std::any_of(crowded.begin(), crowded.end(), [&](const char* word) { return contains(said, word); });
    const auto things = full ? std::vector<std::string>() : fresh(companions, "", said, painter);
    const auto colours = known_grounds(said, painter);
    struct Form {
        bool thing;
        bool ground;
    };
    for (const auto& form : {Form{true, true}, Form{false, true}, Form{true, false}}) {
        if ((form.thing && things.empty()) || (form.ground && colours.empty())) continue;
        const auto sentence = [&](std::string_view thing, std::string_view ground) {
            std::string text;
            if (form.thing) text.append("and ").append(thing);
            if (form.thing && form.ground) text += ' ';
            if (form.ground) text.append("on ").append(ground).append(" background");
            return text;
        };
        const auto at_most = sentence(longest_of(things), longest_of(colours));
        if (!fits(std::string(own_words) + " " + at_most, painter)) continue;
        Addition addition;
        addition.grammar = "root ::= ";
        if (form.thing) addition.grammar += "\"and\" thing ";
        if (form.ground)
            addition.grammar +=
                form.thing ? "\" on\" ground \" background\"" : "\"on\" ground \" background\"";
        addition.grammar += "\n";
        if (form.thing) addition.grammar += rule("thing", things);
        if (form.ground) addition.grammar += rule("ground", colours);
        for (const auto& example : examples)
            addition.examples.emplace_back(example.prompt, sentence(example.companion, example.ground));
        return addition;
    }
    return std::nullopt;
}

std::string background_rule(const std::vector<std::string>& own_words, const catalog::Entry& painter) {
    std::string all;
    for (const auto& one : own_words) all += one + " ";
    const auto colours = known_grounds(words_of(all), painter);
    const auto at_most = longest_of(own_words) + " on " + longest_of(colours) + " background";
    if (colours.empty() || !fits(at_most, painter)) return "slots ::= \"\"\n";
    return "slots ::= \" on\" ground \" background\"\n" + rule("ground", colours);
}

}  // namespace ourvidz::node
