-- Below nothing rather than not at all: one that was forgotten on its way in is found by the audit.
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

INSERT INTO queue_counts (workspace_id, kind, waiting)
SELECT workspace_id, kind, COUNT(*) FROM jobs WHERE state = 'queued' GROUP BY workspace_id, kind;
