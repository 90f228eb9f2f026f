-- How long a run kept its place: drawing, and what came after it (moving, enlarging, encoding, handing over). NULL: measured
-- before this was told.
ALTER TABLE durations ADD COLUMN work_ms BIGINT;
