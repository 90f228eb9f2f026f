#include "prompts/lora_tag.h"

#include "base/unicode.h"

namespace ourvidz::prompts {
namespace {

constexpr std::string_view begin = "<lora:";
constexpr std::string_view escaped = "\\:<>";
constexpr std::size_t tag_bytes_max = 1024;

}  // namespace

std::optional<LoraTag> read_lora_tag(std::string_view text) {
    if (!text.starts_with(begin)) return std::nullopt;
    text = text.substr(0, tag_bytes_max);
    LoraTag tag;
    std::size_t weight = std::string_view::npos;
    for (auto at = begin.size(); at < text.size(); ++at) {
        const char c = text[at];
        // Tags that never end are each read up to the next one only, so that many cost no more than one.
        if (c == '\n' || c == '<') return std::nullopt;
        if (c == '>') {
            if (weight != std::string_view::npos) tag.weight = text.substr(weight, at - weight);
            tag.name = composed(tag.name);
            tag.bytes = at + 1;
            return tag;
        }
        if (weight != std::string_view::npos) continue;
        if (c == ':') {
            weight = at + 1;
        } else if (c == '\\' && at + 1 < text.size() &&
                   escaped.find(text[at + 1]) != std::string_view::npos) {
            tag.name += text[++at];
        } else {
            tag.name += c;
        }
    }
    return std::nullopt;
}

std::string lora_tag(std::string_view name, std::string_view weight) {
    std::string tag(begin);
    for (const char c : name) {
        if (escaped.find(c) != std::string_view::npos) tag += '\\';
        tag += c;
    }
    return tag + ":" + std::string(weight) + ">";
}

}  // namespace ourvidz::prompts
