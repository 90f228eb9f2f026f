-- Jobs that wait for others. Such a job is scheduled: in no line, and nobody is given it. When the last of what it waits for has
-- come it is queued, in the same transaction; when that can no longer come it is canceled.
-- How many things it still waits for: jobs that have not succeeded yet, and somebody's word.
ALTER TABLE jobs ADD COLUMN waits_for BIGINT NOT NULL DEFAULT 0;
-- Whether somebody's word is one of them.
ALTER TABLE jobs ADD COLUMN needs_approval BIGINT NOT NULL DEFAULT 0;
CREATE TABLE job_edges (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    parent_id TEXT NOT NULL REFERENCES jobs (id),
    child_id TEXT NOT NULL REFERENCES jobs (id),
    PRIMARY KEY (parent_id, child_id)
);
CREATE INDEX job_edges_of_child ON job_edges (child_id);

-- Several generations of which later ones wait for earlier ones. What state a run is in follows from its steps.
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    workflow TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX runs_by_age ON runs (workspace_id, created_at DESC, id DESC);
CREATE TABLE run_steps (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    run_id TEXT NOT NULL REFERENCES runs (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    generation_id TEXT NOT NULL UNIQUE REFERENCES generations (id),
    PRIMARY KEY (run_id, position)
);
