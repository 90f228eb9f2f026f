#include "http/page.h"

#include "http/query.h"

namespace ourvidz::http {
namespace {

constexpr int limit_preset = 50;
constexpr int limit_max = 200;

}  // namespace

Result<PageAsked> page_asked(const Request& request) {
    OURVIDZ_TRY(limit, query_integer(request, "limit", 1, limit_max, limit_preset));
    return PageAsked{static_cast<int>(limit), request.query_value("cursor")};
}

json::object page_json(json::array items, const std::optional<std::string>& next_cursor) {
    return {{"items", std::move(items)}, {"next_cursor", or_null(next_cursor)}};
}

}  // namespace ourvidz::http
