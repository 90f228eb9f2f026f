-- The studio's truth: who owns what, what was asked for, what is being done, what came of it.
-- Written in the subset that SQLite 3.40 and PostgreSQL 15 share. Times are milliseconds since 1970, UTC.

CREATE TABLE workspaces (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The newest number of the workspace's event stream; numbers are handed out by updating it.
    last_event BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE generations (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    kind TEXT NOT NULL,
    medium TEXT NOT NULL CHECK (medium IN ('image', 'video', 'chat')),
    model TEXT NOT NULL,
    -- JSON: every setting filled in; for chat kinds the messages are beside it.
    settings TEXT NOT NULL,
    messages TEXT,
    batch BIGINT NOT NULL,
    -- scheduled: waits for something outside the queue; queued: waits for a node; running: an attempt is live;
    -- succeeded, failed, canceled: over, for ever.
    state TEXT NOT NULL CHECK (state IN ('scheduled', 'queued', 'running', 'succeeded', 'failed', 'canceled')),
    text TEXT,
    hint TEXT,
    error_code TEXT,
    error_detail TEXT,
    credits BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX generations_by_age ON generations (workspace_id, created_at DESC, id DESC);
CREATE INDEX generations_active ON generations (workspace_id, state) WHERE state IN ('scheduled', 'queued', 'running');

-- A job is the work behind one generation. It moves only together with its generation.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    generation_id TEXT NOT NULL UNIQUE REFERENCES generations (id),
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('scheduled', 'queued', 'running', 'succeeded', 'failed', 'canceled')),
    -- Not before this moment, so that a job that failed rests a while before it is tried again.
    run_after BIGINT NOT NULL,
    -- Counts up with every attempt. Only the attempt that carries the newest number may change anything.
    fence BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    cancel_requested BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX jobs_waiting ON jobs (kind, run_after, id) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (id) WHERE state = 'running';

-- One try at a job by one node, under a lease that heartbeats renew.
CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id),
    node_id TEXT NOT NULL,
    fence BIGINT NOT NULL,
    -- lost: its lease ran out or its node was replaced; released: its node gave it back.
    state TEXT NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'lost', 'released', 'canceled')),
    lease_until BIGINT NOT NULL,
    -- The node has spoken of it. A claim whose answer never reached the node was no try at all.
    acknowledged BIGINT NOT NULL DEFAULT 0,
    error_code TEXT,
    error_detail TEXT,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (job_id, fence)
);
CREATE INDEX attempts_live ON attempts (lease_until) WHERE state = 'running';
-- Whatever happens, a job has at most one live attempt.
CREATE UNIQUE INDEX attempts_one_live ON attempts (job_id) WHERE state = 'running';

-- Credits set aside for a generation. Settled once on success, voided once on failure or cancel.
CREATE TABLE holds (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    generation_id TEXT NOT NULL UNIQUE REFERENCES generations (id),
    credits BIGINT NOT NULL CHECK (credits >= 0),
    state TEXT NOT NULL CHECK (state IN ('placed', 'settled', 'voided', 'expired')),
    placed_at BIGINT NOT NULL,
    ended_at BIGINT
);

CREATE TABLE assets (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    generation_id TEXT REFERENCES generations (id),
    -- Place in its batch. With the unique index below it is what makes a result count once.
    position BIGINT NOT NULL,
    medium TEXT NOT NULL CHECK (medium IN ('image', 'video')),
    state TEXT NOT NULL CHECK (state IN ('staging', 'kept', 'discarded')),
    content_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    duration_ms BIGINT,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    seed BIGINT,
    recipe TEXT NOT NULL,
    -- False as soon as an upload or a model that may draw people is among its ancestors.
    people_free BIGINT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('allow', 'standard_only', 'hold', 'refuse', 'refuse_severe')),
    verdict_reason TEXT NOT NULL,
    verdict_sentence TEXT NOT NULL,
    policy BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (generation_id, position)
);
CREATE INDEX assets_by_age ON assets (workspace_id, state, created_at DESC, id DESC);

CREATE TABLE asset_files (
    asset_id TEXT NOT NULL REFERENCES assets (id),
    variant TEXT NOT NULL CHECK (variant IN ('original', 'thumbnail', 'poster', 'hover')),
    file_key TEXT NOT NULL UNIQUE,
    content_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (asset_id, variant)
);

-- The event stream of each workspace, numbered without gaps.
CREATE TABLE events (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, number)
);
CREATE INDEX events_by_age ON events (created_at);

CREATE TABLE idempotency_keys (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    key TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    generation_id TEXT NOT NULL REFERENCES generations (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

-- How long each kind took, for honest estimates.
CREATE TABLE durations (
    kind TEXT NOT NULL,
    model TEXT NOT NULL,
    -- What was asked for, coarsely: pixels times steps times outputs, as a power of two.
    size_class BIGINT NOT NULL,
    engine_ms BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
);
CREATE INDEX durations_recent ON durations (kind, model, size_class, ended_at DESC);
