// Text for people: tables, sizes, and the line that shows progress.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace ourvidz::cli {

// Rows with columns of equal width, two spaces apart, one line each. Widths count characters, not bytes.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

// 98362432 -> "98.4 MB", as disks are sold.
[[nodiscard]] std::string size_text(std::uint64_t bytes);

// A span such as "8 s" or "2 min 5 s".
[[nodiscard]] std::string duration_text(std::int64_t ms);

// One line for a Progress of the API, at most `columns` characters.
[[nodiscard]] std::string progress_text(const json::object& progress, int batch, int columns);

// The text without control characters, so that what comes from a server or a file cannot move the cursor.
[[nodiscard]] std::string printable(std::string_view text);

// Shows progress on standard error: one line that is written over on a terminal, a line for every tenth
// otherwise, nothing when quiet.
class ProgressLine {
  public:
    explicit ProgressLine(bool quiet);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // `fraction` from 0 to 1.
    void show(const std::string& text, double fraction);
    [[nodiscard]] int columns() const { return columns_; }
    // Leaves the cursor at the start of an empty line.
    void clear();

  private:
    bool quiet_;
    bool terminal_;
    int columns_ = 80;
    int last_tenth_ = -1;
    std::string last_;
};

}  // namespace ourvidz::cli
