// Identifiers: a short prefix that says what the thing is, and 26 characters that sort by time (ULID layout:
// 48 bits of milliseconds, 80 random bits, Crockford base 32), for example gen_01JD5XK7ZV3N8Q6T2W9Y4R0ABC.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace ourvidz {

constexpr std::size_t id_bytes_max = 64;  // what is read of an identifier that somebody sends

// Thread-safe. The random part comes from the operating system.
[[nodiscard]] std::string new_id(std::string_view prefix, const Clock& clock);

// True for `prefix`_ followed by 26 characters of the alphabet above.
[[nodiscard]] bool is_id(std::string_view text, std::string_view prefix);

// `bytes` random bytes from the operating system as lower-case hex.
[[nodiscard]] std::string random_hex(int bytes);

}  // namespace ourvidz
