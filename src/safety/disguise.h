// Key words that were made hard to read: look-alike letters, digits for letters, letters set apart, repeated,
// swapped, left out, reversed, shifted by thirteen, words cut into pieces, and words run together.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safety/vocabulary.h"

namespace ourvidz::safety {

// The stages, so that a test can take one away and see what it was for.
enum Stage : unsigned {
    stage_skeleton = 1U << 0,
    stage_leet = 1U << 1,
    stage_joined_letters = 1U << 2,
    stage_split_words = 1U << 3,
    stage_squeezed = 1U << 4,
    stage_scrambled = 1U << 5,
    stage_one_edit = 1U << 6,
    stage_reversed = 1U << 7,
    stage_rot13 = 1U << 8,
    stage_decoded = 1U << 9,
    stage_mixed_script = 1U << 10,
    stage_run_together = 1U << 11,
    all_stages = (1U << 12) - 1,
};

struct Unmasked {
    std::vector<Item> items;
    bool changed = false;
    bool reversed = false;  // a reversed key word was seen: the whole text may be reversed
    bool rot13 = false;
};

class Disguises {
  public:
    Disguises(const Vocabulary& vocabulary, unsigned stages);

    // `plain` with disguised key words put in place of what hides them.
    [[nodiscard]] Unmasked unmask(std::string_view folded, const std::vector<Token>& tokens,
                                  const std::vector<Item>& plain, Work& work) const;

  private:
    struct Cursor;
    struct Known {  // a word that letters spell
        WordId word = 0;
        std::size_t size = 0;
    };
    // The longest word of at least joined_letters_min letters at the beginning of `letters`.
    Known longest_word(std::string_view letters, Work& work) const;
    bool joined_letters(Cursor& cursor) const;
    bool joined_digits(Cursor& cursor) const;
    bool leet_chunk(Cursor& cursor) const;
    bool split_word(Cursor& cursor) const;
    bool run_together(Cursor& cursor) const;
    WordId single(std::string_view word, Script script, Cursor& cursor) const;
    WordId misspelled(std::string_view word, Work& work) const;

    const Vocabulary& vocabulary_;
    unsigned stages_;
    HashIndex plain_;
    HashIndex leet_;
    HashIndex squeezed_;
    HashIndex scrambled_;
    HashIndex reversed_;
    HashIndex rot13_;
    std::array<std::vector<Vocabulary::Key>, 26> by_first_letter_;
};

[[nodiscard]] std::string rot13(std::string_view text);
[[nodiscard]] std::string reversed_text(std::string_view utf8);

}  // namespace ourvidz::safety
