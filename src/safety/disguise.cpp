#include "safety/disguise.h"

#include <algorithm>

namespace ourvidz::safety {

namespace {

constexpr std::size_t joined_letters_min = 3;
constexpr std::size_t key_bytes_max = 20;
constexpr std::size_t disguise_bytes_max = 32;
constexpr std::size_t omission_letters_min = 7;
constexpr std::size_t edit_letters_min = 8;
constexpr std::size_t scramble_letters_min = 5;
constexpr std::size_t split_letters_min = 5;
constexpr std::size_t split_known_letters_min = 7;  // where every part is a word: "un der age"
constexpr std::size_t run_together_letters_min = 8;
constexpr std::size_t run_together_words_max = 6;

bool is_latin_word(std::string_view word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// 0: not a sign that stands for a letter. The letter i also stands for l, which signs do not tell apart.
char letter_of_sign(char sign) {
    switch (sign) {
        case '0':
            return 'o';
        case '1':
        case '!':
        case '|':
        case 'l':
            return 'i';
        case '2':
            return 'z';
        case '3':
            return 'e';
        case '4':
        case '@':
            return 'a';
        case '5':
        case '$':
            return 's';
        case '6':
            return 'g';
        case '7':
        case '+':
            return 't';
        case '8':
            return 'b';
        case '9':
            return 'g';
        case '*':
        case '-':
        case '_':
        case '.':
            return 0;
        default:
            return sign >= 'a' && sign <= 'z' ? sign : '\0';
    }
}

std::string squeeze(std::string_view word) {
    std::string out;
    for (const char c : word) {
        if (out.empty() || out.back() != c) out.push_back(c);
    }
    return out;
}

std::string leet_fold(std::string_view chunk) {
    std::string out;
    for (const char c : chunk) {
        if (const char letter = letter_of_sign(c)) out.push_back(letter);
    }
    return squeeze(out);
}

// The first and the last letter stay, as readers need them; what is between may stand in any order.
std::string scramble_fold(std::string_view word) {
    std::string out(word);
    if (out.size() > 3) std::sort(out.begin() + 1, out.end() - 1);
    return out;
}

bool has_long_run(std::string_view word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
        const bool pair = word[i] == word[i - 1];
        if (pair && word.size() >= 6) return true;
        if (pair && i >= 2 && word[i] == word[i - 2]) return true;
    }
    return false;
}

// One letter left out, put in or replaced.
bool one_edit_apart(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > 1) return false;
    std::size_t at = 0;
    while (at < a.size() && a[at] == b[at]) ++at;
    if (a.size() == b.size())
        return a.substr(std::min(at + 1, a.size())) == b.substr(std::min(at + 1, b.size()));
    return a.substr(at) == b.substr(at + 1);
}

}  // namespace

std::string rot13(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>('a' + (c - 'a' + 13) % 26);
    }
    return out;
}

std::string reversed_text(std::string_view utf8) {
    std::string out(utf8.size(), ' ');
    for_each_character(utf8, [&](char32_t, std::size_t begin, std::size_t end) {
        std::copy(utf8.begin() + static_cast<std::ptrdiff_t>(begin),
                  utf8.begin() + static_cast<std::ptrdiff_t>(end),
                  out.begin() + static_cast<std::ptrdiff_t>(utf8.size() - end));
    });
    return out;
}

struct Disguises::Cursor {
    std::string_view folded;
    const std::vector<Token>& tokens;
    const std::vector<Item>& plain;
    std::size_t at;
    Unmasked& result;
    Work& work;
    // Up to here single letters have been searched in vain: each run of them is searched once, however often
    // it is looked at.
    std::size_t letters_done = 0;

    [[nodiscard]] std::string_view text(std::size_t item) const {
        const Token& token = tokens[plain[item].token];
        return folded.substr(token.begin, token.size());
    }
    // Where the characters without a space begin that it stands among.
    [[nodiscard]] std::uint32_t chunk(std::size_t item) const {
        return tokens[plain[item].token].chunk_begin;
    }
    [[nodiscard]] Script script(std::size_t item) const { return tokens[plain[item].token].script; }
    void put(std::size_t first, WordId word, int number) {
        Item item = plain[first];
        item.word = word;
        item.number = number;
        item.mixed_script = false;
        result.items.push_back(item);
        result.changed = true;
    }
};

Disguises::Disguises(const Vocabulary& vocabulary, unsigned stages)
    : vocabulary_(vocabulary), stages_(stages) {
    for (const auto& key : vocabulary.keys()) {
        const auto& text = key.text;
        plain_.insert(hash_of(text), key.word);
        leet_.insert(hash_of(leet_fold(text)), key.word);
        squeezed_.insert(hash_of(squeeze(text)), key.word);
        if (text.size() >= scramble_letters_min) scrambled_.insert(hash_of(scramble_fold(text)), key.word);
        reversed_.insert(hash_of(reversed_text(text)), key.word);
        rot13_.insert(hash_of(rot13(text)), key.word);
        if (text.size() >= omission_letters_min)
            by_first_letter_[static_cast<std::size_t>(text[0] - 'a')].push_back(key);
    }
}

Disguises::Known Disguises::longest_word(std::string_view letters, Work& work) const {
    Known longest;
    std::uint64_t hash = hash_start;
    const std::size_t size_max = std::min(key_bytes_max, letters.size());
    work.spend(size_max);
    for (std::size_t size = 1; size <= size_max; ++size) {
        hash = hash_step(hash, letters[size - 1]);
        if (size < joined_letters_min) continue;
        WordId word = plain_.find(hash);
        if (word == 0) word = vocabulary_.with_hash(hash);
        if (word != 0) longest = {word, size};
    }
    return longest;
}

// "c h i l d", "c.h.i.l.d", "c-h-i-l-d": the run is searched for key words, as an article may run into it.
bool Disguises::joined_letters(Cursor& cursor) const {
    if (cursor.at < cursor.letters_done) return false;
    std::string joined;
    std::size_t end = cursor.at;
    while (end < cursor.plain.size() && cursor.text(end).size() == 1 && cursor.script(end) == Script::latin) {
        joined += cursor.text(end++);
    }
    if (joined.size() < joined_letters_min) return false;
    std::size_t at = 0;
    bool found = false;
    std::vector<std::pair<std::size_t, WordId>> words;
    while (at < joined.size()) {
        const auto known = longest_word(std::string_view(joined).substr(at), cursor.work);
        words.emplace_back(at, known.word);
        found = found || known.word != 0;
        at += std::max<std::size_t>(known.size, 1);
    }
    if (!found) {
        cursor.letters_done = end;
        return false;
    }
    for (const auto& [offset, word] : words) {
        if (word == 0) {
            cursor.result.items.push_back(cursor.plain[cursor.at + offset]);
        } else {
            cursor.put(cursor.at + offset, word, vocabulary_.word(word).number);
        }
    }
    cursor.at = end;
    return true;
}

// "1 2 year old"
bool Disguises::joined_digits(Cursor& cursor) const {
    const auto is_digit = [&](std::size_t i) {
        return i < cursor.plain.size() && cursor.script(i) == Script::digits && cursor.text(i).size() == 1;
    };
    const std::size_t first = cursor.at;
    if (!is_digit(first) || !is_digit(first + 1) || is_digit(first + 2)) return false;
    if (first > 0 && is_digit(first - 1)) return false;
    cursor.put(first, 0, cursor.plain[first].number * 10 + cursor.plain[first + 1].number);
    cursor.at += 2;
    return true;
}

// "5ch00lg1rl": a chunk of letters and signs as a whole.
bool Disguises::leet_chunk(Cursor& cursor) const {
    const Token& token = cursor.tokens[cursor.plain[cursor.at].token];
    if (token.chunk_end - token.chunk_begin > disguise_bytes_max || token.chunk_end - token.chunk_begin < 3)
        return false;
    if (!token.spaced) return false;  // only from the first token of the chunk
    auto chunk = cursor.folded.substr(token.chunk_begin, token.chunk_end - token.chunk_begin);
    cursor.work.spend(chunk.size());
    while (!chunk.empty() && std::string_view(",.;:?\"'()!").find(chunk.back()) != std::string_view::npos)
        chunk.remove_suffix(1);
    const bool letters = std::any_of(chunk.begin(), chunk.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    const bool signs = std::any_of(chunk.begin(), chunk.end(),
                                   [](char c) { return (c < 'a' || c > 'z') && letter_of_sign(c) != 0; });
    if (!letters || !signs) return false;
    const WordId word = leet_.find(hash_of(leet_fold(chunk)));
    if (word == 0) return false;
    cursor.put(cursor.at, word, vocabulary_.word(word).number);
    const std::uint32_t chunk_end = token.chunk_end;
    while (cursor.at < cursor.plain.size() && cursor.tokens[cursor.plain[cursor.at].token].end <= chunk_end)
        ++cursor.at;
    return true;
}

// "tod dler", "s choolgirl": two or three neighbours; short ones only where one of them is no word by itself.
// "to/dd/le/r": with signs and no space between them however many, for nothing but a disguise cuts so.
bool Disguises::split_word(Cursor& cursor) const {
    if (cursor.text(cursor.at).size() > key_bytes_max) return false;
    const auto hash_on = [](std::uint64_t hash, std::string_view text) {
        for (const char c : text) hash = hash_step(hash, c);
        return hash;
    };
    std::size_t size = cursor.text(cursor.at).size();
    std::uint64_t hash = hash_of(cursor.text(cursor.at));
    bool unknown = cursor.plain[cursor.at].word == 0;
    for (std::size_t next = cursor.at + 1; next < cursor.plain.size(); ++next) {
        const bool same_chunk = cursor.chunk(next) == cursor.chunk(cursor.at);
        if (cursor.script(next) != Script::latin || (!same_chunk && cursor.plain[next].comma_before))
            return false;
        if (!same_chunk && next > cursor.at + 2) return false;
        const auto text = cursor.text(next);
        size += text.size();
        if (size > key_bytes_max) return false;
        hash = hash_on(hash, text);
        unknown = unknown || cursor.plain[next].word == 0;
        cursor.work.spend(text.size());
        if (size < (unknown ? split_letters_min : split_known_letters_min)) continue;
        const WordId word = plain_.find(hash);
        if (word == 0) continue;
        cursor.put(cursor.at, word, vocabulary_.word(word).number);
        cursor.at = next + 1;
        return true;
    }
    return false;
}

// "childinaswimsuit": a word that no table knows and that known words make up without rest, one of them a
// key.
bool Disguises::run_together(Cursor& cursor) const {
    const auto text = cursor.text(cursor.at);
    if (cursor.plain[cursor.at].word != 0 || text.size() < run_together_letters_min ||
        text.size() > disguise_bytes_max || !is_latin_word(text))
        return false;
    // best[i]: how text[i..] can be cut, with the fewest words.
    struct Cut {
        std::size_t words = run_together_words_max + 1;
        std::size_t size = 0;
        WordId word = 0;
        bool key = false;
    };
    std::array<Cut, disguise_bytes_max + 1> best{};
    best[text.size()].words = 0;
    for (std::size_t at = text.size(); at-- > 0;) {
        std::uint64_t hash = hash_start;
        const std::size_t size_max = std::min(key_bytes_max, text.size() - at);
        cursor.work.spend(size_max);
        for (std::size_t size = 1; size <= size_max; ++size) {
            hash = hash_step(hash, text[at + size - 1]);
            const Cut& rest = best[at + size];
            if (rest.words + 1 >= best[at].words) continue;
            const WordId word = vocabulary_.with_hash(hash);
            if (word == 0 || (size < 3 && (vocabulary_.word(word).roles & small_word) == 0)) continue;
            best[at] = {rest.words + 1, size, word, rest.key || plain_.find(hash) != 0};
        }
    }
    if (best[0].words > run_together_words_max || !best[0].key) return false;
    for (std::size_t at = 0; at < text.size(); at += best[at].size) {
        cursor.put(cursor.at, best[at].word, vocabulary_.word(best[at].word).number);
    }
    ++cursor.at;
    return true;
}

WordId Disguises::misspelled(std::string_view word, Work& work) const {
    if ((stages_ & stage_scrambled) != 0 && word.size() >= scramble_letters_min) {
        if (const WordId found = scrambled_.find(hash_of(scramble_fold(word)))) return found;
    }
    if ((stages_ & stage_one_edit) == 0 || word.size() + 1 < omission_letters_min) return 0;
    const auto& keys = by_first_letter_[static_cast<std::size_t>(word[0] - 'a')];
    work.spend(keys.size());
    for (const auto& key : keys) {
        const bool omission = word.size() + 1 == key.text.size();
        if (!omission && key.text.size() < edit_letters_min) continue;
        if (one_edit_apart(word, key.text)) return key.word;
    }
    return 0;
}

WordId Disguises::single(std::string_view word, Script script, Cursor& cursor) const {
    cursor.work.spend(word.size());
    std::string skeleton;
    if (!is_latin_word(word)) {
        if ((stages_ & stage_skeleton) == 0 || script == Script::unspaced || script == Script::hangul)
            return 0;
        skeleton = latin_skeleton(word);
        if (!is_latin_word(skeleton)) return 0;
        if (const WordId found = vocabulary_.exact(skeleton)) return found;
        word = skeleton;
    }
    if (word.size() < 4) return 0;
    if ((stages_ & stage_squeezed) != 0 && has_long_run(word)) {
        if (const WordId found = squeezed_.find(hash_of(squeeze(word)))) return found;
    }
    // Capital I for l, and the other way round, reads the same in many typefaces.
    if ((stages_ & stage_skeleton) != 0 && word.size() >= 5 &&
        word.find_first_of("il") != std::string_view::npos) {
        if (const WordId found = leet_.find(hash_of(leet_fold(word)))) return found;
    }
    if ((stages_ & stage_reversed) != 0) {
        if (const WordId found = reversed_.find(hash_of(word))) {
            cursor.result.reversed = true;
            return found;
        }
    }
    if ((stages_ & stage_rot13) != 0) {
        if (const WordId found = rot13_.find(hash_of(word))) {
            cursor.result.rot13 = true;
            return found;
        }
    }
    return misspelled(word, cursor.work);
}

Unmasked Disguises::unmask(std::string_view folded, const std::vector<Token>& tokens,
                           const std::vector<Item>& plain, Work& work) const {
    Unmasked result;
    result.items.reserve(plain.size());
    Cursor cursor{folded, tokens, plain, 0, result, work};
    while (cursor.at < plain.size()) {
        work.spend(1);
        const Script script = cursor.script(cursor.at);
        if ((stages_ & stage_joined_letters) != 0 && (joined_letters(cursor) || joined_digits(cursor)))
            continue;
        if ((stages_ & stage_leet) != 0 && leet_chunk(cursor)) continue;
        if ((stages_ & stage_split_words) != 0 && script == Script::latin && split_word(cursor)) continue;
        if ((stages_ & stage_run_together) != 0 && script == Script::latin && run_together(cursor)) continue;
        const Item& item = plain[cursor.at];
        const auto text = cursor.text(cursor.at);
        WordId word = 0;
        if (item.word == 0 && script != Script::digits && text.size() <= disguise_bytes_max)
            word = single(text, script, cursor);
        if (word != 0) {
            cursor.put(cursor.at, word, vocabulary_.word(word).number);
        } else {
            result.items.push_back(item);
        }
        ++cursor.at;
    }
    return result;
}

}  // namespace ourvidz::safety
