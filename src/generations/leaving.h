// What generations have to say when assets go for good (assets/purge.h).
#pragma once

#include <string>
#include <vector>

#include "assets/purge.h"

namespace ourvidz::generations {

// What is not over needs the picture that it starts from, and what it has made of its batch so far.
[[nodiscard]] Result<std::vector<std::string>> needed_of(db::Connection& connection,
                                                         const std::vector<assets::Leaving>& leaving);

// Of these, those that are over and have nothing left of what they made lose their words: prompts and what
// was read from them, and which picture they started from. What was asked for in numbers stays, and so do its
// job, its hold and what it cost.
[[nodiscard]] Result<void> forget_those_without_assets(db::Connection& connection,
                                                       const std::vector<std::string>& ids);

}  // namespace ourvidz::generations
