-- Both accounts in the order of their names, so that two transfers of one workspace never wait for each other.
CREATE FUNCTION ledger_transfer_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_accounts SET last_transfer = NEW.id,
        balance = balance + CASE WHEN name = NEW.credit THEN NEW.credits ELSE -NEW.credits END
    WHERE workspace_id = NEW.workspace_id AND name = LEAST(NEW.debit, NEW.credit);
    UPDATE ledger_accounts SET last_transfer = NEW.id,
        balance = balance + CASE WHEN name = NEW.credit THEN NEW.credits ELSE -NEW.credits END
    WHERE workspace_id = NEW.workspace_id AND name = GREATEST(NEW.debit, NEW.credit);
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_transfer_counts AFTER INSERT ON ledger_transfers
    FOR EACH ROW EXECUTE FUNCTION ledger_transfer_counts();

-- Refuses a change, with the trigger's argument as the reason.
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER ledger_transfer_stays BEFORE UPDATE OR DELETE ON ledger_transfers
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse('a transfer is for ever');
CREATE TRIGGER ledger_transfers_are_kept BEFORE TRUNCATE ON ledger_transfers
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a transfer is for ever');

-- A balance changes by a new transfer and by exactly its credits.
CREATE TRIGGER ledger_account_starts_empty BEFORE INSERT ON ledger_accounts
    FOR EACH ROW WHEN (NEW.balance <> 0 OR NEW.last_transfer <> '')
    EXECUTE FUNCTION ledger_refuse('an account begins with nothing');
CREATE FUNCTION ledger_account_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.workspace_id <> OLD.workspace_id OR NEW.name <> OLD.name OR NEW.last_transfer = OLD.last_transfer
        OR NOT EXISTS (SELECT 1 FROM ledger_transfers t WHERE t.id = NEW.last_transfer AND t.workspace_id = NEW.workspace_id
            AND NEW.balance - OLD.balance = CASE NEW.name WHEN t.credit THEN t.credits WHEN t.debit THEN -t.credits END)
    THEN
        RAISE EXCEPTION 'a balance changes only by a transfer' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ledger_account_follows BEFORE UPDATE ON ledger_accounts
    FOR EACH ROW EXECUTE FUNCTION ledger_account_follows();
CREATE TRIGGER ledger_account_is_kept BEFORE DELETE ON ledger_accounts
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse('an account is for ever');

-- A hold ends once, and holds what it held.
CREATE TRIGGER hold_ends_once BEFORE UPDATE ON holds
    FOR EACH ROW WHEN (OLD.state <> 'placed' OR NEW.state = 'placed' OR NEW.credits <> OLD.credits OR NEW.id <> OLD.id
                       OR NEW.workspace_id <> OLD.workspace_id OR NEW.generation_id <> OLD.generation_id)
    EXECUTE FUNCTION ledger_refuse('a hold ends once');
CREATE TRIGGER hold_is_kept BEFORE DELETE ON holds
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse('a hold is for ever');
