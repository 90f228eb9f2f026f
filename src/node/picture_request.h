// From a job's settings to what the diffusion engine is asked for.
#pragma once

#include "catalog/manifest.h"
#include "engine/requests.h"
#include "media/requests.h"
#include "node/job.h"

namespace ourvidz::node {

// The size of the kind that the settings name. Errors: invalid_field when the model does not offer it (any
// more).
[[nodiscard]] Result<catalog::Size> size_of(const Job& job);

// The picture of this position in the batch; its seed is the batch's plus the position.
[[nodiscard]] engine::ImageRequest picture_request(const Job& job, const catalog::Size& size, int position);

[[nodiscard]] media::Upscaler upscaler_of(const catalog::KindSpec& spec);

}  // namespace ourvidz::node
