-- What the gate said of an asset, under each version of its rules that it was judged by. The one of assets.policy counts.
CREATE TABLE checks (
    asset_id TEXT NOT NULL REFERENCES assets (id),
    judged_by BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    sentence TEXT NOT NULL,
    judged_at BIGINT NOT NULL,
    PRIMARY KEY (asset_id, judged_by)
);
INSERT INTO checks (asset_id, judged_by, verdict, reason, sentence, judged_at)
SELECT id, policy, verdict, verdict_reason, verdict_sentence, created_at FROM assets;
ALTER TABLE assets DROP COLUMN verdict;
ALTER TABLE assets DROP COLUMN verdict_reason;
ALTER TABLE assets DROP COLUMN verdict_sentence;
-- What was judged by earlier rules is judged again, some at a time.
CREATE INDEX assets_by_policy ON assets (policy);
