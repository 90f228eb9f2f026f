"""Compares what people were promised with what is there, when all is over. Every number must be 0."""
import hashlib
import os

# A server that starts, or has lost its database, leaves so many event numbers out (apps/ourvidz/studio.cpp).
NUMBERS_SKIPPED = 100_000

COUNTS = {
    "not over": "SELECT COUNT(*) FROM generations WHERE state NOT IN ('succeeded', 'failed', 'canceled')",
    "failed": "SELECT COUNT(*) FROM generations WHERE state = 'failed'",
    "job and generation differ":
        "SELECT COUNT(*) FROM generations g JOIN jobs j ON j.subject_id = g.id WHERE g.state <> j.state",
    "generation without a job":
        "SELECT COUNT(*) FROM generations g WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.subject_id = g.id)",
    "pictures missing or too many":
        "SELECT COUNT(*) FROM generations g WHERE g.state = 'succeeded' AND"
        " CASE g.medium WHEN 'chat' THEN 0 ELSE g.batch END <> (SELECT COUNT(*) FROM assets a WHERE a.generation_id = g.id)",
    "answers missing": "SELECT COUNT(*) FROM generations WHERE state = 'succeeded' AND medium = 'chat' AND text IS NULL",
    "succeeded more than once":
        "SELECT COUNT(*) FROM (SELECT job_id FROM attempts WHERE state = 'succeeded' GROUP BY job_id HAVING COUNT(*) > 1) AS d",
    "succeeded without an attempt":
        "SELECT COUNT(*) FROM jobs j WHERE j.state = 'succeeded' AND NOT EXISTS"
        " (SELECT 1 FROM attempts a WHERE a.job_id = j.id AND a.state = 'succeeded')",
    "measured more or less often than succeeded":
        "SELECT ABS((SELECT COUNT(*) FROM durations) - (SELECT COUNT(*) FROM generations WHERE state = 'succeeded'))",
    "kept count of what waits is wrong":
        "SELECT COUNT(*) FROM (SELECT workspace_id, kind FROM (SELECT workspace_id, kind, waiting FROM queue_counts UNION ALL"
        " SELECT workspace_id, kind, -COUNT(*) FROM jobs WHERE state = 'queued' GROUP BY workspace_id, kind) AS kept_and_counted"
        " GROUP BY workspace_id, kind HAVING SUM(waiting) <> 0) AS wrong",
    "live attempts left": "SELECT COUNT(*) FROM attempts WHERE state = 'running'",
    "hold neither settled nor voided as it should be":
        "SELECT COUNT(*) FROM generations g LEFT JOIN jobs j ON j.subject_id = g.id LEFT JOIN holds h ON h.job_id = j.id"
        " WHERE h.state IS NULL OR h.state <>"
        " CASE g.state WHEN 'succeeded' THEN 'settled' ELSE 'voided' END",
    "credits drifted":
        "SELECT ABS((SELECT SUM(balance) FROM ledger_accounts WHERE name = 'revenue') - (SELECT COALESCE(SUM(batch), 0)"
        " FROM generations WHERE state = 'succeeded' AND medium <> 'chat')) + (SELECT SUM(balance) FROM ledger_accounts"
        " WHERE name = 'held')",
    "made before its draft was done":
        "SELECT COUNT(*) FROM job_edges e JOIN jobs p ON p.id = e.parent_id JOIN attempts a ON a.job_id = e.child_id"
        " WHERE p.state <> 'succeeded'",
    "made, and still waits for something":
        "SELECT COUNT(*) FROM jobs WHERE state IN ('queued', 'running', 'succeeded') AND waits_for <> 0",
    "full picture of no draft of its run":
        "SELECT COUNT(*) FROM run_steps f JOIN generations g ON g.id = f.generation_id JOIN run_steps d"
        " ON d.run_id = f.run_id AND d.name = 'draft' WHERE f.name = 'full' AND g.state = 'succeeded' AND NOT EXISTS"
        " (SELECT 1 FROM assets a WHERE a.id = g.source_asset_id AND a.generation_id = d.generation_id)",
    "enlarged picture of no full picture of its run":
        "SELECT COUNT(*) FROM run_steps e JOIN generations g ON g.id = e.generation_id JOIN run_steps f"
        " ON f.run_id = e.run_id AND f.name = 'full' WHERE e.name = 'enlarged' AND g.state = 'succeeded' AND NOT EXISTS"
        " (SELECT 1 FROM assets a WHERE a.id = g.source_asset_id AND a.generation_id = f.generation_id)",
    "run with one step only":
        "SELECT COUNT(*) FROM runs r WHERE (SELECT COUNT(*) FROM run_steps s WHERE s.run_id = r.id"
        " AND s.name IN ('draft', 'full')) <> 2",
    # Made, decided, stopped.
    "run that was not told of":
        "SELECT COUNT(*) FROM runs r JOIN run_steps s ON s.run_id = r.id AND s.name = 'full'"
        " JOIN generations g ON g.id = s.generation_id WHERE (SELECT COUNT(*) FROM events e WHERE e.subject_id = r.id)"
        " < 1 + CASE WHEN g.source_asset_id IS NOT NULL THEN 1 ELSE 0 END + CASE g.state WHEN 'canceled' THEN 1 ELSE 0 END",
    # Accepted, each attempt's start and end, and the cancel of what waited: one event each, no more and no less.
    "state changes without an event, or told twice":
        "SELECT COUNT(*) FROM (SELECT (SELECT COUNT(*) FROM events e WHERE e.subject_id = g.id) AS told,"
        " 1 + (SELECT COUNT(*) FROM attempts a JOIN jobs j ON j.id = a.job_id WHERE j.subject_id = g.id)"
        " + (SELECT COUNT(*) FROM attempts a JOIN jobs j ON j.id = a.job_id WHERE j.subject_id = g.id AND a.state <> 'running')"
        " + CASE WHEN g.state = 'canceled' AND NOT EXISTS (SELECT 1 FROM attempts a JOIN jobs j ON j.id = a.job_id"
        "   WHERE j.subject_id = g.id AND a.state = 'canceled') THEN 1 ELSE 0 END"
        # Of a run: the draft that was chosen for it, and that it was queued; what follows by itself learns both at once.
        " + CASE WHEN g.source_asset_id IS NULL THEN 0 WHEN EXISTS (SELECT 1 FROM run_steps s"
        "   WHERE s.generation_id = g.id AND s.name = 'enlarged') THEN 1 ELSE 2 END AS happened"
        " FROM generations g) AS d WHERE told <> happened",
    "assets without their events, or told twice":
        "SELECT COUNT(*) FROM assets a WHERE (SELECT COUNT(*) FROM events e WHERE e.subject_id = a.id)"
        " <> CASE a.state WHEN 'staging' THEN 1 ELSE 2 END",
}


def gaps(numbers):
    """Between neighbours only steps of one, or of numbers left out on purpose."""
    return sum((later - earlier) % NUMBERS_SKIPPED != 1 for earlier, later in zip(numbers, numbers[1:], strict=False))


def wrong_files(rows, path_of):
    wrong = 0
    for key, sha256 in rows("SELECT file_key, sha256 FROM asset_files"):
        try:
            with open(path_of(key), "rb") as file:
                wrong += hashlib.sha256(file.read()).hexdigest() != sha256
        except OSError:
            wrong += 1
    return wrong


def reconcile(studio, book, followers, audit_status):
    """Answers {fault: how many}."""
    rows = studio.rows
    faults = {name: int(rows(sql)[0][0] or 0) for name, sql in COUNTS.items()}  # a sum over nothing is NULL
    known = dict(rows("SELECT id, state FROM generations"))
    accepted = list(book.accepted.values())
    faults["accepted but unknown"] = len(set(accepted) - set(known))
    faults["known but never accepted"] = len(set(known) - set(accepted))
    faults["accepted twice"] = len(accepted) - len(set(accepted))
    faults["canceled without being asked"] = sum(
        state == "canceled" and one not in book.canceled for one, state in known.items())
    kept = {row[0] for row in rows("SELECT id FROM assets WHERE state = 'kept'")}
    faults["kept picture lost"] = len(book.kept - kept)
    faults["file missing or altered"] = wrong_files(rows, studio.path_of)
    faults["the audit found something"] = int(audit_status != 0)
    numbers = [int(row[0]) for row in rows("SELECT number FROM events ORDER BY number")]
    faults["event numbers with a gap"] = gaps(numbers)
    for at, follower in enumerate(followers):
        seen = set(follower.numbers)
        faults[f"events that follower {at} missed"] = len(set(numbers) - seen)
        faults[f"events that follower {at} was told twice"] = len(follower.numbers) - len(seen)
    for name, count in book.faults.items():
        faults[name] = count
    return faults


def notes(studio, followers):
    """What is no fault and worth knowing."""
    rows = studio.rows
    numbers = {int(row[0]) for row in rows("SELECT number FROM events")}
    return {
        "runs, by their last step": {row[0]: int(row[1]) for row in rows(
            "SELECT g.state, COUNT(*) FROM run_steps s JOIN generations g ON g.id = s.generation_id WHERE s.name = 'full'"
            " GROUP BY g.state")},
        "enlarged": {row[0]: int(row[1]) for row in rows(
            "SELECT g.state, COUNT(*) FROM run_steps s JOIN generations g ON g.id = s.generation_id WHERE s.name = 'enlarged'"
            " GROUP BY g.state")},
        "generations": {row[0]: int(row[1]) for row in rows("SELECT state, COUNT(*) FROM generations GROUP BY state")},
        "attempts": {row[0]: int(row[1]) for row in rows("SELECT state, COUNT(*) FROM attempts GROUP BY state")},
        "by node": {row[0]: int(row[1]) for row in rows(
            "SELECT node_id, COUNT(*) FROM attempts WHERE state = 'succeeded' GROUP BY node_id")},
        "events": len(numbers),
        # Claims of a lease may be taken back by a power cut; whoever heard of one hears of the job again.
        "events heard and then taken back": len({n for one in followers for n in one.numbers} - numbers),
        "files": sum(1 for key, _ in rows("SELECT file_key, sha256 FROM asset_files") if os.path.exists(studio.path_of(key))),
    }
