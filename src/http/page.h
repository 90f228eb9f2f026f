// Lists in pages: `limit` and `cursor` in the query, {items, next_cursor} in the answer.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/json.h"
#include "base/result.h"
#include "http/server.h"

namespace ourvidz::http {

// The page that a request asks for.
struct PageAsked {
    int limit = 0;  // 1..200, 50 unless it is said
    std::optional<std::string> cursor;
};
// Errors: invalid_field. Whether the cursor is one of ours, db::PageQuery finds out.
[[nodiscard]] Result<PageAsked> page_asked(const Request& request);

[[nodiscard]] json::object page_json(json::array items, const std::optional<std::string>& next_cursor);

// Of anything with `items`, each with its to_json(), and a `next_cursor`.
template <class Page>
[[nodiscard]] json::object page_json(Page page) {
    json::array items;
    items.reserve(page.items.size());
    for (auto& one : page.items) items.push_back(to_json(std::move(one)));
    return page_json(std::move(items), page.next_cursor);
}

}  // namespace ourvidz::http
