#include "base/json.h"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>

namespace ourvidz {
namespace {

constexpr std::size_t nesting_max = 32;

// With a point or an exponent it is so only where it has surely not been rounded, or is far beyond every
// range.
bool is_whole(const json::value& value) {
    if (value.is_int64() || value.is_uint64()) return true;
    constexpr double exact_max = 9'007'199'254'740'991;
    constexpr double int64_end = 9'223'372'036'854'775'808.0;
    if (!value.is_double()) return false;
    const double number = value.get_double();
    return (std::abs(number) <= exact_max && std::trunc(number) == number) || std::abs(number) >= int64_end;
}

// As people write it: 8 and not 8E0.
std::string written(double number) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return std::string(text.data(), end);
}

std::string range_text(const std::string& min, const std::string& max) {
    return "must be from " + min + " to " + max;
}

// Builds the value, and counts the members of objects as they stand in the text: of two with one name, the
// value keeps only the last.
class Builder {
  public:
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = max_object_size;
    static constexpr std::size_t max_key_size = max_object_size;
    static constexpr std::size_t max_string_size = max_object_size;
    using Code = boost::system::error_code;
    using Text = boost::json::string_view;

    Builder() { stack_.reset(); }
    json::value release() { return stack_.release(); }
    [[nodiscard]] std::size_t members() const { return members_; }

    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) { return true; }
    bool on_object_end(std::size_t count, Code&) {
        members_ += count;
        return stack_.push_object(count), true;
    }
    bool on_array_begin(Code&) { return true; }
    bool on_array_end(std::size_t count, Code&) { return stack_.push_array(count), true; }
    bool on_key_part(Text part, std::size_t, Code&) { return stack_.push_chars(part), true; }
    bool on_key(Text end, std::size_t, Code&) { return stack_.push_key(end), true; }
    bool on_string_part(Text part, std::size_t, Code&) { return stack_.push_chars(part), true; }
    bool on_string(Text end, std::size_t, Code&) { return stack_.push_string(end), true; }
    bool on_number_part(Text, Code&) { return true; }
    bool on_int64(std::int64_t number, Text, Code&) { return stack_.push_int64(number), true; }
    bool on_uint64(std::uint64_t number, Text, Code&) { return stack_.push_uint64(number), true; }
    bool on_double(double number, Text, Code&) { return stack_.push_double(number), true; }
    bool on_bool(bool value, Code&) { return stack_.push_bool(value), true; }
    bool on_null(Code&) { return stack_.push_null(), true; }
    bool on_comment_part(Text, Code&) { return true; }
    bool on_comment(Text, Code&) { return true; }

  private:
    json::value_stack stack_;
    std::size_t members_ = 0;
};

// Nested no deeper than nesting_max.
std::size_t members_in(const json::value& value) {
    std::size_t count = 0;
    if (const auto* object = value.if_object()) {
        count += object->size();
        for (const auto& member : *object) count += members_in(member.value());
    } else if (const auto* array = value.if_array()) {
        for (const auto& entry : *array) count += members_in(entry);
    }
    return count;
}

}  // namespace

Result<json::value> parse_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = nesting_max;
    boost::system::error_code failure;
    boost::json::basic_parser<Builder> parser(options);
    const auto read = parser.write_some(false, text.data(), text.size(), failure);
    if (!failure && read < text.size()) failure = boost::json::error::extra_data;
    if (failure)
        return Error{ErrorCode::malformed_body, "The body is not valid JSON in UTF-8: " + failure.message(),
                     ""};
    auto value = parser.handler().release();
    // Programs differ in which of the two they take, so what was checked need not be what is run.
    if (members_in(value) != parser.handler().members())
        return Error{ErrorCode::malformed_body, "The body names a field of one object twice.", ""};
    return value;
}

Result<json::object> parse_json_object(std::string_view text) {
    OURVIDZ_TRY(value, parse_json(text));
    if (!value.is_object()) return Error{ErrorCode::malformed_body, "The body must be a JSON object.", ""};
    return std::move(value.as_object());
}

FieldReader::FieldReader(const json::object& object, std::string path)
    : object_(object), path_(std::move(path)) {}

const json::value* FieldReader::find(std::string_view name) {
    asked_.push_back(name);
    const auto* value = object_.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string> FieldReader::text(std::string_view name, std::size_t bytes_max,
                                             Characters allowed) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) {
        fail(name, "must be text");
        return std::nullopt;
    }
    const std::string_view sent = value->get_string();
    auto string = allowed == Characters::lines ? with_line_feeds(sent) : std::string(sent);
    if (string.size() > bytes_max) {
        fail(name, "is too long: " + std::to_string(string.size()) + " bytes, at most " +
                       std::to_string(bytes_max));
        return std::nullopt;
    }
    if (const auto fault = character_fault(string, allowed)) {
        fail(name, *fault);
        return std::nullopt;
    }
    return string;
}

std::optional<std::int64_t> FieldReader::integer(std::string_view name, std::int64_t min, std::int64_t max) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!is_whole(*value)) {
        fail(name, "must be a whole number");
        return std::nullopt;
    }
    boost::system::error_code beyond;
    const auto number = value->to_number<std::int64_t>(beyond);
    if (beyond || number < min || number > max) {
        fail(name, range_text(std::to_string(min), std::to_string(max)));
        return std::nullopt;
    }
    return number;
}

std::optional<double> FieldReader::number(std::string_view name, double min, double max) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number()) {
        fail(name, "must be a number");
        return std::nullopt;
    }
    const auto number = value->to_number<double>();
    if (!(number >= min && number <= max)) {
        fail(name, range_text(written(min), written(max)));
        return std::nullopt;
    }
    return number + 0.0;  // -0 is 0
}

std::optional<bool> FieldReader::boolean(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_bool()) {
        fail(name, "must be true or false");
        return std::nullopt;
    }
    return value->get_bool();
}

const json::array* FieldReader::array(std::string_view name, std::size_t size_max) {
    const auto* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) {
        fail(name, "must be a list");
        return nullptr;
    }
    if (value->get_array().size() > size_max) {
        fail(name, "has too many entries: at most " + std::to_string(size_max));
        return nullptr;
    }
    return &value->get_array();
}

const json::object* FieldReader::object(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) {
        fail(name, "must be an object");
        return nullptr;
    }
    return &value->get_object();
}

std::optional<std::string> FieldReader::choice(std::string_view name,
                                               std::initializer_list<std::string_view> allowed) {
    auto chosen = text(name, 256);
    if (!chosen || std::find(allowed.begin(), allowed.end(), *chosen) != allowed.end()) return chosen;
    std::string list;
    for (const auto word : allowed) list.append(list.empty() ? "" : ", ").append(word);
    fail(name, "must be one of: " + list);
    return std::nullopt;
}

std::string FieldReader::required_text(std::string_view name, std::size_t bytes_max, Characters allowed) {
    auto found = text(name, bytes_max, allowed);
    if (!found) fail(name, "is required");
    return found.value_or("");
}

std::int64_t FieldReader::required_integer(std::string_view name, std::int64_t min, std::int64_t max) {
    auto found = integer(name, min, max);
    if (!found) fail(name, "is required");
    return found.value_or(min);
}

void FieldReader::fail(std::string_view name, std::string detail) {
    if (fault_) return;
    fault_ = invalid_field(path_ + std::string(name), std::move(detail));
}

Result<void> FieldReader::finish() {
    if (fault_) return *fault_;
    for (const auto& member : object_) {
        const std::string_view name = member.key();
        if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) {
            return invalid_field(path_ + std::string(name), "is not a field of this request");
        }
    }
    return {};
}

}  // namespace ourvidz
