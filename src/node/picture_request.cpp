#include "node/picture_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "prompts/seed.h"

namespace ourvidz::node {
namespace {

template <class Value, class Field>
constexpr bool fits = std::is_same_v<Value, Field> ||
                      (std::is_arithmetic_v<Value> && std::is_arithmetic_v<Field> &&
                       !std::is_same_v<Field, bool>);

const catalog::Size* same_shape(const catalog::KindSpec& spec, int width, int height) {
    const auto found = std::find_if(spec.sizes.begin(), spec.sizes.end(), [&](const catalog::Size& size) {
        return (size.width > size.height) == (width > height) &&
               (size.width < size.height) == (width < height);
    });
    return found == spec.sizes.end() ? nullptr : &*found;
}

}  // namespace

void take_over(const kinds::Settings& settings, const catalog::KindSpec& spec,
               engine::ImageRequest& request) {
    kinds::each_setting([&](std::string_view setting, auto from, const auto&, const kinds::Rules&) {
        engine::each_field([&](std::string_view field, auto to, const auto&, engine::Need) {
            using Field = std::decay_t<decltype(request.*to)>;
            if constexpr (requires { *(settings.*from); }) {
                using Value = std::decay_t<decltype(*(settings.*from))>;
                if constexpr (fits<Value, Field>) {
                    if (setting != field) return;
                    const auto* range = spec.find_range(setting);
                    if constexpr (std::is_arithmetic_v<Field>) {
                        if (range != nullptr) request.*to = static_cast<Field>(range->preset);
                    }
                    if (settings.*from) request.*to = static_cast<Field>(*(settings.*from));
                }
            }
        });
    });
}

Result<catalog::Size> size_of(const Job& job) {
    const auto& settings = job.lease.settings;
    const auto width = static_cast<int>(settings.width.value_or(0));
    const auto height = static_cast<int>(settings.height.value_or(0));
    const catalog::Size* size = job.spec.find_size(width, height);
    // Another model than the one that was asked for (layers.over_pictures) has sizes of its own.
    if (!size && job.entry.name != job.lease.model) size = same_shape(job.spec, width, height);
    if (!size)
        return invalid_field("width", fmt::format("The model {} does not make pictures of {} x {}.",
                                                  job.entry.title, width, height));
    return *size;
}

engine::ImageRequest picture_request(const Job& job, const catalog::Size& size, int position) {
    const auto& settings = job.lease.settings;
    engine::ImageRequest request;
    take_over(settings, job.spec, request);
    auto [prompt, negative_prompt] = prompt_at(settings, position);
    request.prompt = std::move(prompt);
    request.negative_prompt = std::move(negative_prompt);
    request.loras = job.loras;
    request.width = size.render_width;
    request.height = size.render_height;
    if (request.sampler.empty() && !job.spec.samplers.empty()) request.sampler = job.spec.samplers.front();
    if (!job.spec.schedulers.empty()) request.scheduler = job.spec.schedulers.front();
    request.seed = prompts::seed_at(settings.seed.value_or(0), position);
    request.prompt = with_style(std::move(request.prompt), job.entry.style_words, request.seed);
    if (job.lease.source() == nullptr) request.strength = 1;
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
