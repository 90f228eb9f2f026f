-- Random bytes that the servers of one store share and tell nobody, made when they are first needed (src/store/secret.h).
CREATE TABLE server_secrets (
    name TEXT PRIMARY KEY,
    -- 64 hex digits.
    value TEXT NOT NULL
);
