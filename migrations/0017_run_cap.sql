-- How many credits all steps of a run together may cost at most; null: what they cost.
ALTER TABLE runs ADD COLUMN max_credits BIGINT;
