-- When the beat of the store was last counted up. With every minute that a server works, so of an older copy of this database it says
-- when it was copied.
ALTER TABLE store ADD COLUMN beat_at BIGINT NOT NULL DEFAULT 0;

-- Times from which this database may lack what was made: since it was copied, or between the last beat of one server and the start
-- of the next. No sweep takes a file of such a time that nothing names (src/store/gaps.h).
CREATE TABLE store_gaps (
    begins_at BIGINT PRIMARY KEY,
    ends_at BIGINT NOT NULL,
    -- 1: the files have been told of later beats than this database, so it is an older copy. 0: perhaps nothing is missing.
    older BIGINT NOT NULL
);
