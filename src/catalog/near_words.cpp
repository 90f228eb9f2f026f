#include "catalog/near_words.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_set>

#include "base/json.h"
#include "catalog/vocabulary.h"

namespace ourvidz::catalog {
namespace {

constexpr std::size_t rows_max = 20'000;
constexpr std::size_t words_bytes_max = 60'000;  // a word of it fits NearWords::Word
constexpr std::size_t things_listed_max = 2'000;
constexpr std::size_t near_word_bytes_max = 64;
constexpr std::size_t replaced_max = 8;
// Shorter words are too often others: "short" is no misspelt "shirt".
constexpr std::size_t misspelt_bytes_min = 6;

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        if (end > at) parts.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

// The words of a vocabulary, for a table that asks for some ten thousands.
class KnownWords {
  public:
    explicit KnownWords(const Vocabulary& vocabulary) {
        for (const auto* words : {&vocabulary.known, &vocabulary.also_known, &vocabulary.ignored})
            words_.insert(words->begin(), words->end());
    }
    [[nodiscard]] bool has(std::string_view word) const {
        return !form_of(word, [&](std::string_view form) { return words_.contains(form); }).empty();
    }
    [[nodiscard]] bool has_all_of(std::string_view name) const {
        const auto words = split(name);
        return !words.empty() &&
               std::all_of(words.begin(), words.end(), [&](const std::string& word) { return has(word); });
    }

  private:
    std::unordered_set<std::string_view> words_;
};

Result<std::vector<std::string>> read_names(FieldReader& reader, std::string_view field, std::size_t size_max,
                                            const KnownWords& known, const std::string& path) {
    std::vector<std::string> names;
    const auto* list = reader.array(field, size_max);
    OURVIDZ_CHECK(reader.finish());
    if (list == nullptr) return names;
    for (const auto& one : *list) {
        if (!one.is_string() || !known.has_all_of(one.get_string()))
            return invalid_field(path, "must be names that the vocabulary has");
        names.emplace_back(one.get_string());
    }
    return names;
}

Result<void> read_row(const json::value& value, std::size_t number, const KnownWords& known,
                      NearWords& table) {
    const auto path = "near[" + std::to_string(number) + "]";
    if (!value.is_object()) return invalid_field(path, "must be an object with things and words");
    FieldReader reader(value.get_object(), path + ".");
    const auto words = reader.required_text("words", words_bytes_max);
    OURVIDZ_TRY(things, read_names(reader, "things", NearWords::things_max, known, path + ".things"));
    if (things.empty()) return invalid_field(path + ".things", "needs at least one");
    for (const auto& word : split(words)) {
        if (known.has(word))
            return invalid_field(path + ".words", "has \"" + word + "\", which the model knows");
        table.words.push_back({static_cast<std::uint32_t>(table.text.size()),
                               static_cast<std::uint16_t>(word.size()),
                               static_cast<std::uint16_t>(table.things.size())});
        table.text += word;
    }
    table.things.push_back(std::move(things));
    return {};
}

std::string_view text_of(const NearWords& table, NearWords::Word word) {
    return std::string_view(table.text).substr(word.at, word.bytes);
}

// By what they say; each may be there once.
Result<void> sort_words(NearWords& table) {
    auto& words = table.words;
    std::sort(words.begin(), words.end(),
              [&](auto left, auto right) { return text_of(table, left) < text_of(table, right); });
    const auto twice = std::adjacent_find(words.begin(), words.end(), [&](auto left, auto right) {
        return text_of(table, left) == text_of(table, right);
    });
    if (twice == words.end()) return {};
    return invalid_field(
        "near[" + std::to_string(std::max(twice->things, std::next(twice)->things)) + "].words",
        "has a word that stands elsewhere too");
}

bool is_vowel(char letter) {
    return std::string_view("aeiou").find(letter) != std::string_view::npos;
}

std::string article_of(std::string_view name) {
    const bool an = is_vowel(name.front()) && !name.starts_with("uni") && !name.starts_with("ufo");
    return an ? "an" : "a";
}

// "elephant" as it sounds.
std::string with_f_for_ph(std::string_view word) {
    std::string heard;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const bool is_f = word.substr(i).starts_with("ph");
        heard += is_f ? 'f' : word[i];
        if (is_f) ++i;
    }
    return heard;
}

// At most one letter more, less or another, or two that have changed places; the first letter is right.
bool is_one_slip_apart(std::string_view word, std::string_view name) {
    if (word.front() != name.front() || word.size() + 1 < name.size() || name.size() + 1 < word.size())
        return false;
    std::size_t same = 0;  // from the front
    while (same < std::min(word.size(), name.size()) && word[same] == name[same]) ++same;
    const auto rest_of = [](std::string_view text, std::size_t from) {
        return text.substr(std::min(from, text.size()));
    };
    if (word.size() < name.size()) return rest_of(word, same) == rest_of(name, same + 1);
    if (word.size() > name.size()) return rest_of(word, same + 1) == rest_of(name, same);
    if (rest_of(word, same + 1) == rest_of(name, same + 1)) return true;
    return same + 1 < word.size() && word[same] == name[same + 1] && word[same + 1] == name[same] &&
           rest_of(word, same + 2) == rest_of(name, same + 2);
}

// A word of the text, and what it may stand for.
struct Noun {
    const std::vector<std::string>* things = nullptr;  // null: what is known, or no noun
    bool is_plural = false;
    bool is_thing = false;  // known or near to something known
};

class Replacing {
  public:
    Replacing(const Entry& entry, std::string_view text,
              const std::function<bool(std::string_view word)>& stays)
        : entry_(entry), text_(text), words_(words_of(text)) {
        for (const auto& word : words_) nouns_.push_back(stays(word.word) ? Noun() : read(word.word));
    }

    NearText run() {
        NearText result;
        std::size_t done = 0;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            const auto& noun = nouns_[i];
            if (noun.things == nullptr || describes_next(i) || is_verb(i)) continue;
            auto from = words_[i].at;
            const auto replaced = replacing(i);
            std::string put = replaced.by;
            if (const auto article = article_before(i)) {
                from = words_[i - 1].at;
                put = with_article(replaced.by, *article);
            }
            result.text.append(text_.substr(done, from - done)).append(put);
            done = words_[i].at + words_[i].size;
            note(result.replaced, replaced);
        }
        result.text.append(text_.substr(done));
        return result;
    }

  private:
    [[nodiscard]] Noun read(const std::string& word) {
        const auto& vocabulary = *entry_.vocabulary;
        if (const auto form = known_form(vocabulary, word); !form.empty())
            return {nullptr, false, !has(vocabulary.describing, form) && !has(vocabulary.ignored, form)};
        if (is_word_of_ours(entry_, word)) return {};
        const auto& table = *entry_.near_words;
        if (const auto* things = table.near(word)) return {things, false, true};
        for (const std::string_view ending : {"s", "es"}) {
            if (word.size() <= ending.size() + 2 || !word.ends_with(ending)) continue;
            const auto single = std::string_view(word).substr(0, word.size() - ending.size());
            if (const auto* things = table.near(single)) return {things, true, true};
        }
        return misspelt(word);
    }

    // A long word that is one slip away from the name of a thing: "elefant".
    [[nodiscard]] Noun misspelt(const std::string& word) {
        for (const bool is_plural : {false, true}) {
            if (is_plural && !word.ends_with('s')) break;
            const auto single = std::string_view(word).substr(0, word.size() - (is_plural ? 1 : 0));
            if (single.size() < misspelt_bytes_min) continue;
            const auto heard = with_f_for_ph(single);
            for (const auto& name : entry_.vocabulary->things) {
                if (name.front() != single.front() && name.front() != heard.front()) continue;
                if (!is_one_slip_apart(heard, with_f_for_ph(name))) continue;
                spelt_.push_back({name});
                return {&spelt_.back(), is_plural, true};
            }
        }
        return {};
    }

    // Nothing but blanks between a word and the next.
    [[nodiscard]] bool touches_next(std::size_t i) const {
        if (i + 1 >= words_.size()) return false;
        const auto end = words_[i].at + words_[i].size;
        return text_.substr(end, words_[i + 1].at - end).find_first_not_of(" \t\n") == std::string_view::npos;
    }

    [[nodiscard]] bool describes_next(std::size_t i) const {
        return touches_next(i) && nouns_[i + 1].is_thing && !is_verb(i + 1);
    }

    // "the galleon sails"
    [[nodiscard]] bool is_verb(std::size_t i) const {
        return nouns_[i].is_plural && i > 0 && touches_next(i - 1) && nouns_[i - 1].is_thing &&
               !nouns_[i - 1].is_plural;
    }

    [[nodiscard]] std::optional<std::string_view> article_before(std::size_t i) const {
        if (i == 0 || !touches_next(i - 1) || nouns_[i].is_plural) return std::nullopt;
        const auto& before = words_[i - 1];
        if (before.word != "a" && before.word != "an") return std::nullopt;
        return text_.substr(before.at, before.size);
    }

    [[nodiscard]] std::string with_article(const std::string& name, std::string_view written) const {
        if (entry_.near_words->uncounted.contains(name)) return name;
        auto article = article_of(name);
        if (written.front() == 'A') article.front() = 'A';
        return article + " " + name;
    }

    [[nodiscard]] std::string numbered(const std::string& name, bool is_plural) const {
        if (!is_plural) return name;
        const auto& plurals = entry_.near_words->plurals;
        const auto found = plurals.find(name);
        return found != plurals.end() ? found->second : name + "s";
    }

    [[nodiscard]] ReplacedWord replacing(std::size_t i) const {
        const auto& noun = nouns_[i];
        ReplacedWord replaced{words_[i].word, numbered(noun.things->front(), noun.is_plural), {}, ""};
        for (std::size_t k = 1; k < noun.things->size(); ++k)
            replaced.others.push_back(numbered((*noun.things)[k], noun.is_plural));
        replaced.drawn = noun.is_plural ? replaced.by : with_article(replaced.by, "a");
        return replaced;
    }

    static void note(std::vector<ReplacedWord>& all, const ReplacedWord& replaced) {
        const bool again = std::any_of(all.begin(), all.end(),
                                       [&](const ReplacedWord& one) { return one.word == replaced.word; });
        if (!again && all.size() < replaced_max) all.push_back(replaced);
    }

    const Entry& entry_;
    std::string_view text_;
    std::vector<TextWord> words_;
    std::deque<std::vector<std::string>> spelt_;  // what nouns_ point to besides the table
    std::vector<Noun> nouns_;
};

}  // namespace

Result<NearWords> parse_near_words(std::string_view text, const Vocabulary& vocabulary) {
    OURVIDZ_TRY(object, parse_json_object(text));
    FieldReader reader(object);
    if (reader.required_integer("schema", 1, 1) != 1) reader.fail("schema", "must be 1");
    const auto* plurals = reader.object("plurals");
    const auto* rows = reader.array("near", rows_max);
    const KnownWords known(vocabulary);
    NearWords table;
    OURVIDZ_TRY(uncounted, read_names(reader, "uncounted", things_listed_max, known, "uncounted"));
    table.uncounted.insert(uncounted.begin(), uncounted.end());
    for (const auto& member : plurals != nullptr ? *plurals : json::object()) {
        if (!member.value().is_string() || member.value().get_string().empty() ||
            member.value().get_string().size() > near_word_bytes_max)
            return invalid_field("plurals." + std::string(member.key()), "must be a name");
        table.plurals.emplace(member.key(), member.value().get_string());
    }
    for (std::size_t i = 0; rows != nullptr && i < rows->size(); ++i)
        OURVIDZ_CHECK(read_row((*rows)[i], i, known, table));
    OURVIDZ_CHECK(sort_words(table));
    return table;
}

const std::vector<std::string>* NearWords::near(std::string_view word) const {
    const auto found =
        std::lower_bound(words.begin(), words.end(), word,
                         [&](Word one, std::string_view wanted) { return text_of(*this, one) < wanted; });
    return found != words.end() && text_of(*this, *found) == word ? &things[found->things] : nullptr;
}

NearText with_near_words(const Entry& entry, std::string_view text,
                         const std::function<bool(std::string_view word)>& stays) {
    if (!entry.near_words || !entry.vocabulary) return {std::string(text), {}};
    return Replacing(entry, text, stays).run();
}

bool names_something(const Entry& entry, std::string_view text) {
    if (!entry.vocabulary || entry.vocabulary->describing.empty()) return true;
    const auto& vocabulary = *entry.vocabulary;
    std::string joined = " ";
    for (const auto& [word, at, size] : words_of(text)) {
        const auto form = known_form(vocabulary, word);
        joined.append(form).append(" ");
        if (!form.empty() && !has(vocabulary.describing, form) && !has(vocabulary.ignored, form)) return true;
    }
    // Of words that only describe, as in "traffic light".
    return std::any_of(vocabulary.things.begin(), vocabulary.things.end(), [&](const std::string& name) {
        return joined.find(" " + name + " ") != std::string::npos;
    });
}

std::string sentence_about(const ReplacedWord& replaced) {
    // What matters first: a narrow screen shows the beginning.
    return "For \"" + replaced.word + "\" it draws " + replaced.drawn +
           ": the word is not known to this model.";
}

}  // namespace ourvidz::catalog
