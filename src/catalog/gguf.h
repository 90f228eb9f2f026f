// GGUF headers, versions 2 and 3.
#pragma once

#include "base/result.h"
#include "catalog/byte_reader.h"
#include "catalog/inspect.h"

namespace ourvidz::catalog {

// The reader stands after the magic.
[[nodiscard]] Result<Header> read_gguf(ByteReader& reader);

}  // namespace ourvidz::catalog
