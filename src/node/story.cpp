#include "node/story.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace ourvidz::node {
namespace {

constexpr std::size_t subject_words_max = 5;
constexpr std::size_t pronoun_among_first_words = 5;

constexpr std::array pronouns{"he", "she", "it", "they"};
// Words that begin a sentence without naming who acts.
constexpr std::array names_nobody{"he",    "she",    "it",      "they", "i",    "we",
                                  "you",   "that",   "this",    "what", "when", "where",
                                  "while", "nobody", "nothing", "all",  "if",   "as"};
constexpr std::array articles{"a",   "an",  "the", "two", "three", "some",
                              "one", "his", "her", "my",  "our",   "their"};
// Words that end a subject although they do not look like verbs.
constexpr std::array ends_subject{
    "is",    "are",  "was",   "were",  "has",   "have",  "had",  "can",  "could", "will",
    "who",   "that", "which", "in",    "on",    "at",    "by",   "with", "under", "near",
    "to",    "from", "into",  "over",  "ran",   "went",  "saw",  "sat",  "found", "flew",
    "took",  "made", "came",  "stood", "began", "built", "fell", "gave", "met",   "swam",
    "slept", "woke", "rode",  "sang",  "drew",  "kept",  "left", "lay",  "held",  "grew"};
constexpr std::array openers{"then", "suddenly", "finally", "later", "meanwhile", "soon", "afterwards",
                             "next", "however",  "so",      "and",   "but",       "there"};

template <std::size_t N>
bool one_of(const std::array<const char*, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view around = " \t\r\n\"*_,;:";
    const auto first = text.find_first_not_of(around);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(around) - first + 1);
}

struct Word {
    std::size_t at = 0;
    std::size_t size = 0;
    std::string text;    // lower case, without what surrounds it
    bool comma = false;  // one follows
};

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    std::size_t at = 0;
    while ((at = text.find_first_not_of(' ', at)) != std::string_view::npos) {
        const auto end = std::min(text.find(' ', at), text.size());
        const auto raw = text.substr(at, end - at);
        const auto bare = trimmed(raw);
        if (!bare.empty())
            words.push_back({at, end - at, in_lower_case(bare), raw.back() == ',' || raw.back() == ';'});
        at = end;
    }
    return words;
}

// A regular verb in the third person or in the past: "wakes", "jumped"; not "glass", "red" or "grass".
bool looks_like_verb(std::string_view word) {
    if (word.size() < 4) return false;
    if (word.ends_with("ed")) return true;
    return word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("'s");
}

// The first word of the clause that tells who acts: after "Then", "One day," and the like.
std::size_t clause_start(const std::vector<Word>& words) {
    std::size_t start = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(words.size(), 4); ++i) {
        if (words[i].comma) start = i + 1;
    }
    while (start < words.size() && one_of(openers, words[start].text)) ++start;
    return start;
}

// One past the last word of the phrase that begins at `start`.
std::size_t phrase_end(const std::vector<Word>& words, std::size_t start) {
    auto end = start + 1;
    while (end < words.size() && end - start <= subject_words_max && !one_of(ends_subject, words[end].text) &&
           !looks_like_verb(words[end].text) && !words[end - 1].comma) {
        ++end;
    }
    return end;
}

// The words from `start` to before `end`, beginning with a small article.
std::string phrase(std::string_view sentence, const std::vector<Word>& words, std::size_t start,
                   std::size_t end) {
    const auto& last = words[end - 1];
    std::string text(trimmed(sentence.substr(words[start].at, last.at + last.size - words[start].at)));
    if (one_of(articles, words[start].text))
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

std::string_view last_word(std::string_view text) {
    const auto space = text.rfind(' ');
    return space == std::string_view::npos ? text : text.substr(space + 1);
}

}  // namespace

std::size_t whole_characters(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text.size();
    while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0U) == 0x80U) --bytes_max;
    return bytes_max;
}

std::vector<Sentence> sentences_of(std::string_view text) {
    std::vector<Sentence> sentences;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size() && sentences.size() < sentences_max; ++i) {
        const bool at_end = i == text.size();
        const char c = at_end ? '\n' : text[i];
        const bool stop = c == '.' || c == '!' || c == '?';
        const bool followed_by_space = i + 1 >= text.size() ||
                                       std::isspace(static_cast<unsigned char>(text[i + 1])) ||
                                       text[i + 1] == '"' || text[i + 1] == '*';
        if (c != '\n' && !(stop && followed_by_space)) continue;
        if (const auto found = trimmed(text.substr(start, i - start)); !found.empty())
            sentences.push_back({std::string(found), c == '?'});
        start = i + 1;
    }
    return sentences;
}

std::string subject_of(std::string_view sentence) {
    const auto words = words_of(sentence);
    const auto start = clause_start(words);
    if (start >= words.size()) return {};
    const auto& first = words[start];
    const bool named = std::isupper(static_cast<unsigned char>(sentence[first.at])) != 0;
    const bool counted = one_of(articles, first.text);
    if (one_of(names_nobody, first.text) || (!counted && !named)) return {};
    const auto end = phrase_end(words, start);
    // Without a verb in sight this is no clause, and an article alone is nobody.
    if (end == words.size() || end - start > subject_words_max || (counted && end - start < 2)) return {};
    return phrase(sentence, words, start, end);
}

std::vector<std::string> things_in(std::string_view sentence) {
    const auto words = words_of(sentence);
    std::vector<std::string> things;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!one_of(articles, words[i].text)) continue;
        const auto end = phrase_end(words, i);
        if (end - i >= 2 && end - i <= subject_words_max) things.push_back(phrase(sentence, words, i, end));
        i = end - 1;
    }
    return things;
}

std::string with_subject(std::string_view sentence, std::string_view subject) {
    const auto words = words_of(sentence);
    // "The frog throws it": whatever it is, it is not the frog.
    const auto own = subject_of(sentence);
    if (subject.empty() || (!own.empty() && last_word(own) == last_word(subject)))
        return std::string(sentence);
    for (std::size_t i = 0; i < std::min(words.size(), pronoun_among_first_words); ++i) {
        if (!one_of(pronouns, words[i].text)) continue;
        std::string result(sentence.substr(0, words[i].at));
        result += subject;
        result += sentence.substr(words[i].at + words[i].text.size());
        return result;
    }
    return std::string(sentence);
}

std::vector<std::string> steps_of(std::string_view story, std::size_t count_max) {
    std::vector<std::string> told;
    std::string subject;
    std::string other;  // the last thing mentioned that is not the subject
    for (const auto& sentence : sentences_of(story)) {
        const auto words = words_of(sentence.text);
        const auto start = clause_start(words);
        const bool several = start < words.size() && words[start].text == "they";
        const bool both = several && !subject.empty() && !other.empty();
        told.push_back(with_subject(sentence.text, both ? subject + " and " + other : subject));
        if (auto found = subject_of(sentence.text); !found.empty()) subject = std::move(found);
        for (auto& thing : things_in(sentence.text)) {
            if (last_word(thing) != last_word(subject)) other = std::move(thing);
        }
    }
    if (told.size() <= count_max) return told;
    std::vector<std::string> steps(count_max);
    for (std::size_t i = 0; i < told.size(); ++i) {
        auto& step = steps[i * count_max / told.size()];
        if (!step.empty()) step += ", ";
        step += told[i];
    }
    return steps;
}

std::string cut_at_word(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return std::string(text);
    auto end = whole_characters(text, bytes_max);
    if (const auto space = text.rfind(' ', end); space != std::string_view::npos && space > 0) end = space;
    return std::string(trimmed(text.substr(0, end)));
}

}  // namespace ourvidz::node
