#include "base/unicode.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace ourvidz {
namespace {

std::string normalized(std::string_view text, const icu::Normalizer2* form, UErrorCode status) {
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return U8_IS_SINGLE(c); });
    if (ascii || U_FAILURE(status) || !is_utf8(text)) return std::string(text);
    const auto source =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    std::string result;
    const auto changed = form->normalize(source, status);
    if (U_FAILURE(status)) return std::string(text);
    changed.toUTF8String(result);
    return result;
}

// Negative where the bytes at `at` are no character. Moves `at` behind it.
UChar32 next_code_point(std::string_view text, std::int32_t& at) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    UChar32 point = 0;
    U8_NEXT(bytes, at, static_cast<std::int32_t>(text.size()), point);
    return point;
}

}  // namespace

std::string composed(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFCInstance(status);
    return normalized(text, form, status);
}

std::string decomposed(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFDInstance(status);
    return normalized(text, form, status);
}

bool is_utf8(std::string_view text) {
    for (std::int32_t at = 0; at < static_cast<std::int32_t>(text.size());) {
        if (next_code_point(text, at) < 0) return false;
    }
    return true;
}

std::string words_for_file_name(std::string_view text, std::size_t bytes_max) {
    const auto source = composed(text);
    std::string words;
    std::size_t word_end = 0;  // of the last whole word that fits
    bool between = false;
    for (std::int32_t at = 0; at < static_cast<std::int32_t>(source.size());) {
        const auto begin = static_cast<std::size_t>(at);
        const auto point = next_code_point(source, at);
        const bool letter =
            point >= 0 && (u_isalnum(point) != 0 || (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0);
        if (!letter) {
            between = true;
            continue;
        }
        const auto character = std::string_view(source).substr(begin, static_cast<std::size_t>(at) - begin);
        if (between && !words.empty()) {
            word_end = words.size();
            words += '-';
        }
        between = false;
        if (words.size() + character.size() > bytes_max) {
            words.resize(word_end > 0 ? word_end : words.size());
            break;
        }
        words += character;
    }
    return words;
}

std::optional<std::string> utf8_from_utf16(std::string_view bytes, ByteOrder order) {
    if (bytes.size() % 2 != 0) return std::nullopt;
    std::u16string units;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        const auto first = static_cast<unsigned char>(bytes[i]);
        const auto second = static_cast<unsigned char>(bytes[i + 1]);
        units += static_cast<char16_t>(order == ByteOrder::little ? first | (second << 8U)
                                                                  : second | (first << 8U));
    }
    std::string text(units.size() * 3, '\0');
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t length = 0;
    u_strToUTF8(text.data(), static_cast<std::int32_t>(text.size()), &length, units.data(),
                static_cast<std::int32_t>(units.size()), &status);
    if (U_FAILURE(status)) return std::nullopt;
    text.resize(static_cast<std::size_t>(length));
    return text;
}

}  // namespace ourvidz
