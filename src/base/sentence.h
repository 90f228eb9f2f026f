// What people read of an error: one that names a field says of it only what follows the field's name.
#pragma once

#include <string>

#include "base/result.h"

namespace ourvidz {

// The detail as a sentence that stands alone: "The negative prompt must not be empty." for "must not be
// empty" of the field negative_prompt; one that is not there, or not known, stands there with its name in
// quotes. What begins otherwise than in lower case is one already and stays as it is.
[[nodiscard]] std::string sentence_of(const Error& error);

}  // namespace ourvidz
