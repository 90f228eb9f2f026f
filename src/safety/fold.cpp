#include "safety/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ourvidz::safety {

namespace {

struct Replacement {
    char32_t from;
    const char* to;
};

// Letters that no normalisation form takes apart, and pictographs that say what a word says. Sorted.
constexpr Replacement folded_letters[] = {
    {0x00E6, "ae"},
    {0x00F0, "d"},
    {0x00F8, "o"},
    {0x00FE, "th"},
    {0x0111, "d"},
    {0x0127, "h"},
    {0x0131, "i"},
    {0x0142, "l"},
    {0x0153, "oe"},
    {0x0167, "t"},
    {0x1F466, " child "},
    {0x1F467, " child "},
    {0x1F476, " baby "},
    {0x1F459, " bikini "},
    {0x1F6B8, " children "},
    {0x1F6C0, " bath "},
    {0x1F6C1, " bathtub "},
    {0x1F6CC, " bed "},
    {0x1F6CF, " bed "},
    {0x1F6BF, " shower "},
    {0x1F9D2, " child "},
    {0x1FA71, " swimsuit "},
    {0x1FA72, " underwear "},
    {0x1FA73, " swimwear "},
};

// Look-alikes of Latin letters; pairs of a character and its Latin letter.
constexpr std::u32string_view skeleton_pairs =
    U"аaвbсcԁdеeһhіiјjкkӏlмmнhоoпnрpԛqѕsтtуuүyѵvԝwхxґrгrзeиnяrьbӕaѓrԍgшwщwцu"
    U"αaβbγyδdεeζzηnθoιiκkλlμuνvξeοoπnρpςsσoτtυuφoχxψwωwϲcϳj"
    U"ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpǫqʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz"
    U"ɐaɑaɔcəeǝeɟfɡgƃgɥhᴉiıiɾjʞkɯmɹrʇtʌvʍwʎyɩiɪiɓbɗdɖdƙkɱmɲnɳnƥpʂsƭtʈtʋvʐzƶzɨiɵoʉuƚlɫlꝺdꝼfꞁl"
    U"ոnսuօoհhզqցgյjեtօoԁdԝw"
    // Cherokee as case folding leaves it, in capitals; Lisu, which is Latin capitals, some turned.
    U"ᎠdᎡrᎢtᎥiᎩyᎪaᎫjᎬeᎳwᎷmᎻhᎽyᏀgᏂhᏃzᏏbᏒrᏔwᏕsᏙvᏚsᏞlᏟcᏢpᏦkᏧdᏳgᏴb"
    U"ꓐbꓑpꓒpꓓdꓔtꓕtꓖgꓗkꓘkꓙjꓚcꓛcꓜzꓝfꓞfꓟmꓠnꓡlꓢsꓣrꓤrꓥvꓦvꓧhꓪwꓫxꓬyꓮaꓯaꓰeꓱeꓲiꓳoꓴuꓵuꓶlꓷd";

static_assert(skeleton_pairs.size() % 2 == 0);

struct LookAlike {
    char32_t from = 0;
    char latin = 0;
};

// Sorted, so that a text of letters that look like none costs no walk through all pairs for each.
constexpr auto look_alikes = [] {
    std::array<LookAlike, skeleton_pairs.size() / 2> sorted{};
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        std::size_t at = i;
        for (; at > 0 && sorted[at - 1].from > skeleton_pairs[2 * i]; --at) sorted[at] = sorted[at - 1];
        sorted[at] = {skeleton_pairs[2 * i], static_cast<char>(skeleton_pairs[2 * i + 1])};
    }
    return sorted;
}();

// 0: it looks like none.
char latin_for(char32_t point) {
    const auto found = std::lower_bound(look_alikes.begin(), look_alikes.end(), point,
                                        [](const LookAlike& one, char32_t from) { return one.from < from; });
    return found != look_alikes.end() && found->from == point ? found->latin : '\0';
}

bool strippable(char32_t point) {
    return (point >= 0x0300 && point <= 0x036F) || (point >= 0x0483 && point <= 0x0489) ||
           (point >= 0x0591 && point <= 0x05C7) || (point >= 0x0610 && point <= 0x061A) ||
           (point >= 0x064B && point <= 0x0652) || point == 0x0640 || point == 0x0670 ||
           (point >= 0x1AB0 && point <= 0x1AFF) || (point >= 0x1DC0 && point <= 0x1DFF) ||
           (point >= 0x20D0 && point <= 0x20FF) || (point >= 0xFE20 && point <= 0xFE2F);
}

const char* replacement_for(char32_t point) {
    for (const auto& entry : folded_letters) {
        if (entry.from == point) return entry.to;
    }
    return nullptr;
}

void append_ascii(icu::UnicodeString& out, const char* text) {
    for (; *text != '\0'; ++text) out.append(static_cast<char16_t>(*text));
}

void append_folded(icu::UnicodeString& out, char32_t point) {
    // The tilde of Spanish is kept: it makes other words.
    if (point == 0x0303 && !out.isEmpty() && out[out.length() - 1] == u'n') {
        out.append(static_cast<char16_t>(point));
        return;
    }
    if (point < 0x80) {
        out.append(static_cast<char16_t>(point));
        return;
    }
    if (strippable(point)) return;
    if (const char* letters = replacement_for(point)) return append_ascii(out, letters);
    if (point >= 0x1F1E6 && point <= 0x1F1FF) {  // regional indicators spell words
        out.append(static_cast<char16_t>(U'a' + (point - 0x1F1E6)));
        return;
    }
    if (point >= 0x1F150 && point <= 0x1F169) point = U'a' + (point - 0x1F150);  // negative circled
    if (point >= 0x1F170 && point <= 0x1F189) point = U'a' + (point - 0x1F170);  // negative squared
    const int digit = u_charDigitValue(static_cast<UChar32>(point));
    if (digit >= 0 && u_charType(static_cast<UChar32>(point)) == U_DECIMAL_DIGIT_NUMBER) {
        point = U'0' + static_cast<char32_t>(digit);
    }
    out.append(static_cast<UChar32>(point));
}

std::string fold_ascii(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c >= 'A' && c <= 'Z') {
            out.push_back(static_cast<char>(c - 'A' + 'a'));
        } else if ((c >= 0 && c < ' ' && c != '\n' && c != '\t') || c == 0x7F) {
            continue;  // control characters are as invisible as zero-width ones
        } else {
            out.push_back(c);
        }
    }
    return out;
}

bool valid_utf8(std::string_view text) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t at = 0; at < size;) {
        UChar32 point = 0;
        U8_NEXT(bytes, at, size, point);
        if (point < 0) return false;
    }
    return true;
}

// Normalising sorts the marks of a character, and takes the square of their number for it. No writing needs
// more than a few (Unicode's stream-safe text has 30), so a text with more was made to be slow.
constexpr int marks_in_a_row_max = 64;

bool piles_up_marks(std::string_view text, const icu::Normalizer2& form) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<std::int32_t>(text.size());
    int in_a_row = 0;
    for (std::int32_t at = 0; at < size;) {
        UChar32 point = 0;
        U8_NEXT_UNSAFE(bytes, at, point);
        in_a_row = form.hasBoundaryBefore(point) != 0 ? 0 : in_a_row + 1;
        if (in_a_row > marks_in_a_row_max) return true;
    }
    return false;
}

void check(UErrorCode status) {
    if (U_FAILURE(status) != 0) throw std::runtime_error(u_errorName(status));
}

Script script_of(char32_t point) {
    if (point < 0x80) {
        if (point >= '0' && point <= '9') return Script::digits;
        return Script::latin;
    }
    if ((point >= 0x00C0 && point <= 0x024F) || (point >= 0x0250 && point <= 0x02AF) ||
        (point >= 0x1D00 && point <= 0x1DBF) || (point >= 0x1E00 && point <= 0x1EFF) ||
        (point >= 0xA720 && point <= 0xA7FF)) {
        return Script::latin;
    }
    if (point >= 0x0370 && point <= 0x03FF) return Script::greek;
    if (point >= 0x0400 && point <= 0x052F) return Script::cyrillic;
    if (point >= 0x0590 && point <= 0x05FF) return Script::hebrew;
    if (point >= 0x0600 && point <= 0x077F) return Script::arabic;
    if (point >= 0xAC00 && point <= 0xD7A3) return Script::hangul;
    if ((point >= 0x0E00 && point <= 0x0EFF) || (point >= 0x1000 && point <= 0x109F) ||
        (point >= 0x1780 && point <= 0x17FF) || (point >= 0x3040 && point <= 0x30FF) ||
        (point >= 0x3400 && point <= 0x9FFF) || (point >= 0x20000 && point <= 0x3FFFF) || point == 0x3005) {
        return Script::unspaced;
    }
    return Script::other;
}

bool belongs_to_word(char32_t point) {
    if (point < 0x80) return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
    const auto mask = U_MASK(u_charType(static_cast<UChar32>(point)));
    return (mask & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK | U_GC_NL_MASK)) != 0;
}

bool is_white_space(char32_t point) {
    return point == ' ' || point == '\n' || point == '\t' ||
           (point >= 0x80 && u_isUWhiteSpace(static_cast<UChar32>(point)) != 0);
}

bool is_comma(char32_t point) {
    return point == ',' || point == ';' || point == '(' || point == ')' || point == 0x3001 ||
           point == 0x060C || point == 0xFF0C;
}

// Words of Latin letters mixed with others stay one token, so that look-alikes are seen; everything else ends
// where the kind of character changes.
bool continues(Script token, Script next) {
    if (token == next) return true;
    const bool boundary = token == Script::digits || next == Script::digits || token == Script::unspaced ||
                          next == Script::unspaced;
    return !boundary;
}

}  // namespace

std::optional<std::string> fold(std::string_view text) {
    const bool ascii =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) return fold_ascii(text);
    if (!valid_utf8(text)) return std::nullopt;
    UErrorCode status = U_ZERO_ERROR;
    const auto* casefold = icu::Normalizer2::getNFKCCasefoldInstance(status);
    const auto* decompose = icu::Normalizer2::getNFDInstance(status);
    const auto* compose = icu::Normalizer2::getNFCInstance(status);
    check(status);
    if (piles_up_marks(text, *casefold)) return std::nullopt;
    const auto source =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    const icu::UnicodeString apart = decompose->normalize(casefold->normalize(source, status), status);
    check(status);
    icu::UnicodeString plain;
    for (std::int32_t at = 0; at < apart.length();) {
        const UChar32 point = apart.char32At(at);
        append_folded(plain, static_cast<char32_t>(point));
        at += U16_LENGTH(point);
    }
    std::string out;
    compose->normalize(plain, status).toUTF8String(out);
    check(status);
    return fold_ascii(out);
}

std::vector<Token> tokenize(std::string_view folded) {
    std::vector<Token> tokens;
    tokens.reserve(folded.size() / 5 + 4);
    bool open = false;
    bool spaced = true;
    bool glued = false;
    bool comma = false;
    std::uint32_t chunk_begin = 0;
    std::size_t first_in_chunk = 0;
    const auto close_chunk = [&](std::size_t end) {
        for (; first_in_chunk < tokens.size(); ++first_in_chunk) {
            tokens[first_in_chunk].chunk_begin = chunk_begin;
            tokens[first_in_chunk].chunk_end = static_cast<std::uint32_t>(end);
        }
    };
    for_each_character(folded, [&](char32_t point, std::size_t begin, std::size_t end) {
        if (!belongs_to_word(point)) {
            open = glued = false;
            if (is_comma(point)) {
                comma = true;
                if (!tokens.empty()) tokens.back().comma_after = true;
            }
            if (is_white_space(point)) {
                spaced = true;
                close_chunk(begin);
                chunk_begin = static_cast<std::uint32_t>(end);
            }
            return;
        }
        const Script script = script_of(point);
        if (open && continues(tokens.back().script, script)) {
            auto& token = tokens.back();
            token.end = static_cast<std::uint32_t>(end);
            if (token.script != script) token.script = Script::mixed;
            return;
        }
        Token token;
        token.begin = static_cast<std::uint32_t>(begin);
        token.end = static_cast<std::uint32_t>(end);
        token.script = script;
        token.glued = glued;
        token.spaced = spaced;
        token.comma_before = comma;
        tokens.push_back(token);
        open = glued = true;
        spaced = comma = false;
    });
    close_chunk(folded.size());
    return tokens;
}

std::string latin_skeleton(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for_each_character(text, [&](char32_t point, std::size_t begin, std::size_t end) {
        const char latin = point < 0x80 ? '\0' : latin_for(point);
        if (latin != 0) {
            out.push_back(latin);
        } else {
            out.append(text.substr(begin, end - begin));
        }
    });
    return out;
}

}  // namespace ourvidz::safety
