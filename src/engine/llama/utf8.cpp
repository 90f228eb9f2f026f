#include "engine/llama/utf8.h"

#include <cstddef>
#include <cstdint>

namespace ourvidz::engine {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// How many bytes a character has that starts with `first`; 0 if none does.
std::size_t length_from(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    if (first >= 0xF0 && first <= 0xF4) return 4;
    return 0;
}

// Whether `next` may follow as byte number `index` (1..3): the second byte has tighter bounds after some
// first bytes, which keeps out overlong forms, surrogates and numbers over U+10FFFF.
bool may_follow(unsigned char first, std::size_t index, unsigned char next) {
    if (index == 1 && first == 0xE0) return next >= 0xA0 && next <= 0xBF;
    if (index == 1 && first == 0xED) return next >= 0x80 && next <= 0x9F;
    if (index == 1 && first == 0xF0) return next >= 0x90 && next <= 0xBF;
    if (index == 1 && first == 0xF4) return next >= 0x80 && next <= 0x8F;
    return next >= 0x80 && next <= 0xBF;
}

}  // namespace

std::string WholeCharacters::take(std::string_view bytes) {
    rest_ += bytes;
    std::string whole;
    std::size_t at = 0;
    while (at < rest_.size()) {
        const auto first = static_cast<unsigned char>(rest_[at]);
        const auto length = length_from(first);
        std::size_t good = 1;
        while (good < length && at + good < rest_.size() &&
               may_follow(first, good, static_cast<unsigned char>(rest_[at + good]))) {
            ++good;
        }
        const bool unfinished = length > good && at + good == rest_.size();
        if (unfinished) break;
        if (good == length) {
            whole.append(rest_, at, length);
        } else {
            whole += replacement;
        }
        at += good;
    }
    rest_.erase(0, at);
    return whole;
}

std::string WholeCharacters::finish() {
    if (rest_.empty()) return {};
    rest_.clear();
    return std::string(replacement);
}

}  // namespace ourvidz::engine
