-- Both accounts in the order of their names, as in PostgreSQL, where it keeps two transfers from waiting for each other.
CREATE TRIGGER ledger_transfer_counts AFTER INSERT ON ledger_transfers
BEGIN
    UPDATE ledger_accounts SET last_transfer = NEW.id,
        balance = balance + CASE WHEN name = NEW.credit THEN NEW.credits ELSE -NEW.credits END
    WHERE workspace_id = NEW.workspace_id AND name = min(NEW.debit, NEW.credit);
    UPDATE ledger_accounts SET last_transfer = NEW.id,
        balance = balance + CASE WHEN name = NEW.credit THEN NEW.credits ELSE -NEW.credits END
    WHERE workspace_id = NEW.workspace_id AND name = max(NEW.debit, NEW.credit);
END;

CREATE TRIGGER ledger_transfer_stays BEFORE UPDATE ON ledger_transfers
BEGIN SELECT RAISE(ABORT, 'a transfer is for ever'); END;
CREATE TRIGGER ledger_transfer_is_kept BEFORE DELETE ON ledger_transfers
BEGIN SELECT RAISE(ABORT, 'a transfer is for ever'); END;

-- A balance changes by a new transfer and by exactly its credits.
CREATE TRIGGER ledger_account_starts_empty BEFORE INSERT ON ledger_accounts
WHEN NEW.balance <> 0 OR NEW.last_transfer <> ''
BEGIN SELECT RAISE(ABORT, 'an account begins with nothing'); END;
CREATE TRIGGER ledger_account_follows BEFORE UPDATE ON ledger_accounts
WHEN NEW.workspace_id <> OLD.workspace_id OR NEW.name <> OLD.name OR NEW.last_transfer = OLD.last_transfer
    OR NOT EXISTS (SELECT 1 FROM ledger_transfers t WHERE t.id = NEW.last_transfer AND t.workspace_id = NEW.workspace_id
        AND NEW.balance - OLD.balance = CASE NEW.name WHEN t.credit THEN t.credits WHEN t.debit THEN -t.credits END)
BEGIN SELECT RAISE(ABORT, 'a balance changes only by a transfer'); END;
CREATE TRIGGER ledger_account_is_kept BEFORE DELETE ON ledger_accounts
BEGIN SELECT RAISE(ABORT, 'an account is for ever'); END;

-- A hold ends once, and holds what it held.
CREATE TRIGGER hold_ends_once BEFORE UPDATE ON holds
WHEN OLD.state <> 'placed' OR NEW.state = 'placed' OR NEW.credits <> OLD.credits OR NEW.id <> OLD.id
    OR NEW.workspace_id <> OLD.workspace_id OR NEW.generation_id <> OLD.generation_id
BEGIN SELECT RAISE(ABORT, 'a hold ends once'); END;
CREATE TRIGGER hold_is_kept BEFORE DELETE ON holds
BEGIN SELECT RAISE(ABORT, 'a hold is for ever'); END;
