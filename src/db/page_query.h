// Newest-first lists in pages, over any table with a time and an id. The page after a cursor begins below
// it, so rows that come in meanwhile shift nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cursor.h"
#include "db/database.h"

namespace ourvidz::db {

class PageQuery {
  public:
    // `table`: its alias with a dot ("g."), or empty. `limit` >= 1. `time`: the column that orders.
    PageQuery(std::string_view table, int limit, std::string_view time = "created_at")
        : table_(table), limit_(limit), time_(time) {}

    // " AND column = $n"; the first one begins the WHERE.
    void where_equal(std::string_view column, Value value);
    // A condition without parameters.
    void where(std::string_view condition);
    // Errors: invalid_field for a cursor that we did not make.
    [[nodiscard]] Result<void> start_after(const std::optional<std::string>& cursor);

    // WHERE … ORDER BY … LIMIT …; asks for one row more than the page has, to know whether another follows.
    [[nodiscard]] std::string sql();
    [[nodiscard]] const std::vector<Value>& values() const { return values_; }

    // Takes the extra row off again and answers the next page's cursor. `time`: the member of what orders.
    template <class Item>
    [[nodiscard]] std::optional<std::string> next_cursor(std::vector<Item>& items,
                                                         UnixMs Item::*time = &Item::created_at) const {
        if (items.size() <= static_cast<std::size_t>(limit_)) return std::nullopt;
        items.pop_back();
        return to_text(Cursor{items.back().*time, items.back().id});
    }

  private:
    std::string parameter(Value value);

    std::string table_;
    int limit_;
    std::string time_;
    std::string where_;
    std::vector<Value> values_;
};

}  // namespace ourvidz::db
