#include "http/query.h"

#include <algorithm>
#include <charconv>

namespace ourvidz::http {

Result<std::int64_t> query_integer(const Request& request, std::string_view name, std::int64_t min,
                                   std::int64_t max, std::int64_t preset) {
    const auto text = request.query_value(name);
    if (!text) return preset;
    std::int64_t number = 0;
    const auto* end = text->data() + text->size();
    const auto [stop, failure] = std::from_chars(text->data(), end, number);
    if (failure != std::errc() || stop != end || number < min || number > max) {
        return invalid_field(std::string(name), "must be a whole number from " + std::to_string(min) +
                                                    " to " + std::to_string(max));
    }
    return number;
}

Result<std::int64_t> required_query_integer(const Request& request, std::string_view name, std::int64_t min,
                                            std::int64_t max) {
    if (!request.query.contains(name)) return invalid_field(std::string(name), "is required");
    return query_integer(request, name, min, max, min);
}

Result<bool> query_boolean(const Request& request, std::string_view name, bool preset) {
    const auto text = request.query_value(name);
    if (!text) return preset;
    if (*text == "true") return true;
    if (*text == "false") return false;
    return invalid_field(std::string(name), "must be true or false");
}

Result<std::string> query_choice(const Request& request, std::string_view name,
                                 const std::vector<std::string_view>& allowed) {
    const auto text = request.query_value(name);
    if (!text) return std::string();
    if (std::find(allowed.begin(), allowed.end(), *text) != allowed.end()) return std::string(*text);
    std::string list;
    for (const auto word : allowed) list.append(list.empty() ? "" : ", ").append(word);
    return invalid_field(std::string(name), "must be one of: " + list);
}

}  // namespace ourvidz::http
