-- First of all: from here to the commit nobody changes a job, so that what is counted below is what the triggers go on from.
LOCK TABLE jobs IN SHARE ROW EXCLUSIVE MODE;

CREATE FUNCTION job_begins_to_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO queue_counts AS kept (workspace_id, kind, waiting) VALUES (NEW.workspace_id, NEW.kind, 1)
    ON CONFLICT (workspace_id, kind) DO UPDATE SET waiting = kept.waiting + 1;
    RETURN NULL;
END
$$;
CREATE FUNCTION job_waits_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Below nothing rather than not at all: one that was forgotten on its way in is found by the audit.
    INSERT INTO queue_counts AS kept (workspace_id, kind, waiting) VALUES (OLD.workspace_id, OLD.kind, -1)
    ON CONFLICT (workspace_id, kind) DO UPDATE SET waiting = kept.waiting - 1;
    DELETE FROM queue_counts WHERE workspace_id = OLD.workspace_id AND kind = OLD.kind AND waiting = 0;
    RETURN NULL;
END
$$;
CREATE FUNCTION no_job_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM queue_counts;
    RETURN NULL;
END
$$;

CREATE TRIGGER job_begins_to_wait AFTER INSERT ON jobs
    FOR EACH ROW WHEN (NEW.state = 'queued') EXECUTE FUNCTION job_begins_to_wait();
CREATE TRIGGER job_waits_no_more AFTER DELETE ON jobs
    FOR EACH ROW WHEN (OLD.state = 'queued') EXECUTE FUNCTION job_waits_no_more();
CREATE TRIGGER job_leaves_the_queue AFTER UPDATE OF state, workspace_id, kind ON jobs
    FOR EACH ROW WHEN (OLD.state = 'queued' AND (NEW.state <> 'queued' OR NEW.workspace_id <> OLD.workspace_id
                                                 OR NEW.kind <> OLD.kind))
    EXECUTE FUNCTION job_waits_no_more();
CREATE TRIGGER job_joins_the_queue AFTER UPDATE OF state, workspace_id, kind ON jobs
    FOR EACH ROW WHEN (NEW.state = 'queued' AND (OLD.state <> 'queued' OR NEW.workspace_id <> OLD.workspace_id
                                                 OR NEW.kind <> OLD.kind))
    EXECUTE FUNCTION job_begins_to_wait();
CREATE TRIGGER jobs_are_emptied AFTER TRUNCATE ON jobs
    FOR EACH STATEMENT EXECUTE FUNCTION no_job_waits();

INSERT INTO queue_counts (workspace_id, kind, waiting)
SELECT workspace_id, kind, COUNT(*) FROM jobs WHERE state = 'queued' GROUP BY workspace_id, kind;
