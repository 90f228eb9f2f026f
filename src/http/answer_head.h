// The head of an answer, line by line as libcurl hands it on, for our clients.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ourvidz::http {

class AnswerHead {
  public:
    // False for a head whose end, or whose body's end, another reader could see elsewhere (see framing.h),
    // and for one with too many fields: then nothing of this answer is to be believed, and the connection
    // ends. `line` with its line break. A new status line, after a 1xx or a redirect, begins anew.
    [[nodiscard]] bool take(std::string_view line);

    // Names in lower case; of several with one name the last.
    [[nodiscard]] const std::map<std::string, std::string>& fields() const { return fields_; }
    // Empty if there is none. `name` in lower case.
    [[nodiscard]] std::string field(const std::string& name) const;

  private:
    [[nodiscard]] bool take_field(std::string_view line);
    [[nodiscard]] std::optional<std::string_view> find(const std::string& name) const;

    std::map<std::string, std::string> fields_;
    bool open_ = false;  // between a status line and the empty line
    bool http_1_1_ = true;
};

}  // namespace ourvidz::http
