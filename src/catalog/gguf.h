// GGUF headers, versions 2 and 3.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/byte_reader.h"
#include "catalog/inspect.h"

namespace ourvidz::catalog {

// The reader stands after the magic.
[[nodiscard]] Result<Header> read_gguf(ByteReader& reader);

// The words of the model's tokenizer, as they are spelled there, if it is one that works on bytes; else none.
// The reader stands after the magic.
[[nodiscard]] Result<std::vector<std::string>> read_gguf_words(ByteReader& reader);

}  // namespace ourvidz::catalog
