#include "safety/vocabulary.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ourvidz::safety {

namespace {

constexpr std::size_t stem_bytes_min = 3;
constexpr std::size_t ending_bytes_max = 8;  // up to 8 Latin letters, 4 of most other alphabets
constexpr std::size_t other_script_stem_bytes_min = 9;
constexpr std::size_t other_script_ending_bytes_max = 15;  // 5 characters
constexpr std::size_t unspaced_characters_max = 12;
constexpr std::size_t key_letters_min = 3;

// What Korean puts after a noun.
constexpr std::array<std::string_view, 24> korean_endings = {
    "가",   "이",   "의",   "을",   "를",   "은",   "는", "와",   "과",      "도",   "에", "들",
    "들이", "들의", "들을", "들은", "에게", "한테", "로", "으로", "을 입은", "차림", "랑", "복"};
constexpr std::array<std::string_view, 12> arabic_prefixes = {"ال", "وال", "بال", "لل", "فال", "كال",
                                                              "و",  "ب",   "ل",   "ف",  "ك",   "لال"};
constexpr std::array<std::string_view, 9> hebrew_prefixes = {"ה", "ו", "ב", "ל", "מ", "ש", "כ", "וה", "שה"};

template <class Use>
void for_each_piece(std::string_view list, char separator, Use use) {
    while (!list.empty()) {
        const auto end = std::min(list.find(separator), list.size());
        auto piece = list.substr(0, end);
        while (!piece.empty() && piece.front() == ' ') piece.remove_prefix(1);
        while (!piece.empty() && piece.back() == ' ') piece.remove_suffix(1);
        if (!piece.empty()) use(piece);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

int number_of_digits(std::string_view digits) {
    if (digits.size() > 4) return -1;
    int number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    return number;
}

}  // namespace

void HashIndex::insert(std::uint64_t key, std::uint32_t value) {
    if (key == 0) key = 1;
    if (used_ * 2 >= slots_.size()) grow();
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = (key ^ (key >> 29)) & mask;; at = (at + 1) & mask) {
        if (slots_[at].key == key) return;
        if (slots_[at].key == 0) {
            slots_[at] = {key, value};
            ++used_;
            return;
        }
    }
}

std::uint32_t HashIndex::find(std::uint64_t key) const {
    if (key == 0) key = 1;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = (key ^ (key >> 29)) & mask;; at = (at + 1) & mask) {
        if (slots_[at].key == key) return slots_[at].value;
        if (slots_[at].key == 0) return 0;
    }
}

void HashIndex::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    used_ = 0;
    for (const auto& slot : old) {
        if (slot.key != 0) insert(slot.key, slot.value);
    }
}

Vocabulary::Vocabulary() : words_(1), nodes_(1) {
    for (const auto rows : {youth_rows(), context_rows(), conduct_rows(), exception_rows()}) {
        for (const auto& row : rows) add_row(row);
    }
    for (const auto& row : role_rows()) {
        for_each_piece(row.words, ',', [&](std::string_view phrase) {
            for (const WordId id : add_phrase(phrase)) words_[id].roles |= row.roles;
        });
    }
    for (const auto& row : number_rows()) {
        for_each_piece(row.words, ',', [&](std::string_view phrase) {
            const auto ids = add_phrase(phrase);
            if (ids.size() != 1) throw std::logic_error("a number must be one word");
            words_[ids[0]].number = row.value;
            words_[ids[0]].roles |= row.roles;
        });
    }
    for_each_piece(disguised_age_words(), ',', [&](std::string_view word) {
        keys_.push_back({std::string(word), add_word(word, false)});
    });
}

WordId Vocabulary::add_word(std::string_view folded, bool stem) {
    auto& index = stem ? stems_by_hash_ : words_by_hash_;
    const auto hash = hash_of(folded);
    if (const WordId known = index.find(hash)) return known;
    words_.emplace_back();
    const auto id = static_cast<WordId>(words_.size() - 1);
    index.insert(hash, id);
    return id;
}

std::vector<WordId> Vocabulary::add_phrase(std::string_view phrase) {
    std::vector<WordId> ids;
    for_each_piece(phrase, ' ', [&](std::string_view piece) {
        const bool stem = piece.back() == '*';
        if (stem) piece.remove_suffix(1);
        const auto folded = fold(piece);
        if (!folded) throw std::logic_error("a lexicon word is not UTF-8");
        const auto tokens = tokenize(*folded);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const auto text = std::string_view(*folded).substr(tokens[i].begin, tokens[i].size());
            // Words of the scripts of South Asia and the Caucasus take many endings, so all longer ones are
            // stems.
            const bool takes_endings =
                tokens[i].script == Script::other && text.size() >= other_script_stem_bytes_min;
            ids.push_back(add_word(text, takes_endings || (stem && i + 1 == tokens.size())));
        }
    });
    return ids;
}

void Vocabulary::add_row(const CueRow& row) {
    for_each_piece(row.words, ',', [&](std::string_view phrase) {
        const auto ids = add_phrase(phrase);
        std::uint32_t node = 0;
        for (const WordId id : ids) {
            std::uint32_t next = step(node, id);
            if (next == 0) {
                nodes_.push_back(0);
                next = static_cast<std::uint32_t>(nodes_.size() - 1);
                steps_.insert((std::uint64_t{node} << 32 | id) * 0x9E3779B97F4A7C15ULL, next);
            }
            node = next;
        }
        nodes_[node] |= row.cues;
        if (row.key && ids.size() == 1 && phrase.size() >= key_letters_min)
            keys_.push_back({std::string(phrase), ids[0]});
    });
}

std::uint32_t Vocabulary::step(std::uint32_t node, WordId word) const {
    return word == 0 ? 0 : steps_.find((std::uint64_t{node} << 32 | word) * 0x9E3779B97F4A7C15ULL);
}

WordId Vocabulary::look_up_word(std::string_view word, Script script, Work& work) const {
    work.spend(word.size());
    std::uint64_t hash = hash_start;
    WordId stem = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        hash = hash_step(hash, word[i]);
        if (i + 1 < stem_bytes_min) continue;
        const WordId found = stems_by_hash_.find(hash);
        if (found == 0) continue;
        const auto ending = word.substr(i + 1);
        const bool fits = script == Script::hangul
                              ? ending.empty() || std::find(korean_endings.begin(), korean_endings.end(),
                                                            ending) != korean_endings.end()
                              : ending.size() <= (script == Script::other ? other_script_ending_bytes_max
                                                                          : ending_bytes_max);
        if (fits) stem = found;
    }
    if (const WordId found = words_by_hash_.find(hash)) return found;
    return stem;
}

std::vector<Item> Vocabulary::look_up(std::string_view folded, const std::vector<Token>& tokens,
                                      Work& work) const {
    std::vector<Item> items;
    items.reserve(tokens.size() + 8);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        const auto text = folded.substr(token.begin, token.size());
        Item item;
        item.token = static_cast<std::uint32_t>(i);
        item.glued = token.glued;
        item.spaced = token.spaced;
        item.comma_before = token.comma_before;
        item.comma_after = token.comma_after;
        if (token.script == Script::unspaced) {
            cut_unspaced(folded, token, item, items, work);
            continue;
        }
        item.word = look_up_word(text, token.script, work);
        if (item.word == 0 && (token.script == Script::arabic || token.script == Script::hebrew)) {
            const auto strip = [&](auto& prefixes) {
                for (const auto prefix : prefixes) {
                    if (item.word == 0 && text.size() >= prefix.size() + 4 && text.starts_with(prefix)) {
                        item.word = look_up_word(text.substr(prefix.size()), token.script, work);
                    }
                }
            };
            token.script == Script::arabic ? strip(arabic_prefixes) : strip(hebrew_prefixes);
        }
        item.number = token.script == Script::digits ? number_of_digits(text) : words_[item.word].number;
        item.mixed_script = token.script == Script::mixed && item.word == 0;
        items.push_back(item);
    }
    return items;
}

void Vocabulary::cut_unspaced(std::string_view folded, const Token& token, Item item, std::vector<Item>& out,
                              Work& work) const {
    std::size_t at = token.begin;
    while (at < token.end) {
        std::uint64_t hash = hash_start;
        std::size_t best_end = 0;
        WordId best = 0;
        std::size_t first_end = token.end;
        std::size_t count = 0;
        std::size_t end = at;
        while (end < token.end && count < unspaced_characters_max) {
            do {
                hash = hash_step(hash, folded[end]);
                ++end;
            } while (end < token.end && (static_cast<unsigned char>(folded[end]) & 0xC0U) == 0x80U);
            if (++count == 1) first_end = end;
            if (const WordId found = words_by_hash_.find(hash)) {
                best = found;
                best_end = end;
            }
        }
        work.spend(count);
        item.word = best;
        item.number = words_[best].number;
        out.push_back(item);
        item.glued = true;
        item.spaced = item.comma_before = false;
        at = best != 0 ? best_end : first_end;
    }
}

}  // namespace ourvidz::safety
