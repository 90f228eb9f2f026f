// The lexicon tables compiled for looking up: words, endings, phrases and the key words' disguises.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "safety/fold.h"
#include "safety/lexicon.h"
#include "safety/work.h"

namespace ourvidz::safety {

[[nodiscard]] constexpr std::uint64_t hash_step(std::uint64_t hash, char byte) {
    return (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3ULL;
}
constexpr std::uint64_t hash_start = 0xCBF29CE484222325ULL;
[[nodiscard]] constexpr std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = hash_start;
    for (const char c : text) hash = hash_step(hash, c);
    return hash;
}

// From 64-bit hashes to numbers above 0; 0 means absent.
class HashIndex {
  public:
    void insert(std::uint64_t key, std::uint32_t value);  // the first value for a key stays
    [[nodiscard]] std::uint32_t find(std::uint64_t key) const;

  private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t value = 0;
    };
    void grow();
    std::vector<Slot> slots_ = std::vector<Slot>(64);
    std::size_t used_ = 0;
};

using WordId = std::uint32_t;  // 0: a word that no table knows

struct Word {
    Roles roles = 0;
    int number = -1;
};

// One place in a text after words have been looked up.
struct Item {
    WordId word = 0;
    int number = -1;          // of digits or of a number word
    std::uint32_t token = 0;  // the first token that it stands for
    bool glued = false;
    bool spaced = false;
    bool comma_before = false;
    bool comma_after = false;
    bool mixed_script = false;  // Latin letters mixed with others, and no known word
};

// Immutable after construction.
class Vocabulary {
  public:
    Vocabulary();

    // The words of `tokens` as they stand, scripts without spaces cut into known words.
    [[nodiscard]] std::vector<Item> look_up(std::string_view folded, const std::vector<Token>& tokens,
                                            Work& work) const;
    [[nodiscard]] WordId exact(std::string_view word) const { return with_hash(hash_of(word)); }
    [[nodiscard]] WordId with_hash(std::uint64_t hash) const { return words_by_hash_.find(hash); }
    [[nodiscard]] const Word& word(WordId id) const { return words_[id]; }
    [[nodiscard]] bool has_role(const Item& item, Roles roles) const {
        return (words_[item.word].roles & roles) != 0;
    }

    // Phrases: walk from node 0; 0 is also "no such step".
    [[nodiscard]] std::uint32_t step(std::uint32_t node, WordId word) const;
    [[nodiscard]] Cues cues_at(std::uint32_t node) const { return nodes_[node]; }

    struct Key {
        std::string text;
        WordId word = 0;
    };
    [[nodiscard]] const std::vector<Key>& keys() const { return keys_; }

  private:
    WordId add_word(std::string_view folded, bool stem);
    std::vector<WordId> add_phrase(std::string_view phrase);
    void add_row(const CueRow& row);
    WordId look_up_word(std::string_view word, Script script, Work& work) const;
    void cut_unspaced(std::string_view folded, const Token& token, Item item, std::vector<Item>& out,
                      Work& work) const;

    HashIndex words_by_hash_;
    HashIndex stems_by_hash_;
    HashIndex steps_;
    std::vector<Word> words_;
    std::vector<Cues> nodes_;
    std::vector<Key> keys_;
};

}  // namespace ourvidz::safety
