#include "ledger/ledger_routes.h"

#include "base/cursor.h"
#include "http/page.h"
#include "http/problem.h"
#include "ledger/ledger.h"

namespace ourvidz::ledger {
json::object to_json(const Transfer& transfer) {
    return {{"id", transfer.id},
            {"kind", transfer.kind},
            {"credits", transfer.credits},
            {"debit", transfer.debit},
            {"credit", transfer.credit},
            {"generation_id", or_null(transfer.generation_id)},
            {"created_at", to_rfc3339(transfer.created_at)}};
}

namespace {

identity::Answer show(identity::Call call) {
    auto asked = http::page_asked(call.request);
    if (!asked.ok()) co_return asked.error();
    auto read = [workspace = call.caller.workspace_id(),
                 asked = *asked](db::Connection& connection) -> Result<std::pair<Balance, Page>> {
        OURVIDZ_TRY(now, balance(connection, workspace));
        OURVIDZ_TRY(page, transfers(connection, workspace, asked.cursor, asked.limit));
        return std::pair(now, std::move(page));
    };
    auto found = co_await call.caller.read(std::move(read));
    if (!found.ok()) co_return found.error();
    const auto& [now, page] = *found;
    auto body = http::page_json(page);
    body["available"] = now.available;
    body["held"] = now.held;
    body["granted"] = now.granted;
    body["spent"] = now.spent;
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
