#include "db/page_query.h"

namespace ourvidz::db {

std::string PageQuery::parameter(Value value) {
    values_.push_back(std::move(value));
    return std::string("$").append(std::to_string(values_.size()));
}

void PageQuery::where(std::string_view condition) {
    where_.append(where_.empty() ? "WHERE " : " AND ").append(condition);
}

void PageQuery::where_equal(std::string_view column, Value value) {
    where(std::string(table_).append(column).append(" = ").append(parameter(std::move(value))));
}

Result<void> PageQuery::start_after(const std::optional<std::string>& cursor) {
    if (!cursor) return {};
    const auto start = cursor_from(*cursor);
    if (!start) return invalid_field("cursor", "is not a cursor from this list");
    const auto time = parameter(start->created_at);
    const auto id = parameter(start->id);
    where("(" + table_ + time_ + ", " + table_ + "id) < (" + time + ", " + id + ")");
    return {};
}

std::string PageQuery::sql() {
    const auto limit = parameter(std::int64_t{limit_} + 1);
    return where_ + " ORDER BY " + table_ + time_ + " DESC, " + table_ + "id DESC LIMIT " + limit;
}

}  // namespace ourvidz::db
