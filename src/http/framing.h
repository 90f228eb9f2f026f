// Where a message ends, by RFC 9112. Whoever reads the same bytes otherwise
// than the reader before or behind it could be made to take a part of one message for another one ("request
// smuggling"), so nothing that could be read in two ways is repaired: it is refused, and the connection ends.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ourvidz::http {

// Whether there is a control character other than the tab.
[[nodiscard]] bool has_control_characters(std::string_view text);

// One field line without its line break: a name that is a token, a colon right behind it, and no control
// character but the tab. A line that begins with a space would continue the one before, which is obsolete.
[[nodiscard]] bool is_field_line(std::string_view line);

// What a header says about the length of the body. Of repeated fields the values joined by ", ".
struct BodyFraming {
    std::optional<std::string_view> content_length = {};
    std::optional<std::string_view> transfer_encoding = {};
    bool http_1_1 = true;
};
// Nothing, or a sentence that says what cannot be relied on. Taken are: no body; one Content-Length of
// digits; Transfer-Encoding "chunked" and nothing else, in HTTP/1.1.
[[nodiscard]] std::optional<std::string> framing_fault(const BodyFraming& framing);

// A field that a request may have once: of two, two readers might believe different ones.
[[nodiscard]] bool is_singleton(std::string_view lower_case_name);

// True for an origin form ("/a?b"), an absolute form or "*": visible ASCII without "#".
[[nodiscard]] bool is_request_target(std::string_view target);

}  // namespace ourvidz::http
