#include "node/job.h"

#include <algorithm>
#include <utility>

#include "base/exact_integer.h"
#include "prompts/seed.h"

namespace ourvidz::node {

safety::Origin origin_of(const Job& job) {
    safety::Origin origin;
    origin.domain = safety::picture_domain_from(job.entry.domain).value_or(safety::PictureDomain::mixed);
    origin.from_upload = std::any_of(job.lease.inputs.begin(), job.lease.inputs.end(),
                                     [](const Input& input) { return !input.people_free; });
    return origin;
}

json::object recipe_of(const Job& job, int position, const engine::WorkerInfo& engine) {
    json::object settings = kinds::recipe_of(job.lease.settings);
    settings["seed"] = exact_integer(prompts::seed_at(job.lease.settings.seed.value_or(0), position));
    if (!job.lease.settings.resolved.empty()) {
        const auto resolved = prompt_at(job.lease.settings, position);
        settings["resolved_prompt"] = resolved.prompt;
        if (!resolved.negative_prompt.empty())
            settings["resolved_negative_prompt"] = resolved.negative_prompt;
    }
    return {{"kind", job.lease.kind},
            {"model", job.entry.name},
            {"engine", engine.engine},
            {"engine_version", engine.version},
            {"settings", std::move(settings)}};
}

Result<std::string> source_pixels(Job& job, int width, int height) {
    const auto* source = job.lease.source();
    if (source == nullptr) return std::string();
    OURVIDZ_TRY(bytes, job.link.input(*source));
    OURVIDZ_TRY(decoded, job.media.decode_source(std::move(bytes), width, height, job.control.run()));
    return std::move(decoded.pixels);
}

media::Rgb8 to_rgb8(safety::Picture picture) {
    return {picture.width, picture.height, std::move(picture.rgb)};
}

safety::Picture to_picture(media::Rgb8 pixels) {
    return {pixels.width, pixels.height, std::move(pixels.pixels)};
}

}  // namespace ourvidz::node
