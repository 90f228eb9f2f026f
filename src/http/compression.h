// gzip for answers that are text, to those who take it.
#pragma once

#include <string>
#include <string_view>

#include "http/server.h"

namespace ourvidz::http {

// Less than that fits into two packets anyway.
inline constexpr std::size_t compressed_bytes_min = 2 * 1024;
// The server compresses answers up to here by itself, on the I/O thread: a few milliseconds at most. Whoever
// makes larger ones on another thread compresses them there.
inline constexpr std::size_t compressed_at_once_bytes_max = 256 * 1024;

// True if the coding is in an Accept-Encoding header and not with a weight of zero.
[[nodiscard]] bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

// `level` as zlib has it, from 1 (quick) to 9 (small).
[[nodiscard]] std::string gzip(std::string_view bytes, int level);

// Of a JSON answer with a body in memory, and without an ETag, which would name the bytes as they are. The
// answer says on what it depends, also where this reader gets it plain.
void compress_json(Response& response, std::string_view accept_encoding, std::size_t bytes_max);

}  // namespace ourvidz::http
