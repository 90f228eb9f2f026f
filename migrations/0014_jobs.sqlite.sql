-- Jobs stand on their own: a job is the work of a subject, as the event stream names it (a generation, say), and of that it
-- knows the name and the id alone. Holds and idempotency keys follow the job.
DROP VIEW queue_line;
DROP VIEW queue_shares;

CREATE TABLE jobs_anew (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    subject TEXT NOT NULL,
    subject_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    -- What waits for the same kind of place: image, video or chat.
    line TEXT NOT NULL,
    model TEXT NOT NULL,
    size_class BIGINT NOT NULL,
    -- What it was expected to take when it was queued; null: nothing like it was measured yet.
    service_ms BIGINT,
    -- Its price. Its hold is of so many.
    credits BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('scheduled', 'queued', 'running', 'succeeded', 'failed', 'canceled')),
    -- Not before this moment, so that a job that failed rests a while before it is tried again.
    run_after BIGINT NOT NULL,
    -- Counts up with every attempt. Only the attempt that carries the newest number may change anything.
    fence BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    cancel_requested BIGINT NOT NULL DEFAULT 0,
    -- Its place among the jobs of its workspace and line, the least first. Far apart, so that there is room between.
    position BIGINT NOT NULL,
    -- Set by its owner: stays queued and is not started.
    paused BIGINT NOT NULL DEFAULT 0,
    -- When its newest attempt began, and what its workspace was charged for that in the line's service.
    claimed_at BIGINT,
    charged_ms BIGINT NOT NULL DEFAULT 0,
    -- The subject that a job which failed for good was tried once more as.
    retried_as TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
INSERT INTO jobs_anew (id, workspace_id, subject, subject_id, kind, line, model, size_class, service_ms, credits, state,
                       run_after, fence, attempts, cancel_requested, position, paused, claimed_at, charged_ms, retried_as,
                       created_at, ended_at)
SELECT j.id, j.workspace_id, 'generation', j.generation_id, j.kind, j.line, j.model, j.size_class, j.service_ms, g.credits,
       j.state, j.run_after, j.fence, j.attempts, j.cancel_requested, j.position, j.paused, j.claimed_at, j.charged_ms,
       j.retried_as, j.created_at, j.ended_at
FROM jobs j JOIN generations g ON g.id = j.generation_id;

CREATE TABLE holds_anew (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    job_id TEXT NOT NULL UNIQUE REFERENCES jobs (id),
    credits BIGINT NOT NULL CHECK (credits >= 0),
    state TEXT NOT NULL CHECK (state IN ('placed', 'settled', 'voided', 'expired')),
    placed_at BIGINT NOT NULL,
    ended_at BIGINT
);
INSERT INTO holds_anew (id, workspace_id, job_id, credits, state, placed_at, ended_at)
SELECT h.id, h.workspace_id, j.id, h.credits, h.state, h.placed_at, h.ended_at
FROM holds h JOIN jobs j ON j.generation_id = h.generation_id;

CREATE TABLE idempotency_keys_anew (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    key TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    job_id TEXT NOT NULL REFERENCES jobs (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key)
);
INSERT INTO idempotency_keys_anew (workspace_id, key, request_sha256, job_id, created_at)
SELECT k.workspace_id, k.key, k.request_sha256, j.id, k.created_at
FROM idempotency_keys k JOIN jobs j ON j.generation_id = k.generation_id;

DROP TABLE idempotency_keys;
DROP TABLE holds;
DROP TABLE jobs;
ALTER TABLE jobs_anew RENAME TO jobs;
ALTER TABLE holds_anew RENAME TO holds;
ALTER TABLE idempotency_keys_anew RENAME TO idempotency_keys;

CREATE INDEX jobs_running ON jobs (id) WHERE state = 'running';
CREATE INDEX jobs_own ON jobs (workspace_id, line, position, id) WHERE state = 'queued' AND paused = 0;
CREATE INDEX jobs_by_model ON jobs (model, run_after) WHERE state = 'queued' AND paused = 0;
CREATE INDEX jobs_queued ON jobs (workspace_id, kind) WHERE state = 'queued';
CREATE INDEX jobs_dead ON jobs (created_at DESC, id DESC) WHERE state = 'failed';

CREATE VIEW queue_line AS
SELECT id, kind, state, run_after, line, service_ms, claimed_at FROM jobs WHERE state IN ('queued', 'running');
CREATE VIEW queue_shares AS
SELECT j.line AS line, w.plan_weight AS weight, COUNT(*) AS waiting, COUNT(j.service_ms) AS known,
       COALESCE(SUM(j.service_ms), 0) AS service_ms
FROM jobs j JOIN workspaces w ON w.id = j.workspace_id
WHERE j.state = 'queued' AND j.paused = 0
GROUP BY j.workspace_id, j.line, w.plan_weight;

-- The triggers went with their tables; see 0004 and 0007.
CREATE TRIGGER hold_ends_once BEFORE UPDATE ON holds
WHEN OLD.state <> 'placed' OR NEW.state = 'placed' OR NEW.credits <> OLD.credits OR NEW.id <> OLD.id
    OR NEW.workspace_id <> OLD.workspace_id OR NEW.job_id <> OLD.job_id
BEGIN SELECT RAISE(ABORT, 'a hold ends once'); END;
CREATE TRIGGER hold_is_kept BEFORE DELETE ON holds
BEGIN SELECT RAISE(ABORT, 'a hold is for ever'); END;

CREATE TRIGGER job_begins_to_wait AFTER INSERT ON jobs WHEN NEW.state = 'queued'
BEGIN
    INSERT INTO queue_counts (workspace_id, kind, waiting) VALUES (NEW.workspace_id, NEW.kind, 1)
    ON CONFLICT (workspace_id, kind) DO UPDATE SET waiting = waiting + 1;
END;
CREATE TRIGGER job_waits_no_more AFTER DELETE ON jobs WHEN OLD.state = 'queued'
BEGIN
    INSERT INTO queue_counts (workspace_id, kind, waiting) VALUES (OLD.workspace_id, OLD.kind, -1)
    ON CONFLICT (workspace_id, kind) DO UPDATE SET waiting = waiting - 1;
    DELETE FROM queue_counts WHERE workspace_id = OLD.workspace_id AND kind = OLD.kind AND waiting = 0;
END;
CREATE TRIGGER job_leaves_the_queue AFTER UPDATE OF state, workspace_id, kind ON jobs
WHEN OLD.state = 'queued' AND (NEW.state <> 'queued' OR NEW.workspace_id <> OLD.workspace_id OR NEW.kind <> OLD.kind)
BEGIN
    INSERT INTO queue_counts (workspace_id, kind, waiting) VALUES (OLD.workspace_id, OLD.kind, -1)
    ON CONFLICT (workspace_id, kind) DO UPDATE SET waiting = waiting - 1;
    DELETE FROM queue_counts WHERE workspace_id = OLD.workspace_id AND kind = OLD.kind AND waiting = 0;
END;
CREATE TRIGGER job_joins_the_queue AFTER UPDATE OF state, workspace_id, kind ON jobs
WHEN NEW.state = 'queued' AND (OLD.state <> 'queued' OR NEW.workspace_id <> OLD.workspace_id OR NEW.kind <> OLD.kind)
BEGIN
    INSERT INTO queue_counts (workspace_id, kind, waiting) VALUES (NEW.workspace_id, NEW.kind, 1)
    ON CONFLICT (workspace_id, kind) DO UPDATE SET waiting = waiting + 1;
END;
