// Safetensors headers: eight bytes of length, then JSON.
#pragma once

#include "base/result.h"
#include "catalog/byte_reader.h"
#include "catalog/inspect.h"

namespace ourvidz::catalog {

// The reader stands after the length; the next byte is known to be an opening brace.
[[nodiscard]] Result<Header> read_safetensors(ByteReader& reader, std::uint64_t header_bytes);

}  // namespace ourvidz::catalog
