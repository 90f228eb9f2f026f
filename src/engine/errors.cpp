#include "engine/errors.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ourvidz::engine {
namespace {

constexpr std::array names{
    std::pair{ErrorCode::invalid_field, std::string_view("invalid_field")},
    std::pair{ErrorCode::malformed_body, std::string_view("malformed_body")},
    std::pair{ErrorCode::too_large, std::string_view("too_large")},
    std::pair{ErrorCode::not_found, std::string_view("not_found")},
    std::pair{ErrorCode::conflict, std::string_view("conflict")},
    std::pair{ErrorCode::refused, std::string_view("refused")},
    std::pair{ErrorCode::held, std::string_view("held")},
    std::pair{ErrorCode::unavailable, std::string_view("unavailable")},
    std::pair{ErrorCode::engine_failed, std::string_view("engine_failed")},
    std::pair{ErrorCode::internal, std::string_view("internal")},
};

}  // namespace

std::string_view error_name(ErrorCode code) {
    for (const auto& [known, name] : names) {
        if (known == code) return name;
    }
    return "engine_failed";
}

ErrorCode error_code_from(std::string_view name) {
    for (const auto& [code, known] : names) {
        if (known == name) return code;
    }
    return ErrorCode::engine_failed;
}

std::string short_paths(std::string_view message) {
    constexpr std::string_view ends = " \t\n'\"(),;";
    std::string text;
    std::size_t at = 0;
    while (at < message.size()) {
        const auto end = std::min(message.find_first_of(ends, at), message.size());
        auto word = message.substr(at, end - at);
        if (word.starts_with('/')) word.remove_prefix(word.find_last_of('/') + 1);
        text += word;
        if (end < message.size()) text += message[end];
        at = end + 1;
    }
    return text;
}

}  // namespace ourvidz::engine
