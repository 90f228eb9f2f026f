#include "ledger/ledger_routes.h"

#include "base/cursor.h"
#include "http/problem.h"
#include "http/query.h"

namespace ourvidz::ledger {
namespace {

constexpr int page_default = 50;
constexpr int page_max = 200;

json::object to_json(const Transfer& transfer) {
    return {{"id", transfer.id},
            {"kind", transfer.kind},
            {"credits", transfer.credits},
            {"debit", transfer.debit},
            {"credit", transfer.credit},
            {"generation_id",
             transfer.generation_id ? json::value(*transfer.generation_id) : json::value(nullptr)},
            {"created_at", to_rfc3339(transfer.created_at)}};
}

}  // namespace

void LedgerApi::add_to(http::Router& router) {
    router.add("GET", "/api/v1/ledger", {},
               [this](http::Request request) { return show(std::move(request)); });
}

http::asio::awaitable<http::Response> LedgerApi::show(http::Request request) {
    const auto limit = http::query_integer(request, "limit", 1, page_max, page_default);
    if (!limit.ok()) co_return http::problem(limit.error());
    auto read = [this, limit = static_cast<int>(*limit), cursor = request.query_value("cursor")](
                    db::Connection& connection) -> Result<std::pair<Balance, Page>> {
        OURVIDZ_TRY(now, balance(connection, workspace_id_));
        OURVIDZ_TRY(page, transfers(connection, workspace_id_, cursor, limit));
        return std::pair(now, std::move(page));
    };
    auto found = co_await database_.read(scope_, std::move(read));
    if (!found.ok()) co_return http::problem(found.error());
    const auto& [now, page] = *found;
    json::array items;
    for (const auto& one : page.items) items.push_back(to_json(one));
    json::object body{{"available", now.available}, {"held", now.held},          {"granted", now.granted},
                      {"spent", now.spent},         {"items", std::move(items)}, {"next_cursor", nullptr}};
    if (page.next_cursor) body["next_cursor"] = *page.next_cursor;
    co_return http::json_response(200, body);
}

}  // namespace ourvidz::ledger
