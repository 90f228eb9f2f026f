// The language of prompts, read in one place for all models:
//
//   (word) ((word)) (word:1.3) [word]   more or less weight
//   <lora:NAME:0.8>                     a LoRA, laid over the model for this picture; one word, see
//   lora_tag.h {a|b|c}   __list__                  one of several; the seed decides, so the same seed gives
//   the same words
//   \( \) \[ \] \{ \} \| \< \_ \\       the character itself
//
// Brackets without a partner are taken as characters, since people write ":)"; a note says so. What can only
// be a mistake is an error that names the place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ourvidz::prompts {

constexpr std::size_t prompt_bytes_max = 4096;  // also of what comes out
constexpr int choices_max = 64;
constexpr int nesting_max = 8;
constexpr std::size_t options_max = 200;  // of one choice
constexpr std::size_t loras_max = 8;
constexpr std::size_t notes_max = 64;  // nobody reads more; those that are left out are of the same kinds
constexpr double weight_max = 4;       // that is written; what nests multiplies, up to weight_product_max
constexpr double weight_product_max = 10;
constexpr double lora_weight_max = 4;  // either side of 0

// Something worth knowing that is no error.
struct Note {
    std::size_t at = 0;  // character of the prompt as it was written, from 1
    std::string text;    // a sentence
};

struct Span {
    std::string text;  // without any syntax
    double weight = 1;
};

struct LoraUse {
    std::string name;
    double weight = 1;
    std::size_t at = 0;  // as in Note
};

struct Resolved {
    std::vector<Span> spans;  // neighbours differ in weight
    std::vector<LoraUse> loras;
    std::vector<Note> notes;
};

// The entries of a word list, at least one; null if there is none of this name. Errors: unavailable with the
// reason why it cannot be used, as the end of a sentence ("line 3 is not UTF-8").
using WordList = std::shared_ptr<const std::vector<std::string>>;
using WordLists = std::function<Result<WordList>(std::string_view name)>;

// `field` is what errors name: invalid_field with a sentence that begins with the place.
[[nodiscard]] Result<Resolved> resolve(std::string_view prompt, std::int64_t seed, const WordLists& lists,
                                       const std::string& field);

// For models that cannot weigh words: all count the same. Says whether any did not.
bool drop_weights(Resolved& resolved);

// As the picture engine is to get it. A prompt without syntax comes out as it went in. Square brackets that
// stand for themselves become round ones, since the engine has no way to write them.
[[nodiscard]] std::string engine_text(const Resolved& resolved);

// The words alone, as people read them.
[[nodiscard]] std::string plain_text(const Resolved& resolved);
// The same of what engine_text() made.
[[nodiscard]] std::string plain_text(std::string_view engine_text);

}  // namespace ourvidz::prompts
