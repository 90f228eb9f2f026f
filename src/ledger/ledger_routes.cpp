#include "ledger/ledger_routes.h"

#include "base/cursor.h"
#include "http/problem.h"
#include "http/query.h"
#include "ledger/ledger.h"

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

identity::Answer show(identity::Call call) {
    const auto limit = http::query_integer(call.request, "limit", 1, page_max, page_default);
    if (!limit.ok()) co_return limit.error();
    auto read = [workspace = call.caller.workspace_id(), limit = static_cast<int>(*limit),
                 cursor = call.request.query_value("cursor")](
                    db::Connection& connection) -> Result<std::pair<Balance, Page>> {
        OURVIDZ_TRY(now, balance(connection, workspace));
        OURVIDZ_TRY(page, transfers(connection, workspace, cursor, limit));
        return std::pair(now, std::move(page));
    };
    auto found = co_await call.caller.read(std::move(read));
    if (!found.ok()) co_return found.error();
    const auto& [now, page] = *found;
    json::array items;
    for (const auto& one : page.items) items.push_back(to_json(one));
    json::object body{{"available", now.available}, {"held", now.held},          {"granted", now.granted},
                      {"spent", now.spent},         {"items", std::move(items)}, {"next_cursor", nullptr}};
    if (page.next_cursor) body["next_cursor"] = *page.next_cursor;
    co_return http::json_response(200, body);
}

Result<studio::Report> audited(db::Connection& connection) {
    OURVIDZ_TRY(found, audit(connection));
    return studio::Report{found.findings.empty(),
                          to_text(found),
                          {{"findings", static_cast<std::int64_t>(found.findings.size())},
                           {"drift", found.drift},
                           {"transfers", found.transfers}}};
}

}  // namespace

studio::Module module() {
    studio::Module ledger;
    ledger.routes = {{"GET", "/api/v1/ledger", identity::Permission::ledger_read, {}, show}};
    ledger.audits = {balance_audit()};
    return ledger;
}

studio::Audit balance_audit() {
    return {"ledger", audited};
}

}  // namespace ourvidz::ledger
