#include "catalog/token_words.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "catalog/byte_reader.h"
#include "catalog/gguf.h"

namespace ourvidz::catalog {
namespace {

constexpr std::chrono::seconds reading_limit{5};
constexpr std::uint64_t magic_bytes = 4;

bool is_written_as_itself(unsigned byte) {
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE);
}

// Model files have a letter for each byte: most stand for themselves, the others for those from U+0100 on.
std::array<int, 0x200> bytes_by_letter() {
    std::array<int, 0x200> bytes{};
    bytes.fill(-1);
    unsigned next = 0x100;
    for (unsigned byte = 0; byte < 0x100; ++byte)
        bytes.at(is_written_as_itself(byte) ? byte : next++) = static_cast<int>(byte);
    return bytes;
}

// A word with other letters is one of those that stand for no text, and stays as it is.
std::string as_bytes(const std::string& word, const std::array<int, 0x200>& bytes) {
    std::string result;
    for (std::size_t i = 0; i < word.size(); ++i) {
        unsigned letter = static_cast<unsigned char>(word[i]);
        if (letter >= 0xC0 && letter < 0xE0 && i + 1 < word.size())
            letter = (letter & 0x1FU) << 6U | (static_cast<unsigned char>(word[++i]) & 0x3FU);
        if (letter >= bytes.size() || bytes.at(letter) < 0) return word;
        result += static_cast<char>(bytes.at(letter));
    }
    return result;
}

}  // namespace

TokenWords::TokenWords(const std::vector<std::string>& words) {
    const auto bytes = bytes_by_letter();
    words_.reserve(words.size());
    for (const auto& word : words) {
        if (!word.empty()) words_.push_back(as_bytes(word, bytes));
    }
    std::sort(words_.begin(), words_.end());
}

std::size_t TokenWords::tokens_min(std::string_view text) const {
    constexpr auto unreached = std::numeric_limits<std::size_t>::max();
    std::vector<std::size_t> fewest(text.size() + 1, unreached);
    fewest[0] = 0;
    for (std::size_t from = 0; from < text.size(); ++from) {
        if (fewest[from] == unreached) continue;
        // Of the sorted words, those that begin as the text does here: fewer with each byte.
        auto first = words_.begin();
        auto last = words_.end();
        for (std::size_t length = 0; from + length < text.size() && first != last; ++length) {
            const auto byte = static_cast<unsigned char>(text[from + length]);
            const auto at = [length](const std::string& word) {
                return word.size() > length ? static_cast<int>(static_cast<unsigned char>(word[length])) : -1;
            };
            first = std::partition_point(first, last, [&](const auto& word) { return at(word) < byte; });
            last = std::partition_point(first, last, [&](const auto& word) { return at(word) <= byte; });
            if (first != last && first->size() == length + 1) {
                auto& best = fewest[from + length + 1];
                best = std::min(best, fewest[from] + 1);
            }
        }
    }
    return fewest.back() == unreached ? 0 : fewest.back();
}

std::shared_ptr<const TokenWords> TokenWordsOfModels::of(const std::filesystem::path& file) {
    const auto mark = mark_of(file);
    const std::lock_guard lock(mutex_);
    if (file == file_ && mark_.surely_same_as(mark)) return kept_;
    file_ = file;
    mark_ = mark;
    kept_ = nullptr;
    auto reader = ByteReader::open(file, reading_limit);
    if (!reader || !reader->skip(magic_bytes)) return nullptr;
    const auto words = read_gguf_words(*reader);
    if (words && !words->empty()) kept_ = std::make_shared<const TokenWords>(*words);
    return kept_;
}

}  // namespace ourvidz::catalog
