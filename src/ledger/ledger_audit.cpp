// Proves that the books are right, without believing any balance: everything is added up again.
#include <array>

#include "ledger/ledger.h"

namespace ourvidz::ledger {
namespace {

struct Check {
    std::string_view what;
    // Answers how many are wrong and by how many credits.
    std::string_view sql;
};

constexpr std::array<Check, 7> checks{{
    {"balances that are not the sum of their transfers",
     "SELECT COUNT(*), COALESCE(SUM(ABS(wrong)), 0) FROM (SELECT a.balance"
     " - COALESCE((SELECT SUM(t.credits) FROM ledger_transfers t"
     "   WHERE t.workspace_id = a.workspace_id AND t.credit = a.name), 0)"
     " + COALESCE((SELECT SUM(t.credits) FROM ledger_transfers t"
     "   WHERE t.workspace_id = a.workspace_id AND t.debit = a.name), 0) AS wrong"
     " FROM ledger_accounts a) AS sums WHERE wrong <> 0"},
    {"workspaces whose accounts do not add up to nothing",
     "SELECT COUNT(*), COALESCE(SUM(ABS(wrong)), 0) FROM (SELECT SUM(balance) AS wrong"
     " FROM ledger_accounts GROUP BY workspace_id) AS sums WHERE wrong <> 0"},
    {"workspaces whose held credits are not those of their placed holds",
     "SELECT COUNT(*), COALESCE(SUM(ABS(wrong)), 0) FROM (SELECT a.balance - COALESCE((SELECT SUM(h.credits)"
     " FROM holds h WHERE h.workspace_id = a.workspace_id AND h.state = 'placed'), 0) AS wrong"
     " FROM ledger_accounts a WHERE a.name = 'held') AS sums WHERE wrong <> 0"},
    {"balances below zero",
     "SELECT COUNT(*), COALESCE(SUM(ABS(balance)), 0) FROM ledger_accounts"
     " WHERE CASE WHEN name = 'issued' THEN balance > 0 ELSE balance < 0 END"},
    {"holds that the transfers do not tell of exactly once",
     "SELECT COUNT(*), 0 FROM (SELECT h.id FROM holds h"
     " LEFT JOIN ledger_transfers t ON t.hold_id = h.id"
     " GROUP BY h.id, h.state, h.credits, h.workspace_id HAVING"
     " COUNT(t.id) <> CASE WHEN h.credits = 0 THEN 0 WHEN h.state = 'placed' THEN 1 ELSE 2 END"
     " OR SUM(CASE WHEN t.credits <> h.credits OR t.workspace_id <> h.workspace_id THEN 1 ELSE 0 END) > 0"
     " OR SUM(CASE WHEN t.kind = 'hold' THEN 1 ELSE 0 END) <> CASE WHEN h.credits = 0 THEN 0 ELSE 1 END"
     " OR SUM(CASE WHEN t.kind = CASE h.state WHEN 'settled' THEN 'settle' WHEN 'voided' THEN 'void'"
     "   WHEN 'expired' THEN 'expire' END THEN 1 ELSE 0 END)"
     "   <> CASE WHEN h.credits = 0 OR h.state = 'placed' THEN 0 ELSE 1 END) AS wrong"},
    {"holds that are not as their job ended",
     "SELECT COUNT(*), COALESCE(SUM(h.credits), 0) FROM holds h JOIN jobs j ON j.id = h.job_id"
     " WHERE h.state <> 'placed' AND (j.state = 'succeeded') <> (h.state = 'settled')"
     " OR (h.state = 'placed') <> (j.state IN ('scheduled', 'queued', 'running'))"},
    {"jobs without a hold of their price",
     "SELECT COUNT(*), COALESCE(SUM(j.credits), 0) FROM jobs j"
     " LEFT JOIN holds h ON h.job_id = j.id WHERE h.id IS NULL OR h.credits <> j.credits"},
}};

}  // namespace

Result<Audit> audit(db::Connection& connection) {
    Audit audit;
    for (const auto& check : checks) {
        OURVIDZ_TRY(rows, connection.query(check.sql, {}));
        if (rows[0].integer(0) == 0) continue;
        audit.findings.push_back({std::string(check.what), rows[0].integer(0)});
        audit.drift += rows[0].integer(1);
    }
    OURVIDZ_TRY(
        counts,
        connection.query("SELECT (SELECT COUNT(*) FROM ledger_transfers), (SELECT COUNT(*) FROM holds)", {}));
    audit.transfers = counts[0].integer(0);
    audit.holds = counts[0].integer(1);
    return audit;
}

std::string to_text(const Audit& audit) {
    std::string text = std::to_string(audit.transfers) + " transfers and " + std::to_string(audit.holds) +
                       " holds, drift " + std::to_string(audit.drift);
    if (audit.findings.empty()) return text + ": everything balances";
    for (const auto& finding : audit.findings)
        text += "; " + std::to_string(finding.count) + " " + finding.what;
    return text;
}

}  // namespace ourvidz::ledger
