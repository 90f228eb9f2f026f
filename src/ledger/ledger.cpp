#include "ledger/ledger.h"

#include <array>

#include "base/id.h"
#include "base/sha256.h"
#include "db/page_query.h"

namespace ourvidz::ledger {
namespace {

constexpr std::array<std::string_view, 4> accounts{"available", "held", "issued", "revenue"};
constexpr std::string_view starting_key = "start";

// Of the same length as the prefix of a hold, whose id the transfer's id carries on.
constexpr std::string_view placed_prefix = "trp";
constexpr std::string_view ended_prefix = "tre";
constexpr std::size_t prefix_length = 3;

struct Movement {
    std::string id;
    std::string workspace_id;
    std::string_view kind;
    std::string_view debit;
    std::string_view credit;
    std::int64_t credits = 0;
    std::optional<std::string> hold_id;
    std::string key;
    std::string request_sha256;
};

// The one statement that moves credits; the database does the rest.
Result<void> move(db::Connection& connection, const Movement& movement, UnixMs now) {
    return connection.change(
        "INSERT INTO ledger_transfers (id, workspace_id, kind, debit, credit, credits, hold_id, key,"
        " request_sha256, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        {movement.id, movement.workspace_id, std::string(movement.kind), std::string(movement.debit),
         std::string(movement.credit), movement.credits, db::nullable(movement.hold_id), movement.key,
         movement.request_sha256, now});
}

std::string hash_of(std::string_view kind, std::int64_t credits) {
    return sha256_hex(std::string(kind) + " " + std::to_string(credits));
}

Error not_enough(std::int64_t wanted, std::int64_t available) {
    return Error{ErrorCode::not_enough_credits,
                 "This costs " + std::to_string(wanted) + (wanted == 1 ? " credit, and " : " credits, and ") +
                     std::to_string(available) + (available == 1 ? " is left." : " are left."),
                 ""};
}

std::string_view transfer_kind(HoldEnd end) {
    switch (end) {
        case HoldEnd::settled:
            return "settle";
        case HoldEnd::voided:
            return "void";
        case HoldEnd::expired:
            return "expire";
    }
    return "void";
}

}  // namespace

std::string_view to_string(HoldEnd end) {
    switch (end) {
        case HoldEnd::settled:
            return "settled";
        case HoldEnd::voided:
            return "voided";
        case HoldEnd::expired:
            return "expired";
    }
    return "voided";
}

Result<void> open_accounts(db::Connection& connection, std::string_view workspace_id,
                           std::int64_t starting_credits, const Clock& clock) {
    std::int64_t made = 0;
    for (const auto name : accounts) {
        OURVIDZ_TRY(added, connection.execute("INSERT INTO ledger_accounts (workspace_id, name)"
                                              " VALUES ($1, $2) ON CONFLICT DO NOTHING",
                                              {std::string(workspace_id), std::string(name)}));
        made += added;
    }
    if (made == 0 || starting_credits == 0) return {};
    OURVIDZ_TRY(is_new, grant(connection,
                              {std::string(workspace_id), starting_credits, std::string(starting_key),
                               hash_of("grant", starting_credits)},
                              clock));
    (void)is_new;
    return {};
}

Result<Balance> balance(db::Connection& connection, std::string_view workspace_id) {
    OURVIDZ_TRY(rows, connection.query("SELECT name, balance FROM ledger_accounts WHERE workspace_id = $1",
                                       {std::string(workspace_id)}));
    Balance found;
    for (const auto& row : rows) {
        if (row.text(0) == "available") found.available = row.integer(1);
        if (row.text(0) == "held") found.held = row.integer(1);
        if (row.text(0) == "issued") found.granted = -row.integer(1);
        if (row.text(0) == "revenue") found.spent = row.integer(1);
    }
    return found;
}

Result<bool> grant(db::Connection& connection, const Grant& grant, const Clock& clock) {
    if (grant.credits <= 0) return invalid_field("credits", "must be more than 0");
    OURVIDZ_TRY(known, connection.query("SELECT request_sha256 FROM ledger_transfers"
                                        " WHERE workspace_id = $1 AND key = $2",
                                        {grant.workspace_id, grant.key}));
    if (!known.empty()) {
        if (known[0].text(0) == grant.request_sha256) return false;
        return Error{ErrorCode::idempotency_mismatch, "This key was used before for another grant.", ""};
    }
    OURVIDZ_CHECK(move(connection,
                       {new_id("trf", clock), grant.workspace_id, "grant", "issued", "available",
                        grant.credits, std::nullopt, grant.key, grant.request_sha256},
                       clock.now_ms()));
    return true;
}

Result<void> place(db::Connection& connection, const NewHold& hold, const Clock& clock) {
    if (hold.credits > 0) {
        OURVIDZ_TRY(now_there, balance(connection, hold.workspace_id));
        if (now_there.available < hold.credits) return not_enough(hold.credits, now_there.available);
    }
    const auto now = clock.now_ms();
    OURVIDZ_CHECK(
        connection.change("INSERT INTO holds (id, workspace_id, job_id, credits, state, placed_at)"
                          " VALUES ($1, $2, $3, $4, 'placed', $5)",
                          {hold.id, hold.workspace_id, hold.job_id, hold.credits, now}));
    if (hold.credits == 0) return {};
    return move(
        connection,
        {std::string(placed_prefix) + hold.id.substr(prefix_length), hold.workspace_id, "hold", "available",
         "held", hold.credits, hold.id, hold.id + ".placed", hash_of("hold", hold.credits)},
        now);
}

Result<bool> end_hold(db::Connection& connection, std::string_view job_id, HoldEnd end, UnixMs now) {
    OURVIDZ_TRY(ended, connection.query("UPDATE holds SET state = $2, ended_at = $3 WHERE job_id = $1"
                                        " AND state = 'placed' RETURNING id, workspace_id, credits",
                                        {std::string(job_id), std::string(to_string(end)), now}));
    if (ended.empty()) return false;
    const auto id = ended[0].text(0);
    const auto credits = ended[0].integer(2);
    if (credits == 0) return true;
    const auto kind = transfer_kind(end);
    OURVIDZ_CHECK(move(connection,
                       {std::string(ended_prefix) + id.substr(prefix_length), ended[0].text(1), kind, "held",
                        end == HoldEnd::settled ? "revenue" : "available", credits, id, id + ".ended",
                        hash_of(kind, credits)},
                       now));
    return true;
}

Result<Page> transfers(db::Connection& connection, std::string_view workspace_id,
                       const std::optional<std::string>& cursor, int limit) {
    db::PageQuery query("t.", limit);
    query.where_equal("workspace_id", std::string(workspace_id));
    OURVIDZ_CHECK(query.start_after(cursor));
    const auto sql =
        "SELECT t.id, t.kind, t.credits, t.debit, t.credit,"
        " CASE WHEN j.subject = 'generation' THEN j.subject_id END, t.created_at FROM ledger_transfers t"
        " LEFT JOIN holds h ON h.id = t.hold_id LEFT JOIN jobs j ON j.id = h.job_id " +
        query.sql();
    OURVIDZ_TRY(rows, connection.query(sql, query.values()));
    Page page;
    page.items.reserve(rows.size());
    for (const auto& row : rows) {
        page.items.push_back({row.text(0), row.text(1), row.integer(2), row.text(3), row.text(4),
                              row.optional_text(5), row.integer(6)});
    }
    page.next_cursor = query.next_cursor(page.items);
    return page;
}

}  // namespace ourvidz::ledger
