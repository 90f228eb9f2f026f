-- "background": each of its jobs lets go first what its workspace asks for within the hour after it could have begun.
ALTER TABLE runs ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE jobs ADD COLUMN yields_ms BIGINT NOT NULL DEFAULT 0;
