// What a picture or clip is called when it leaves the studio.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace ourvidz::assets {

// The words that it was made with, by its recipe: those that the engine got. Empty for uploads.
[[nodiscard]] std::string prompt_of(const json::object& recipe);

// "ourvidz-a-red-fox-in-the-snow-7K3M9QXZ.png": letters and digits of any script, and the end of the id, so
// that no file system refuses it and no two have the same.
[[nodiscard]] std::string download_name(std::string_view prompt, std::string_view asset_id,
                                        std::string_view content_type);

// The Content-Disposition of a download under this name (RFC 6266).
[[nodiscard]] std::string attachment(std::string_view name);

}  // namespace ourvidz::assets
