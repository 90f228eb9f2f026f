#include "http/sse.h"

#include <algorithm>

namespace ourvidz::http {
namespace {

void append_one_line(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    std::copy_if(value.begin(), value.end(), std::back_inserter(out),
                 [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
    out += '\n';
}

}  // namespace

std::string sse_event(std::string_view event, std::string_view data, std::string_view id) {
    std::string out;
    out.reserve(event.size() + data.size() + id.size() + 32);
    if (!id.empty()) append_one_line(out, "id: ", id);
    if (!event.empty()) append_one_line(out, "event: ", event);
    while (true) {
        const auto end = data.find_first_of("\r\n");
        out += "data: ";
        out += data.substr(0, end);
        out += '\n';
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    out += '\n';
    return out;
}

std::string sse_comment(std::string_view text) {
    std::string out;
    append_one_line(out, text.empty() ? ":" : ": ", text);
    out += '\n';
    return out;
}

std::string sse_retry(int retry_ms) {
    return "retry: " + std::to_string(retry_ms) + "\n\n";
}

Result<void> SseParser::put(std::string_view bytes) {
    if (start_ > 0) {
        buffer_.erase(0, start_);
        start_ = 0;
    }
    if (buffer_.size() + bytes.size() + building_.data.size() > event_bytes_max) {
        return Error{ErrorCode::too_large, "An event of the stream is too large.", ""};
    }
    buffer_ += bytes;
    return {};
}

bool SseParser::take(Event& event) {
    if (at_start_ && buffer_.size() >= 3) {
        if (buffer_.starts_with("\xEF\xBB\xBF")) start_ = 3;
        at_start_ = false;
    }
    while (true) {
        const auto end = buffer_.find_first_of("\r\n", start_);
        if (end == std::string::npos) return false;
        // After a final \r it is not known yet whether a \n belongs to it.
        if (buffer_[end] == '\r' && end + 1 == buffer_.size()) return false;
        read_line(std::string_view(buffer_).substr(start_, end - start_));
        start_ = end + (buffer_[end] == '\r' && buffer_[end + 1] == '\n' ? 2 : 1);
        at_start_ = false;
        if (!complete_) continue;
        complete_ = false;
        event = building_;
        building_.event.clear();
        building_.data.clear();
        return true;
    }
}

void SseParser::read_line(std::string_view line) {
    if (line.empty()) {
        complete_ = has_data_;
        if (!has_data_) building_.event.clear();
        has_data_ = false;
        return;
    }
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "data") {
        if (has_data_) building_.data += '\n';
        building_.data += value;
        has_data_ = true;
    } else if (name == "event") {
        building_.event = value;
    } else if (name == "id" && value.find('\0') == std::string_view::npos) {
        building_.id = value;
    }
}

}  // namespace ourvidz::http
