-- What the scheduler knows (src/schedule/schedule.h): whose turn it is, and in which order somebody wants their own jobs.

-- Twice the weight gets twice the service while others wait.
ALTER TABLE workspaces ADD COLUMN plan_weight BIGINT NOT NULL DEFAULT 1 CHECK (plan_weight BETWEEN 1 AND 100);

-- What waits for the same kind of place: image, video or chat.
ALTER TABLE jobs ADD COLUMN line TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN size_class BIGINT NOT NULL DEFAULT 0;
-- What it was expected to take when it was queued; null: nothing like it was measured yet.
ALTER TABLE jobs ADD COLUMN service_ms BIGINT;
-- Its place among the jobs of its workspace and line, the least first. Far apart, so that there is room between.
ALTER TABLE jobs ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
-- Set by its owner: stays queued and is not started.
ALTER TABLE jobs ADD COLUMN paused BIGINT NOT NULL DEFAULT 0;
-- When its newest attempt began, and what its workspace was charged for that in the line's service.
ALTER TABLE jobs ADD COLUMN claimed_at BIGINT;
ALTER TABLE jobs ADD COLUMN charged_ms BIGINT NOT NULL DEFAULT 0;

UPDATE jobs SET
    line = CASE WHEN kind LIKE 'chat%' THEN 'chat' WHEN kind LIKE 'video%' THEN 'video' ELSE 'image' END,
    model = (SELECT g.model FROM generations g WHERE g.id = jobs.generation_id),
    position = created_at * 1048576;

DROP INDEX jobs_waiting;
CREATE INDEX jobs_own ON jobs (workspace_id, line, position, id) WHERE state = 'queued' AND paused = 0;
CREATE INDEX jobs_by_model ON jobs (model, run_after) WHERE state = 'queued' AND paused = 0;
CREATE INDEX jobs_queued ON jobs (workspace_id, kind) WHERE state = 'queued';

-- Service that a workspace has got in a line, divided by its weight; and whether it may have something waiting there:
-- set with every job that is queued, taken back by a claim that finds nothing.
CREATE TABLE turns (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    line TEXT NOT NULL,
    waiting BIGINT NOT NULL,
    served_ms DOUBLE PRECISION NOT NULL DEFAULT 0,
    served_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, line)
);
CREATE INDEX turns_next ON turns (line, served_ms, served_at) WHERE waiting = 1;
CREATE INDEX turns_neglected ON turns (line, served_at) WHERE waiting = 1;
INSERT INTO turns (workspace_id, line, waiting)
SELECT DISTINCT workspace_id, line, 1 FROM jobs WHERE state IN ('queued', 'running');

CREATE TABLE lines (
    line TEXT PRIMARY KEY,
    served_ms DOUBLE PRECISION NOT NULL DEFAULT 0,
    aged_last BIGINT NOT NULL DEFAULT 0
);

DROP VIEW queue_line;
CREATE VIEW queue_line AS
SELECT id, kind, state, run_after, line, service_ms, claimed_at FROM jobs WHERE state IN ('queued', 'running');

-- How much everybody has waiting, without saying who: for telling somebody when their turn will come.
CREATE VIEW queue_shares AS
SELECT j.line AS line, w.plan_weight AS weight, COUNT(*) AS waiting, COUNT(j.service_ms) AS known,
       COALESCE(SUM(j.service_ms), 0) AS service_ms
FROM jobs j JOIN workspaces w ON w.id = j.workspace_id
WHERE j.state = 'queued' AND j.paused = 0
GROUP BY j.workspace_id, j.line, w.plan_weight;
