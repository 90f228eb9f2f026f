-- The line of everybody, for those who may see only their own jobs: who asks where a job stands needs to know
-- what stands before it, and nothing else about it.
CREATE VIEW queue_line AS
SELECT id, kind, state, run_after FROM jobs WHERE state IN ('queued', 'running');
