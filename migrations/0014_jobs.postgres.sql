-- Jobs stand on their own: a job is the work of a subject, as the event stream names it (a generation, say), and of that it
-- knows the name and the id alone. Holds and idempotency keys follow the job.
ALTER TABLE holds ADD COLUMN job_id TEXT REFERENCES jobs (id);
ALTER TABLE idempotency_keys ADD COLUMN job_id TEXT REFERENCES jobs (id);
DROP TRIGGER hold_ends_once ON holds;
UPDATE holds h SET job_id = j.id FROM jobs j WHERE j.generation_id = h.generation_id;
UPDATE idempotency_keys k SET job_id = j.id FROM jobs j WHERE j.generation_id = k.generation_id;
ALTER TABLE holds ALTER COLUMN job_id SET NOT NULL, ADD UNIQUE (job_id), DROP COLUMN generation_id;
ALTER TABLE idempotency_keys ALTER COLUMN job_id SET NOT NULL, DROP COLUMN generation_id;
CREATE TRIGGER hold_ends_once BEFORE UPDATE ON holds
    FOR EACH ROW WHEN (OLD.state <> 'placed' OR NEW.state = 'placed' OR NEW.credits <> OLD.credits OR NEW.id <> OLD.id
                       OR NEW.workspace_id <> OLD.workspace_id OR NEW.job_id <> OLD.job_id)
    EXECUTE FUNCTION ledger_refuse('a hold ends once');

-- The subject that a job which failed for good was tried once more as.
ALTER TABLE jobs DROP CONSTRAINT jobs_retried_as_fkey;
ALTER TABLE jobs DROP CONSTRAINT jobs_generation_id_fkey;
ALTER TABLE jobs RENAME COLUMN generation_id TO subject_id;
ALTER TABLE jobs RENAME CONSTRAINT jobs_generation_id_key TO jobs_subject_id_key;
ALTER TABLE jobs ADD COLUMN subject TEXT NOT NULL DEFAULT 'generation';
ALTER TABLE jobs ALTER COLUMN subject DROP DEFAULT;
-- Its price. Its hold is of so many.
ALTER TABLE jobs ADD COLUMN credits BIGINT NOT NULL DEFAULT 0;
UPDATE jobs j SET credits = g.credits FROM generations g WHERE g.id = j.subject_id AND g.credits <> 0;
ALTER TABLE jobs ALTER COLUMN credits DROP DEFAULT;
ALTER TABLE jobs ALTER COLUMN line DROP DEFAULT, ALTER COLUMN model DROP DEFAULT,
    ALTER COLUMN size_class DROP DEFAULT, ALTER COLUMN position DROP DEFAULT;
