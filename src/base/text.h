// Which characters a text may have. What people write goes to the safety rules, to engines written in C, to
// databases and to terminals, and all of them must read the same text: so what some of them would drop, end
// at, or choke on is refused where it comes in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ourvidz {

enum class Characters {
    line,   // no control character at all: names, identifiers
    lines,  // line feeds and tabs besides: prompts, messages; whoever reads them takes with_line_feeds()
            // first
    any,    // whatever is UTF-8: what our own programs report, for logs
};

// What is wrong with the text, to follow its name ("has the control character U+0000 at character 12"), or
// nothing. Refused are control characters (C0, DEL, C1; `lines` may have U+000A and U+0009), invalid UTF-8
// and the 66 noncharacters. `any` refuses invalid UTF-8 only.
[[nodiscard]] std::optional<std::string> character_fault(std::string_view text, Characters allowed);

// The text with a line feed for each end of a line, however the program that sent it writes one: CR LF, or CR
// alone. For texts of several lines, before anything else reads them, so that all read the same.
[[nodiscard]] std::string with_line_feeds(std::string_view text);

// With small letters for A to Z, and all other bytes as they are, whatever the machine's language.
[[nodiscard]] std::string in_lower_case(std::string_view text);

// Nothing to be seen: white space, and characters that have no shape (zero-width ones, marks of direction,
// variation selectors, tags, private use, anchors of objects and annotations). The text must be UTF-8.
[[nodiscard]] bool is_blank(std::string_view text);

// How many bytes the sign takes that begins there and is a sign of no word, though not of ASCII: a quotation
// mark, a dash, a space, something that is not seen. 0 where there is none. An apostrophe (U+2019) counts.
[[nodiscard]] std::size_t separator_bytes(std::string_view text, std::size_t at);

constexpr std::string_view apostrophe = "\u2019";  // as word processors write it

// What `Characters::lines` allows of it; bytes that are no UTF-8 become U+FFFD. For what models and engines
// write, which is nobody's fault.
[[nodiscard]] std::string without_controls(std::string_view text);

}  // namespace ourvidz
