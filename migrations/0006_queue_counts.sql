-- How many jobs wait, for the limits of the queue: a submit reads it here, so that it costs the same however much waits.
-- Kept by the triggers of 0007_queue_counts_kept.<database>.sql in the transaction that changes a job, and by nothing
-- else. There is a row for what waits and none for what does not. One for each workspace and kind and none for all: the
-- only row that a change takes is its own workspace's.
CREATE TABLE queue_counts (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    kind TEXT NOT NULL,
    waiting BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, kind)
);

-- What everybody has waiting together, without saying who.
CREATE VIEW queue_length AS SELECT COALESCE(SUM(waiting), 0) AS waiting FROM queue_counts;
