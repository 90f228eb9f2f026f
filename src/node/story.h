// Plain rules for English prose: where sentences end, who a sentence is about, and who its pronouns mean. A
// small chat model cannot be trusted with any of these, and a large one does not mind being helped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ourvidz::node {

constexpr std::size_t sentences_max = 200;

// The sentences in their order, trimmed, without what ends them; a line break ends one too. At most
// `sentences_max`; what follows is left out.
struct Sentence {
    std::string text;
    bool question = false;
};
[[nodiscard]] std::vector<Sentence> sentences_of(std::string_view text);

// Who or what the sentence is about, in its own words: "A red fox wakes up in the snow" -> "a red fox". Empty
// when it cannot be told, as with pronouns.
[[nodiscard]] std::string subject_of(std::string_view sentence);

// The things that the sentence names with an article: "the owl", "a small town".
[[nodiscard]] std::vector<std::string> things_in(std::string_view sentence);

// The sentence with its first pronoun near the start replaced: "Then it finds a key" -> "Then a red fox finds
// a key". Possessives are left alone: they need no name to be pictured.
[[nodiscard]] std::string with_subject(std::string_view sentence, std::string_view subject);

// A story as what can be seen in each of its steps, pronouns replaced by the subject that came before.
// Neighbouring sentences are joined so that no more than `count_max` are left.
[[nodiscard]] std::vector<std::string> steps_of(std::string_view story, std::size_t count_max);

// The length of the longest start of `text` that has at most `bytes_max` bytes and cuts no character in two.
[[nodiscard]] std::size_t whole_characters(std::string_view text, std::size_t bytes_max);

// No longer than `bytes_max`, ending after a whole word where there is one, and no character cut in two.
[[nodiscard]] std::string cut_at_word(std::string_view text, std::size_t bytes_max);

}  // namespace ourvidz::node
