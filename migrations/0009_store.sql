-- Which store this database is one half of; the other half, the files, has the same beside it (src/store/identity.h).
CREATE TABLE store (
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
    id TEXT NOT NULL,
    -- 0: the files have perhaps not been told yet.
    joined BIGINT NOT NULL,
    -- Counts up with every start and every sweep, and the files are told afterwards. A database whose number is below
    -- theirs is an older copy, or another database works with the same files.
    beat BIGINT NOT NULL
);
