#include "assets/download_name.h"

#include <algorithm>

#include "assets/media.h"
#include "base/unicode.h"
#include "http/url.h"

namespace ourvidz::assets {
namespace {

constexpr std::size_t words_bytes_max = 60;
constexpr std::size_t id_characters = 8;  // 40 bits of chance

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

// "(red:1.2) fox" -> "(red) fox": no numbers that nobody would call words of the picture.
std::string without_weights(std::string_view prompt) {
    std::string words;
    for (std::size_t i = 0; i < prompt.size(); ++i) {
        words += prompt[i];
        if (prompt[i] != ':') continue;
        i = std::min(prompt.find_first_not_of("0123456789.", i + 1), prompt.size()) - 1;
    }
    return words;
}

}  // namespace

std::string prompt_of(const json::object& recipe) {
    const auto* settings = recipe.if_contains("settings");
    if (settings == nullptr || !settings->is_object()) return "";
    auto resolved = text_of(settings->get_object(), "resolved_prompt");
    return resolved.empty() ? text_of(settings->get_object(), "prompt") : resolved;
}

std::string download_name(std::string_view prompt, std::string_view asset_id, std::string_view content_type) {
    std::string name = "ourvidz";
    const auto words = words_for_file_name(without_weights(prompt), words_bytes_max);
    if (!words.empty()) name += "-" + words;
    name += "-";
    name += asset_id.substr(asset_id.size() - std::min(asset_id.size(), id_characters));
    name += extension_of(content_type);
    return name;
}

std::string attachment(std::string_view name) {
    const bool ascii = std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (ascii) return "attachment; filename=\"" + std::string(name) + "\"";
    // For readers that know only the old way; the other one wins where it is understood.
    const auto plain = "ourvidz" + std::string(name.substr(name.rfind('-')));
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + http::percent_encode(name);
}

}  // namespace ourvidz::assets
