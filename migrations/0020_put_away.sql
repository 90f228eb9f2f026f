-- Of a generation that has failed: its owner has seen it, and does not want it shown among what waits for them. 0 or 1.
ALTER TABLE generations ADD COLUMN put_away BIGINT NOT NULL DEFAULT 0;
