-- Credits in double entry. A transfer takes credits from one account of a workspace and gives them to another: one row
-- is both lines, so that none can be out of balance. The balances follow from the transfers by the triggers of
-- 0004_ledger.<database>.sql, and nothing else can change them. Every workspace has four accounts, so that one workspace's
-- transfers never wait for another's:
--   available  what may be spent
--   held       what holds have set aside
--   issued     where credits come from: minus everything that was ever given out
--   revenue    what was spent for good

CREATE TABLE ledger_accounts (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL CHECK (name IN ('available', 'held', 'issued', 'revenue')),
    balance BIGINT NOT NULL DEFAULT 0 CHECK (balance >= 0 OR name = 'issued'),
    -- The transfer that made the balance what it is; empty before the first.
    last_transfer TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, name)
);

CREATE TABLE ledger_transfers (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    kind TEXT NOT NULL,
    debit TEXT NOT NULL,   -- the account that gives
    credit TEXT NOT NULL,  -- the account that gets
    credits BIGINT NOT NULL CHECK (credits > 0),
    hold_id TEXT REFERENCES holds (id),
    -- What was asked for under a key happens once. A hold's own keys are its id with .placed and .ended, so that it can
    -- end in one way only.
    key TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (workspace_id, key),
    FOREIGN KEY (workspace_id, debit) REFERENCES ledger_accounts (workspace_id, name),
    FOREIGN KEY (workspace_id, credit) REFERENCES ledger_accounts (workspace_id, name),
    CHECK (kind || ':' || debit || '>' || credit IN ('grant:issued>available', 'hold:available>held',
           'settle:held>revenue', 'void:held>available', 'expire:held>available')),
    CHECK ((kind = 'grant') = (hold_id IS NULL))
);
CREATE INDEX ledger_transfers_by_age ON ledger_transfers (workspace_id, created_at DESC, id DESC);
CREATE INDEX ledger_transfers_of_hold ON ledger_transfers (hold_id);
