#include "http/answer_head.h"

#include <algorithm>

#include "base/text.h"
#include "http/framing.h"

namespace ourvidz::http {
namespace {

constexpr std::size_t fields_max = 100;

}  // namespace

bool AnswerHead::take(std::string_view line) {
    if (!line.ends_with("\r\n")) return false;
    line.remove_suffix(2);
    if (line.starts_with("HTTP/")) {
        fields_.clear();
        open_ = true;
        http_1_1_ = !line.starts_with("HTTP/1.0");
        return true;
    }
    if (!open_) return true;  // trailers come after all decisions and are ignored
    if (line.empty()) {
        open_ = false;
        return !framing_fault({find("content-length"), find("transfer-encoding"), http_1_1_});
    }
    return is_field_line(line) && fields_.size() < fields_max && take_field(line);
}

bool AnswerHead::take_field(std::string_view line) {
    const auto colon = line.find(':');
    auto name = in_lower_case(line.substr(0, colon));
    auto value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    value = value.substr(0, value.find_last_not_of(" \t") + 1);
    const bool fresh = fields_.insert_or_assign(name, std::string(value)).second;
    return fresh || (name != "content-length" && name != "transfer-encoding");
}

std::string AnswerHead::field(const std::string& name) const {
    return std::string(find(name).value_or(""));
}

std::optional<std::string_view> AnswerHead::find(const std::string& name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

}  // namespace ourvidz::http
