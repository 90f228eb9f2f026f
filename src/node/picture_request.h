// From a job's settings to what the diffusion engine is asked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "catalog/manifest.h"
#include "engine/requests.h"
#include "media/requests.h"
#include "node/job.h"

namespace ourvidz::node {

// Every setting that the engine has under the same name; a number that is not set, as the model has it.
void take_over(const kinds::Settings& settings, const catalog::KindSpec& spec, engine::ImageRequest& request);

// The size of the kind that the settings name. Errors: invalid_field when the model does not offer it (any
// more).
[[nodiscard]] Result<catalog::Size> size_of(const Job& job);

// The picture of this position in the batch; its seed is the batch's plus the position.
[[nodiscard]] engine::ImageRequest picture_request(const Job& job, const catalog::Size& size, int position);

// The prompt with the one of a model's style words that the seed chooses; neighbouring seeds have different
// ones. As it is where the model has none, or where one is in it already.
[[nodiscard]] std::string with_style(std::string prompt, const std::vector<std::string>& style_words,
                                     std::int64_t seed);

[[nodiscard]] media::Upscaler upscaler_of(const catalog::KindSpec& spec);

}  // namespace ourvidz::node
