// Reading untrusted JSON with errors that name the field. Built on Boost.JSON.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/text.h"

namespace ourvidz {

namespace json = boost::json;

// Parses one JSON value; refuses invalid UTF-8, trailing text and nesting deeper than 32.
[[nodiscard]] Result<json::value> parse_json(std::string_view text);
// The same, and the value must be an object.
[[nodiscard]] Result<json::object> parse_json_object(std::string_view text);

// The value, or null where there is none.
template <class T>
[[nodiscard]] json::value or_null(const std::optional<T>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

// Reads the fields of one object. The first fault is kept and every later call answers with a default, so a
// route reads all its fields in a row and asks once. Null counts as absent. Fields that nobody asked for
// are a fault too, so a misspelled option is never silently ignored.
class FieldReader {
  public:
    // `path` is put before field names in errors ("messages[2]."); the object must outlive the reader.
    explicit FieldReader(const json::object& object, std::string path = {});

    // Of one line, unless the caller says otherwise; of several, each ends with a line feed.
    [[nodiscard]] std::optional<std::string> text(std::string_view name, std::size_t bytes_max,
                                                  Characters allowed = Characters::line);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name, std::int64_t min,
                                                      std::int64_t max);
    [[nodiscard]] std::optional<double> number(std::string_view name, double min, double max);
    [[nodiscard]] std::optional<bool> boolean(std::string_view name);
    [[nodiscard]] const json::array* array(std::string_view name, std::size_t size_max);
    [[nodiscard]] const json::object* object(std::string_view name);
    // The value must be one of `allowed`.
    [[nodiscard]] std::optional<std::string> choice(std::string_view name,
                                                    std::initializer_list<std::string_view> allowed);

    // As above, and absence is a fault.
    [[nodiscard]] std::string required_text(std::string_view name, std::size_t bytes_max,
                                            Characters allowed = Characters::line);
    [[nodiscard]] std::int64_t required_integer(std::string_view name, std::int64_t min, std::int64_t max);

    // Records a fault found by the caller; only the first one counts.
    void fail(std::string_view name, std::string detail);

    // Call last: the first fault, or one for a field that nobody read.
    [[nodiscard]] Result<void> finish();

  private:
    const json::value* find(std::string_view name);

    const json::object& object_;
    std::string path_;
    std::vector<std::string_view> asked_;
    std::optional<Error> fault_;
};

}  // namespace ourvidz
