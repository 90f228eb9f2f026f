-- A job that failed for good may be tried once more, as a new generation with a hold of its own.
ALTER TABLE jobs ADD COLUMN retried_as TEXT REFERENCES generations (id);
CREATE INDEX jobs_dead ON jobs (created_at DESC, id DESC) WHERE state = 'failed';
