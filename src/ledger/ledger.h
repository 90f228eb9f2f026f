// Credits in double entry. Every movement is a transfer between two accounts of one workspace; balances
// follow from transfers inside the database, which refuses every other change of them
// (migrations/0004_ledger*.sql). A hold sets credits aside for one job and ends once: settled, voided
// or expired.
//
// All functions run inside the caller's transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "db/database.h"

namespace ourvidz::ledger {

// Makes the workspace's accounts and gives it its first credits (>= 0). Does nothing if it has accounts.
[[nodiscard]] Result<void> open_accounts(db::Connection& connection, std::string_view workspace_id,
                                         std::int64_t starting_credits, const Clock& clock);

struct Balance {
    std::int64_t available = 0;
    std::int64_t held = 0;
    std::int64_t granted = 0;  // ever
    std::int64_t spent = 0;    // ever
};
[[nodiscard]] Result<Balance> balance(db::Connection& connection, std::string_view workspace_id);

struct Grant {
    std::string workspace_id;
    std::int64_t credits = 0;    // > 0
    std::string key;             // the same key grants once
    std::string request_sha256;  // of what was asked for under the key
};
// Answers whether it was new. Errors: invalid_field for credits; idempotency_mismatch when the key stands for
// another request.
[[nodiscard]] Result<bool> grant(db::Connection& connection, const Grant& grant, const Clock& clock);

struct NewHold {
    std::string id;
    std::string workspace_id;
    std::string job_id;
    std::int64_t credits = 0;  // 0: a hold that moves nothing
};
// Errors: not_enough_credits.
[[nodiscard]] Result<void> place(db::Connection& connection, const NewHold& hold, const Clock& clock);

enum class HoldEnd { settled, voided, expired };
[[nodiscard]] std::string_view to_string(HoldEnd end);
// Answers whether it was still placed; a hold that is over stays as it ended.
[[nodiscard]] Result<bool> end_hold(db::Connection& connection, std::string_view job_id, HoldEnd end,
                                    UnixMs now);

struct Transfer {
    std::string id;
    std::string kind;  // "grant", "hold", "settle", "void" or "expire"
    std::int64_t credits = 0;
    std::string debit;  // the account that gave
    std::string credit;
    std::optional<std::string> generation_id;  // that the credits were for
    UnixMs created_at = 0;
};
[[nodiscard]] json::object to_json(const Transfer& transfer);
struct Page {
    std::vector<Transfer> items;  // newest first
    std::optional<std::string> next_cursor;
};
[[nodiscard]] Result<Page> transfers(db::Connection& connection, std::string_view workspace_id,
                                     const std::optional<std::string>& cursor, int limit);

// --- the proof (ledger_audit.cpp) ---

struct Finding {
    std::string what;
    std::int64_t count = 0;  // > 0
};
struct Audit {
    std::vector<Finding> findings;  // empty: everything balances
    std::int64_t drift = 0;         // credits by which balances differ from what they should be, added up
    std::int64_t transfers = 0;     // looked at
    std::int64_t holds = 0;
};
// Adds up everything from the beginning, over all workspaces: run it as the server, on a read, so that it
// sees one state. Its time grows with the number of transfers.
[[nodiscard]] Result<Audit> audit(db::Connection& connection);
// One line, for logs and people.
[[nodiscard]] std::string to_text(const Audit& audit);

}  // namespace ourvidz::ledger
