#include "node/picture_request.h"

#include <fmt/format.h>

#include <algorithm>

#include "prompts/seed.h"

namespace ourvidz::node {

Result<catalog::Size> size_of(const Job& job) {
    const Settings& settings = job.lease.settings;
    const catalog::Size* size = job.spec.find_size(settings.width, settings.height);
    if (!size)
        return invalid_field("width", fmt::format("The model {} does not make pictures of {} x {}.",
                                                  job.entry.title, settings.width, settings.height));
    return *size;
}

engine::ImageRequest picture_request(const Job& job, const catalog::Size& size, int position) {
    const Settings& settings = job.lease.settings;
    engine::ImageRequest request;
    auto [prompt, negative_prompt] = prompt_at(settings, position);
    request.prompt = std::move(prompt);
    request.negative_prompt = std::move(negative_prompt);
    request.loras = job.loras;
    request.width = size.render_width;
    request.height = size.render_height;
    request.steps = settings.steps > 0 ? settings.steps : job.spec.steps.preset;
    request.guidance = settings.guidance > 0 ? settings.guidance : job.spec.guidance.preset;
    request.sampler = settings.sampler;
    if (request.sampler.empty() && !job.spec.samplers.empty()) request.sampler = job.spec.samplers.front();
    if (!job.spec.schedulers.empty()) request.scheduler = job.spec.schedulers.front();
    request.seed = prompts::seed_at(settings.seed, position);
    request.prompt = with_style(std::move(request.prompt), job.entry.style_words, request.seed);
    if (job.lease.source() != nullptr) request.strength = settings.strength;
    return request;
}

std::string with_style(std::string prompt, const std::vector<std::string>& style_words, std::int64_t seed) {
    if (style_words.empty() || prompt.empty()) return prompt;
    const std::string padded = " " + prompt + " ";
    const bool has_one = std::any_of(style_words.begin(), style_words.end(), [&](const std::string& word) {
        return padded.find(" " + word + " ") != std::string::npos;
    });
    if (has_one) return prompt;
    return prompt + " " + style_words[static_cast<std::uint64_t>(seed) % style_words.size()];
}

media::Upscaler upscaler_of(const catalog::KindSpec& spec) {
    return spec.upscale.method == "srvgg" ? media::Upscaler::srvgg : media::Upscaler::lanczos;
}

}  // namespace ourvidz::node
