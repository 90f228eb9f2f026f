#include "catalog/vocabulary.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace ourvidz::catalog {

std::vector<TextWord> words_of(std::string_view text) {
    std::vector<TextWord> words(1);
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        auto& last = words.back();
        if (const auto bytes = separator_bytes(text, at); bytes > 0) {
            if (!last.word.empty() && !text.substr(at).starts_with(apostrophe)) words.emplace_back();
            at += bytes - 1;
            continue;
        }
        // Bytes of other scripts stay inside words, so that those words count as unknown.
        if (std::isalpha(byte) != 0 || byte >= 0x80) {
            if (last.word.empty()) last.at = at;
            last.word += static_cast<char>(std::tolower(byte));
            last.size = at + 1 - last.at;
        } else if (text[at] != '\'' && !last.word.empty()) {
            words.emplace_back();
        }
    }
    if (words.back().word.empty()) words.pop_back();
    return words;
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool has(const std::vector<std::string>& sorted, std::string_view word) {
    return std::binary_search(sorted.begin(), sorted.end(), word);
}

std::string known_form(const Vocabulary& vocabulary, const std::string& word) {
    return std::string(form_of(word, [&](std::string_view form) {
        return has(vocabulary.known, form) || has(vocabulary.also_known, form) ||
               has(vocabulary.ignored, form);
    }));
}

bool is_word_of_ours(const Entry& entry, const std::string& word) {
    if (contains(entry.style_words, word)) return true;
    return std::any_of(entry.kinds.begin(), entry.kinds.end(), [&](const KindSpec& kind) {
        if (!kind.clip || !kind.clip->pose_words) return false;
        const auto& poses = *kind.clip->pose_words;
        return contains(poses.across, word) || contains(poses.down, word) || contains(poses.tilt, word) ||
               contains(poses.size, word);
    });
}

}  // namespace ourvidz::catalog
