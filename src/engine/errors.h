// How faults travel from an engine to a person.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ourvidz::engine {

// The name of a code in the `failed` message.
[[nodiscard]] std::string_view error_name(ErrorCode code);
// Unknown names become engine_failed: a newer worker may know more of them.
[[nodiscard]] ErrorCode error_code_from(std::string_view name);

// An engine's message with the folders cut off its paths: "/srv/models/fox.gguf" becomes "fox.gguf". Whoever
// reads the message has no use for this machine's layout.
[[nodiscard]] std::string short_paths(std::string_view message);

}  // namespace ourvidz::engine
