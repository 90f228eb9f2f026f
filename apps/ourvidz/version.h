#pragma once

#include <string_view>

namespace ourvidz {

constexpr std::string_view version = OURVIDZ_VERSION;

}  // namespace ourvidz
